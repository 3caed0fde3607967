"""Compare a running host with the table and with its model."""

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
from codebook.publish.host import Host

_TIMEOUT = 30.0
_INDEX = "index.html"
_REDIRECTS: Mapping[Host, Arrival] = {
    **dict.fromkeys(REDIRECTING, Arrival.PERMANENT),
    **dict.fromkeys(SENDING, Arrival.STUB),
}
"""How redirects must work on each host."""
CONFIGURED_TYPES = (Host.NGINX, Host.CADDY)
"""Servers that may lack media types, which their configuration adds."""
_TYPES: Mapping[str, str] = {
    ".md": "text/markdown; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""The expected types on these servers. The error page is always HTML."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The number of requested URLs, and the mismatches."""

    count: int
    mismatches: tuple[str, ...]


def fetch_from(port: int) -> Fetch:
    """A function that requests paths from a local port."""

    def fetch(path: str) -> Response:
        with closing(http.client.HTTPConnection(LOOPBACK, port, timeout=_TIMEOUT)) as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            location = response.getheader("Location", "")
            content_type = response.getheader("Content-Type", "")
            return Response(response.status, response.read(), location, content_type)

    return fetch


def check(host: Host, fetch: Fetch, files: Mapping[str, bytes], base: str) -> CheckResult:
    """Check a host that publishes these files."""
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
        # URLs that aren't in the table must match the model.
        expected = rows.get(path) or visit(model, paths, base, path)
        if landing != expected:
            mismatches.append(f"/{path}: {landing}, expected {expected}")
        elif path in stubs and landing.arrival is not _REDIRECTS[host]:
            mismatches.append(f"/{path}: redirects {landing.arrival}, expected {_REDIRECTS[host]}")
    mismatches += _base_redirect_mismatches(fetch, base)
    if host in CONFIGURED_TYPES:
        mismatches += _type_mismatches(fetch, site, base)
    return CheckResult(len(urls), tuple(mismatches))


def _base_redirect_mismatches(fetch: Fetch, base: str) -> Iterator[str]:
    """Check the base path without a trailing slash, as people type it."""
    path = f"{base.rstrip('/')}?from=mail"
    if base != "/" and (response := fetch(path)).location != f"{base}?from=mail":
        yield f"{path}: redirects to {response.location!r}"


def _type_mismatches(fetch: Fetch, site: Mapping[str, bytes], base: str) -> Iterator[str]:
    for suffix, expected in _TYPES.items():
        path = next((path for path in site if path.endswith(suffix)), f"no-file{suffix}")
        for requested, content_type in ((path, expected), (f"nope{suffix}", "text/html")):
            actual = fetch(base + requested).content_type
            if not actual.startswith(content_type):
                yield f"/{requested}: the content type is {actual!r}, expected {content_type!r}"
