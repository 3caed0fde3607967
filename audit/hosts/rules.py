"""Reads the redirects in the files for a host, as far as the models of the hosts need them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_LOCATION = re.compile(r'^ *location = (\S+) \{ return 301 "([^"]*)"; \}$', re.MULTILINE)
_MAPPED = re.compile(r'^    (/\S*) (/\S*) "([^"]*)"$', re.MULTILINE)
_MAX_LINES = 2000
"""Lines without a pattern that Cloudflare Pages reads."""


@dataclass(frozen=True, slots=True)
class RedirectLine:
    """A line of a file `_redirects`."""

    source: str
    target: str
    status: int
    is_forced: bool


def redirect_lines(text: str) -> Sequence[RedirectLine]:
    """The redirects that both Cloudflare Pages and Netlify read in such a file."""
    redirects = []
    for line in text.split("\n"):
        fields = line.strip().split()
        if not fields or fields[0].startswith("#"):
            continue
        source, target, status = fields
        redirects.append(
            RedirectLine(source, target, int(status.removesuffix("!")), status.endswith("!"))
        )
    return redirects


def static_redirects(text: str) -> Mapping[str, RedirectLine]:
    """The redirects that Cloudflare Pages looks up by URL: the first one counts."""
    redirects: dict[str, RedirectLine] = {}
    for line in redirect_lines(text)[:_MAX_LINES]:
        redirects.setdefault(line.source, line)
    return redirects


def nginx_redirects(text: str) -> Mapping[str, str]:
    """The redirects in a fragment for nginx, with a mark where the query goes."""
    return {
        source: target.replace("$is_args$args", "?") for source, target in _LOCATION.findall(text)
    }


def caddy_redirects(text: str) -> Mapping[str, str]:
    """The redirects in a fragment for Caddy, with a mark where the query goes."""
    return {source: f"{page}?{anchor}" for source, page, anchor in _MAPPED.findall(text)}
