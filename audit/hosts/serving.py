"""Run hosts on this machine."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from audit import servers
from audit.hosts.wrangler import wrangler
from audit.install import Program
from audit.npm import NODE
from audit.recipes import PORT
from audit.servers import Instance
from audit.upstream import LOOPBACK
from codebook.publish.host import Host

_RUNTIME_DATE = "2026-11-17"
"""The compatibility date of the runtime. It can't be later than the release of wrangler."""
_FRAGMENTS: Mapping[Host, tuple[str, str, str]] = {
    Host.NGINX: ("nginx.conf", "server {", f"server {{\n    listen {PORT};"),
    Host.CADDY: ("Caddyfile", "example.org {", f":{PORT} {{"),
}
"""A configuration file, the first line of its example, and the same line with a port."""


@contextmanager
def serving(
    host: Host, instance: Instance, base: str, programs: Mapping[str, Program]
) -> Iterator[None]:
    """Run a host until the end of the block.

    Raises StartError if it doesn't listen.
    """
    instance.pid_file.unlink(missing_ok=True)
    if host in _FRAGMENTS:
        name, line, listening = _FRAGMENTS[host]
        fragment = (instance.root / base.strip("/") / name).read_text(encoding="utf-8")
        configuration = usage_example(fragment).replace(line, listening, 1)
        with servers.running(host, programs[host], configuration, instance):
            yield
    elif host is Host.CLOUDFLARE:
        rules = instance.root / base.strip("/") / "_redirects"
        if rules.parent != instance.root:
            shutil.move(rules, instance.root)
        command = [str(NODE), str(wrangler()), *_wrangler_options(instance)]
        with servers.started(command, _environment(instance), instance):
            yield
    else:
        command = [sys.executable, "-m", "http.server", *_http_server_options(instance)]
        with servers.started(command, _environment(instance), instance):
            yield


def usage_example(fragment: str) -> str:
    """The usage example in the comment at the start of a fragment."""
    head = re.match(r"(?:#.*\n)*", fragment)
    lines = head[0].splitlines() if head else []
    return "".join(f"{line[2:]}\n" for line in lines[lines.index("#") :])


def _wrangler_options(instance: Instance) -> Sequence[str]:
    listen = ["--ip", LOOPBACK, "--port", str(instance.port)]
    return [
        "pages",
        "dev",
        str(instance.root),
        *listen,
        "--compatibility-date",
        _RUNTIME_DATE,
    ]


def _http_server_options(instance: Instance) -> Sequence[str]:
    return [str(instance.port), "--bind", LOOPBACK, "--directory", str(instance.root)]


def _environment(instance: Instance) -> Mapping[str, str]:
    """A minimal environment with PATH, without telemetry and prompts."""
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": str(instance.folder),
        "CI": "1",
        "CLOUDFLARE_CF_FETCH_ENABLED": "false",
        "WRANGLER_SEND_METRICS": "false",
        # Without the banner, wrangler doesn't check for updates.
        "WRANGLER_HIDE_BANNER": "true",
    }
