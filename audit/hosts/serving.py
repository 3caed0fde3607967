"""The hosts that run on this machine, each with the book in its root."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from audit import servers
from audit.hosts.wrangler import NODE, wrangler
from audit.install import Program
from audit.recipes import PORT
from audit.servers import Place
from audit.upstream import LOOPBACK
from codebook.publish.hosts import Host

_DATE = "2026-11-17"
"""The behaviour of the runtime that is asked for; it is at most as new as wrangler is."""
_FRAGMENTS: Mapping[Host, tuple[str, str, str]] = {
    Host.NGINX: ("nginx.conf", "server {", f"server {{\n    listen {PORT};"),
    Host.CADDY: ("Caddyfile", "example.org {", f":{PORT} {{"),
}
"""The file that a server is told by; the line of its example that has no port, and one that has."""


@contextmanager
def serving(
    target: Host, place: Place, base: str, programs: Mapping[str, Program]
) -> Iterator[None]:
    """The host of a target, from when it listens until the end of the block.

    Raises StartError where it does not listen.
    """
    place.number.unlink(missing_ok=True)
    if target in _FRAGMENTS:
        name, line, listening = _FRAGMENTS[target]
        fragment = (place.root / base.strip("/") / name).read_text(encoding="utf-8")
        configuration = example(fragment).replace(line, listening, 1)
        with servers.running(target, programs[target], configuration, place):
            yield
    elif target is Host.CLOUDFLARE:
        rules = place.root / base.strip("/") / "_redirects"
        if rules.parent != place.root:
            shutil.move(rules, place.root)
        command = [str(NODE), str(wrangler()), *_pages(place)]
        with servers.started(command, _environment(place), place):
            yield
    else:
        command = [sys.executable, "-m", "http.server", *_plain(place)]
        with servers.started(command, _environment(place), place):
            yield


def example(fragment: str) -> str:
    """The example in the head of a fragment, which says how it is used."""
    head = re.match(r"(?:#.*\n)*", fragment)
    lines = head[0].splitlines() if head else []
    return "".join(f"{line[2:]}\n" for line in lines[lines.index("#") :])


def _pages(place: Place) -> Sequence[str]:
    address = ["--ip", LOOPBACK, "--port", str(place.port)]
    return ["pages", "dev", str(place.root), *address, "--compatibility-date", _DATE]


def _plain(place: Place) -> Sequence[str]:
    return [str(place.port), "--bind", LOOPBACK, "--directory", str(place.root)]


def _environment(place: Place) -> Mapping[str, str]:
    """Nothing of the shell's but the path; and nobody is told or asked anything."""
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": str(place.folder),
        "CI": "1",
        "CLOUDFLARE_CF_FETCH_ENABLED": "false",
        "WRANGLER_SEND_METRICS": "false",
        # With the banner goes the question whether there is a newer version.
        "WRANGLER_HIDE_BANNER": "true",
    }
