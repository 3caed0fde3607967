"""The kinds of hosts that a site can be built for."""

from __future__ import annotations

import re
from enum import StrEnum

from codebook.book import base_url


class Host(StrEnum):
    """A kind of host that a site can be built for."""

    PLAIN = "plain"
    """Any host for static files."""
    GITHUB = "github"
    """GitHub Pages, which doesn't support redirects."""
    CLOUDFLARE = "cloudflare"
    """Cloudflare Pages."""
    NETLIFY = "netlify"
    """Netlify."""
    NGINX = "nginx"
    """Your own server, with nginx."""
    CADDY = "caddy"
    """Your own server, with Caddy."""


_HOSTS_WITHOUT_RULES = frozenset({Host.PLAIN, Host.GITHUB})
_PLAIN_PATH = re.compile(r"/(?:[\w.~-]+/)*", re.ASCII)


def validation_error(host: Host, url: str) -> str:
    """Why a base URL doesn't work with the files of a host; empty if it does."""
    if host in _HOSTS_WITHOUT_RULES or _PLAIN_PATH.fullmatch(base_url.base_path(url)):
        return ""
    return "its path can contain only letters, digits, and the characters - . _ ~"
