"""Holds a host that runs to the table, and to the model of it."""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import PurePosixPath

from audit.hosts.models import MODELS
from audit.hosts.table import REDIRECTING, ROWS, SENDING
from audit.hosts.visit import Answer, Ask, Way, by_content, leads_on, visit
from audit.upstream import LOOPBACK
from codebook.publish.hosts import Host

_PATIENCE = 30.0
_INDEX = "index.html"
_WAYS: Mapping[Host, Way] = {
    **dict.fromkeys(REDIRECTING, Way.PERMANENT),
    **dict.fromkeys(SENDING, Way.STUB),
}
"""How every address that leads on must do so."""
TOLD_TYPES = (Host.NGINX, Host.CADDY)
"""Servers that may know less of types than a host does."""
_TYPES: Mapping[str, str] = {
    ".md": "text/markdown; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""What such a server must call a file; its error page is a page whatever was asked for."""


@dataclass(frozen=True, slots=True)
class Checked:
    """How many addresses were asked for, and what is wrong with them."""

    count: int
    faults: tuple[str, ...]


def asking(port: int) -> Ask:
    """Asks the host that listens on this machine."""

    def ask(path: str) -> Answer:
        with closing(http.client.HTTPConnection(LOOPBACK, port, timeout=_PATIENCE)) as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            location = response.getheader("Location", "")
            kind = response.getheader("Content-Type", "")
            return Answer(response.status, response.read(), location, kind)

    return ask


def check(target: Host, ask: Ask, files: Mapping[str, bytes], base: str) -> Checked:
    """What of a host is not as it must be; `files` are those that it publishes."""
    below = base.lstrip("/")
    site = {path.removeprefix(below): data for path, data in files.items()}
    known, model = by_content(site), MODELS[target](files, base)
    rows = {row.path: row.expected[target] for row in ROWS if target in row.expected}
    pages = [path.removesuffix(_INDEX) for path in site if PurePosixPath(path).name == _INDEX]
    stubs = {path for path in pages if leads_on(site[f"{path}{_INDEX}"])}
    asked = dict.fromkeys([*rows, *pages, *(path.rstrip("/") for path in pages)])
    faults = []
    for path in asked:
        seen = visit(ask, known, base, path)
        # Of what the table does not name, the model says what is right.
        expected = rows.get(path) or visit(model, known, base, path)
        if seen != expected:
            faults.append(f"/{path}: there is {seen}; it must be {expected}")
        elif path in stubs and seen.way is not _WAYS[target]:
            faults.append(f"/{path}: it leads on {seen.way}, not {_WAYS[target]}")
    faults += _misled(ask, base)
    if target in TOLD_TYPES:
        faults += _mistyped(ask, site, base)
    return Checked(len(asked), tuple(faults))


def _misled(ask: Ask, base: str) -> Iterator[str]:
    """The path of the site itself, as people type it: without the slash at its end."""
    asked = f"{base.rstrip('/')}?from=mail"
    if base != "/" and (answer := ask(asked)).location != f"{base}?from=mail":
        yield f"{asked}: it leads to {answer.location!r}"


def _mistyped(ask: Ask, site: Mapping[str, bytes], base: str) -> Iterator[str]:
    for ending, kind in _TYPES.items():
        path = next((path for path in site if path.endswith(ending)), f"no-file{ending}")
        for asked, wanted in ((path, kind), (f"nope{ending}", "text/html")):
            found = ask(base + asked).kind
            if not found.startswith(wanted):
                yield f"/{asked}: its type is {found!r}, not {wanted!r}"
