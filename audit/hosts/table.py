"""The expected response for each URL on each host.

The URLs are those of the book in this repository, plus a former URL of one page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from audit.hosts.visit import Arrival, Landing
from codebook.publish.host import Host

FORMER = "guides/as-it-was/"
"""A made-up former URL of the page at `MOVED`."""
MOVED = "guides/which-code/"
ERROR_PAGE = "404.html"

PLAIN, GITHUB, CLOUDFLARE, NETLIFY, NGINX, CADDY = Host
REDIRECTING = (CLOUDFLARE, NETLIFY, NGINX, CADDY)
"""Hosts with redirect rules."""
SENDING = (PLAIN, GITHUB)
"""Hosts that only serve files. PLAIN is Python's `http.server`."""


@dataclass(frozen=True, slots=True)
class Row:
    """A URL. Hosts that aren't listed can respond with anything."""

    path: str
    expected: Mapping[Host, Landing]

    def __str__(self) -> str:
        return f"/{self.path}"


def _page(url: str, arrival: Arrival) -> Landing:
    return Landing(200, url, f"{url.partition('?')[0]}index.html", arrival)


def _redirect(path: str, to: str, query: str = "") -> Row:
    """A redirect by the host, or a redirect page, which loses the query."""
    redirected = dict.fromkeys(REDIRECTING, _page(to + query, Arrival.PERMANENT))
    return Row(path + query, {**redirected, **dict.fromkeys(SENDING, _page(to, Arrival.STUB))})


def _direct(path: str, file: str) -> Row:
    return Row(path, dict.fromkeys(Host, Landing(200, path, file)))


def _missing(path: str) -> Row:
    """A URL that doesn't exist: the error page, without a redirect."""
    expected = dict.fromkeys(Host, Landing(404, path, ERROR_PAGE))
    # Python's server has no custom error page.
    return Row(path, {**expected, PLAIN: Landing(404, path, "")})


def _hidden(path: str, *hosts: Host) -> Row:
    return Row(path, dict.fromkeys(hosts, Landing(404, path, ERROR_PAGE)))


CODE, TEAPOT = "status/404/", "status/418/"

ROWS = (
    _direct("", "index.html"),
    _direct(CODE, f"{CODE}index.html"),
    _direct(f"{CODE}index.md", f"{CODE}index.md"),
    Row("status/404", dict.fromkeys(Host, _page(CODE, Arrival.PERMANENT))),
    # GitHub Pages and Netlify: unknown. Caddy up to 2.6.2 drops the query.
    Row(
        "status/404?from=mail",
        dict.fromkeys((PLAIN, CLOUDFLARE, NGINX), _page(f"{CODE}?from=mail", Arrival.PERMANENT)),
    ),
    # GitHub Pages serves 404.html at this URL. Its script links to the code.
    Row("404", {**_redirect("404", CODE).expected, GITHUB: Landing(200, "404", ERROR_PAGE)}),
    _redirect("404/", CODE),
    Row(
        ERROR_PAGE,
        {
            **dict.fromkeys((PLAIN, GITHUB, NETLIFY), Landing(200, ERROR_PAGE, ERROR_PAGE)),
            # Cloudflare removes the suffix, which gives the URL of a code.
            CLOUDFLARE: _page(CODE, Arrival.PERMANENT),
            **dict.fromkeys((NGINX, CADDY), Landing(404, ERROR_PAGE, ERROR_PAGE)),
        },
    ),
    _redirect("418", TEAPOT),
    _redirect("418/", TEAPOT),
    _redirect("418/", TEAPOT, "?from=mail&x=%23"),
    _redirect("status/not-found", CODE),
    _redirect("status/not-found/", CODE),
    _redirect(FORMER.rstrip("/"), MOVED),
    _redirect(FORMER, MOVED),
    _missing("nope"),
    _missing("nope/"),
    _missing("nope.md"),
    _missing("status/nope"),
    _missing("status/404/nope/"),
    _missing("404/nope"),
    # A folder without an index page. Python's server lists its files.
    _hidden("assets/", *REDIRECTING, GITHUB),
    _hidden(".codebook/manifest.json", NGINX, CADDY),
    _hidden("%2Ecodebook/manifest.json", NGINX, CADDY),
    _hidden(".codebook/", NGINX, CADDY),
    _hidden("nginx.conf", NGINX),
    _hidden("Caddyfile", CADDY),
    _hidden("_redirects", NETLIFY),
)
