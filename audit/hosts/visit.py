"""A visitor: asks a host, goes where it is led, and says what is there in the end."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urljoin

_STEPS = 6
_PERMANENT = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_REFRESH = re.compile(rb'<meta http-equiv="refresh" content="0; url=([^"]*)">')


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host says."""

    status: int
    body: bytes = b""
    location: str = ""
    kind: str = ""
    """The type of the content, where the host is one that tells it."""


Ask = Callable[[str], Answer]
"""Asks a host for a path, with or without a query."""


class Way(StrEnum):
    """How a visitor came to a page."""

    STRAIGHT = "straight"
    PERMANENT = "by permanent redirects"
    """Programs and search engines take the new address for the old one."""
    TEMPORARY = "by a temporary redirect"
    STUB = "by a page that leads on"
    AWAY = "away from the site"
    LOST = "in circles"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a visitor has in the end."""

    status: int
    address: str
    """From the root of the site, with query and anchor."""
    file: str
    """The file of the site that is shown; empty where it is none of them."""
    way: Way = Way.STRAIGHT

    def __str__(self) -> str:
        shown = self.file or "nothing of the site"
        return f"{self.status} with {shown} at {self.address or 'the home page'}, {self.way}"


def visit(ask: Ask, files: Mapping[bytes, str], base: str, path: str) -> Seen:
    """What there is at a path of the site, which is below `base`; `files` are named by content."""
    here, way = base + path, Way.STRAIGHT
    for _ in range(_STEPS):
        answer = ask(here.partition("#")[0])
        stub = leads_on(answer.body)
        if answer.status in _REDIRECTS:
            here = urljoin(here, answer.location)
            way = _joined(way, Way.PERMANENT if answer.status in _PERMANENT else Way.TEMPORARY)
        elif stub and answer.body in files:
            here = urljoin(here, stub)
            way = _joined(way, Way.STUB)
        else:
            return Seen(answer.status, here.removeprefix(base), files.get(answer.body, ""), way)
        if not here.startswith(base):
            return Seen(answer.status, here, "", Way.AWAY)
    return Seen(0, here.removeprefix(base), "", Way.LOST)


def leads_on(page: bytes) -> str:
    """Where a page sends whoever opens it; empty where it is there to be read."""
    found = _REFRESH.search(page)
    return html.unescape(found[1].decode()) if found else ""


def _joined(before: Way, step: Way) -> Way:
    """What is to be said of two steps: the one that is worse."""
    return max(before, step, key=[Way.STRAIGHT, Way.PERMANENT, Way.STUB, Way.TEMPORARY].index)


def by_content(files: Mapping[str, bytes]) -> Mapping[bytes, str]:
    """The files of a site, as `visit` knows them again; pages that are alike are all the same."""
    return {data: path for path, data in files.items() if data}
