"""What a visitor must get, address by address and host by host.

The addresses are those of the book of this repository, with one that a page once had.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from audit.hosts.visit import Seen, Way
from codebook.publish.hosts import Host

FORMER = "guides/as-it-was/"
"""Where the page of `MOVED` once was, as far as the table knows."""
MOVED = "guides/which-code/"
ERROR_PAGE = "404.html"

PLAIN, GITHUB, CLOUDFLARE, NETLIFY, NGINX, CADDY = Host
REDIRECTING = (CLOUDFLARE, NETLIFY, NGINX, CADDY)
"""Hosts that can be told to redirect."""
SENDING = (PLAIN, GITHUB)
"""Hosts that send files and are told nothing. Plain is Python's `http.server`."""


@dataclass(frozen=True, slots=True)
class Row:
    """One address; a host that is not named may do as it likes."""

    path: str
    expected: Mapping[Host, Seen]

    def __str__(self) -> str:
        return f"/{self.path}"


def _page(address: str, way: Way) -> Seen:
    return Seen(200, address, f"{address.partition('?')[0]}index.html", way)


def _leads(path: str, to: str, query: str = "") -> Row:
    """A redirect where the host can, else a page that leads on; that one loses the query."""
    redirected = dict.fromkeys(REDIRECTING, _page(to + query, Way.PERMANENT))
    return Row(path + query, {**redirected, **dict.fromkeys(SENDING, _page(to, Way.STUB))})


def _straight(path: str, file: str) -> Row:
    return Row(path, dict.fromkeys(Host, Seen(200, path, file)))


def _lost(path: str) -> Row:
    """Nobody has this address: the error page, where the visitor is."""
    shown = dict.fromkeys(Host, Seen(404, path, ERROR_PAGE))
    # Python's own words: it knows no error page.
    return Row(path, {**shown, PLAIN: Seen(404, path, "")})


def _hidden(path: str, *hosts: Host) -> Row:
    return Row(path, dict.fromkeys(hosts, Seen(404, path, ERROR_PAGE)))


CODE, TEAPOT = "status/404/", "status/418/"

ROWS = (
    _straight("", "index.html"),
    _straight(CODE, f"{CODE}index.html"),
    _straight(f"{CODE}index.md", f"{CODE}index.md"),
    Row("status/404", dict.fromkeys(Host, _page(CODE, Way.PERMANENT))),
    # What GitHub Pages and Netlify do with the query here is not known; Caddy loses it up to 2.6.2.
    Row(
        "status/404?from=mail",
        dict.fromkeys((PLAIN, CLOUDFLARE, NGINX), _page(f"{CODE}?from=mail", Way.PERMANENT)),
    ),
    # On GitHub Pages the file 404.html has this address, too; its script offers the code.
    Row("404", {**_leads("404", CODE).expected, GITHUB: Seen(200, "404", ERROR_PAGE)}),
    _leads("404/", CODE),
    Row(
        ERROR_PAGE,
        {
            **dict.fromkeys((PLAIN, GITHUB, NETLIFY), Seen(200, ERROR_PAGE, ERROR_PAGE)),
            # This host takes the ending away, and what is left is the address of a code.
            CLOUDFLARE: _page(CODE, Way.PERMANENT),
            **dict.fromkeys((NGINX, CADDY), Seen(404, ERROR_PAGE, ERROR_PAGE)),
        },
    ),
    _leads("418", TEAPOT),
    _leads("418/", TEAPOT),
    _leads("418/", TEAPOT, "?from=mail&x=%23"),
    _leads("status/not-found", CODE),
    _leads("status/not-found/", CODE),
    _leads(FORMER.rstrip("/"), MOVED),
    _leads(FORMER, MOVED),
    _lost("nope"),
    _lost("nope/"),
    _lost("nope.md"),
    _lost("status/nope"),
    _lost("status/404/nope/"),
    _lost("404/nope"),
    # A folder that has no page; Python lists what is in it.
    _hidden("guides/", *REDIRECTING, GITHUB),
    _hidden(".codebook/manifest.json", NGINX, CADDY),
    _hidden("%2Ecodebook/manifest.json", NGINX, CADDY),
    _hidden(".codebook/", NGINX, CADDY),
    _hidden("nginx.conf", NGINX),
    _hidden("Caddyfile", CADDY),
    _hidden("_redirects", NETLIFY),
)
