"""Follow redirects on a host to the final page."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urljoin

_MAX_STEPS = 6
_PERMANENT = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_REFRESH = re.compile(rb'<meta http-equiv="refresh" content="0; url=([^"]*)">')


@dataclass(frozen=True, slots=True)
class Response:
    """The response of a host."""

    status: int
    body: bytes = b""
    location: str = ""
    content_type: str = ""
    """Empty for models of hosts."""


Fetch = Callable[[str], Response]
"""Requests a path, with or without a query, from a host."""


class Arrival(StrEnum):
    """How a visitor gets to a page, as messages phrase it."""

    DIRECT = "directly"
    PERMANENT = "with permanent redirects"
    """Clients and search engines replace the old URL with the new one."""
    TEMPORARY = "with a temporary redirect"
    STUB = "with a redirect page"
    AWAY = "to another site"
    LOST = "in a redirect loop"


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a visit ends."""

    status: int
    url: str
    """From the root of the site, with query and anchor."""
    file: str
    """The file of the site that is served; empty for other content."""
    arrival: Arrival = Arrival.DIRECT

    def __str__(self) -> str:
        content = self.file or "other content"
        return f"{self.status} with {content} at {self.url or 'the home page'}, {self.arrival}"


def visit(fetch: Fetch, files: Mapping[bytes, str], base: str, path: str) -> Landing:
    """Visit a path of the site under `base`. `files` maps contents to paths."""
    url, arrival = base + path, Arrival.DIRECT
    for _ in range(_MAX_STEPS):
        response = fetch(url.partition("#")[0])
        stub = redirect_target(response.body)
        if response.status in _REDIRECTS:
            url = urljoin(url, response.location)
            arrival = _worse(
                arrival, Arrival.PERMANENT if response.status in _PERMANENT else Arrival.TEMPORARY
            )
        elif stub and response.body in files:
            url = urljoin(url, stub)
            arrival = _worse(arrival, Arrival.STUB)
        else:
            return Landing(
                response.status, url.removeprefix(base), files.get(response.body, ""), arrival
            )
        if not url.startswith(base):
            return Landing(response.status, url, "", Arrival.AWAY)
    return Landing(0, url.removeprefix(base), "", Arrival.LOST)


def redirect_target(page: bytes) -> str:
    """The URL that a page redirects to; empty if it is not a redirect page."""
    match = _REFRESH.search(page)
    return html.unescape(match[1].decode()) if match else ""


def _worse(before: Arrival, step: Arrival) -> Arrival:
    """The worse of two kinds of arrival."""
    return max(
        before,
        step,
        key=[Arrival.DIRECT, Arrival.PERMANENT, Arrival.STUB, Arrival.TEMPORARY].index,
    )


def path_by_content(files: Mapping[str, bytes]) -> Mapping[bytes, str]:
    """The path of each file by content. Identical files count as one."""
    return {data: path for path, data in files.items() if data}
