"""Reads what a site tells a host, as far as the models of the hosts need it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_LOCATION = re.compile(r'^ *location = (\S+) \{ return 301 "([^"]*)"; \}$', re.MULTILINE)
_MAPPED = re.compile(r'^    (/\S*) (/\S*) "([^"]*)"$', re.MULTILINE)
_ENOUGH = 2000
"""Lines without a pattern that Cloudflare Pages takes."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file `_redirects`."""

    here: str
    there: str
    status: int
    is_forced: bool


def lines(text: str) -> Sequence[Line]:
    """What Cloudflare Pages and Netlify both read in such a file."""
    found = []
    for line in text.split("\n"):
        words = line.strip().split()
        if not words or words[0].startswith("#"):
            continue
        here, there, status = words
        found.append(Line(here, there, int(status.removesuffix("!")), status.endswith("!")))
    return found


def static(text: str) -> Mapping[str, Line]:
    """The lines that Cloudflare Pages looks up by their address: the first one counts."""
    taken: dict[str, Line] = {}
    for line in lines(text)[:_ENOUGH]:
        taken.setdefault(line.here, line)
    return taken


def nginx(text: str) -> Mapping[str, str]:
    """Where the locations of a fragment redirect to, the place of the query left out."""
    return {here: there.replace("$is_args$args", "?") for here, there in _LOCATION.findall(text)}


def caddy(text: str) -> Mapping[str, str]:
    """Where the map of a fragment leads, the place of the query marked."""
    return {here: f"{page}?{anchor}" for here, page, anchor in _MAPPED.findall(text)}
