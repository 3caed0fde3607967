"""Parse the redirects in host files, as far as the models need them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_LOCATION = re.compile(r'^ *location = (\S+) \{ return 301 "([^"]*)"; \}$', re.MULTILINE)
_MAPPED = re.compile(r'^    (/\S*) (/\S*) "([^"]*)"$', re.MULTILINE)
_MAX_LINES = 2000
"""How many lines without patterns Cloudflare Pages reads."""


@dataclass(frozen=True, slots=True)
class RedirectLine:
    """A line in a `_redirects` file."""

    source: str
    target: str
    status: int
    is_forced: bool


def redirect_lines(text: str) -> Sequence[RedirectLine]:
    """The redirects in a `_redirects` file, for Cloudflare Pages and Netlify."""
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
    """The redirects that Cloudflare Pages looks up by URL. The first one wins."""
    redirects: dict[str, RedirectLine] = {}
    for line in redirect_lines(text)[:_MAX_LINES]:
        redirects.setdefault(line.source, line)
    return redirects


def nginx_redirects(text: str) -> Mapping[str, str]:
    """The redirects in a fragment for nginx, with a question mark where the query goes."""
    return {
        source: target.replace("$is_args$args", "?") for source, target in _LOCATION.findall(text)
    }


def caddy_redirects(text: str) -> Mapping[str, str]:
    """The redirects in a fragment for Caddy, with a question mark where the query goes."""
    return {source: f"{page}?{anchor}" for source, page, anchor in _MAPPED.findall(text)}
