"""Compares a running host with the table and with its model."""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import PurePosixPath

from audit.hosts.models import MODELS
from audit.hosts.table import REDIRECTING, ROWS, SENDING
from audit.hosts.visit import Arrival, Fetch, Response, path_by_content, redirect_target, visit
from audit.upstream import LOOPBACK
from codebook.publish.hosts import Host

_TIMEOUT = 30.0
_INDEX = "index.html"
_REDIRECTS: Mapping[Host, Arrival] = {
    **dict.fromkeys(REDIRECTING, Arrival.PERMANENT),
    **dict.fromkeys(SENDING, Arrival.STUB),
}
"""How every redirect must work."""
CONFIGURED_TYPES = (Host.NGINX, Host.CADDY)
"""Servers that may know fewer media types than a host does."""
_TYPES: Mapping[str, str] = {
    ".md": "text/markdown; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""The type that such a server must send; the error page is HTML, whatever was requested."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How many URLs were requested, and what is wrong with them."""

    count: int
    mismatches: tuple[str, ...]


def fetch_from(port: int) -> Fetch:
    """Request paths from the host that listens at a port of this machine."""

    def fetch(path: str) -> Response:
        with closing(http.client.HTTPConnection(LOOPBACK, port, timeout=_TIMEOUT)) as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            location = response.getheader("Location", "")
            content_type = response.getheader("Content-Type", "")
            return Response(response.status, response.read(), location, content_type)

    return fetch


def check(host: Host, fetch: Fetch, files: Mapping[str, bytes], base: str) -> CheckResult:
    """Everything that is wrong with a host; `files` are those that it publishes."""
    below = base.lstrip("/")
    site = {path.removeprefix(below): data for path, data in files.items()}
    paths, model = path_by_content(site), MODELS[host](files, base)
    rows = {row.path: row.expected[host] for row in ROWS if host in row.expected}
    pages = [path.removesuffix(_INDEX) for path in site if PurePosixPath(path).name == _INDEX]
    stubs = {path for path in pages if redirect_target(site[f"{path}{_INDEX}"])}
    urls = dict.fromkeys([*rows, *pages, *(path.rstrip("/") for path in pages)])
    mismatches = []
    for path in urls:
        landing = visit(fetch, paths, base, path)
        # The model decides what the table does not.
        expected = rows.get(path) or visit(model, paths, base, path)
        if landing != expected:
            mismatches.append(f"/{path}: there is {landing}; it must be {expected}")
        elif path in stubs and landing.arrival is not _REDIRECTS[host]:
            mismatches.append(f"/{path}: it leads on {landing.arrival}, not {_REDIRECTS[host]}")
    mismatches += _base_redirect_mismatches(fetch, base)
    if host in CONFIGURED_TYPES:
        mismatches += _type_mismatches(fetch, site, base)
    return CheckResult(len(urls), tuple(mismatches))


def _base_redirect_mismatches(fetch: Fetch, base: str) -> Iterator[str]:
    """The base path without a trailing slash, as people type it."""
    path = f"{base.rstrip('/')}?from=mail"
    if base != "/" and (response := fetch(path)).location != f"{base}?from=mail":
        yield f"{path}: it leads to {response.location!r}"


def _type_mismatches(fetch: Fetch, site: Mapping[str, bytes], base: str) -> Iterator[str]:
    for suffix, expected in _TYPES.items():
        path = next((path for path in site if path.endswith(suffix)), f"no-file{suffix}")
        for requested, content_type in ((path, expected), (f"nope{suffix}", "text/html")):
            actual = fetch(base + requested).content_type
            if not actual.startswith(content_type):
                yield f"/{requested}: its type is {actual!r}, not {content_type!r}"
