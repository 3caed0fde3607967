"""Every address leads where it must, on every host: `audit/hosts/table.py` says where that is.

Here the models of the hosts are held to the table; `python -m audit.hosts` does the same with those
hosts that run anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from audit.hosts.models import MODELS, published
from audit.hosts.table import CODE, ERROR_PAGE, FORMER, MOVED, REDIRECTING, ROWS, TEAPOT
from audit.hosts.visit import Arrival, Fetch, Landing, Response, path_by_content, visit
from codebook.book import urls
from codebook.publish.hosts import Host, host_files
from codebook.site.redirects import Redirect

Site = Mapping[PurePosixPath, bytes]

REDIRECTS = (
    Redirect("404/", CODE),
    Redirect("418/", TEAPOT),
    Redirect(FORMER, f"{MOVED}#first", is_former=True),
    Redirect("status/not-found/", CODE),
)
SHORT = Redirect("404/", CODE)
PAGES = ("", "status/", CODE, TEAPOT, MOVED)
FILES = (ERROR_PAGE, f"{CODE}index.md", ".codebook/manifest.json", ".gitignore")
BASES = ("/", "/repo/", "/a/b/")

SERVERS = (Host.NGINX, Host.CADDY)
"""They have neither an error page nor a folder of their own until they are told."""

hosts = pytest.mark.parametrize("host", Host)
bases = pytest.mark.parametrize("base", BASES)


def stub(redirect: Redirect) -> bytes:
    """The page at an address that leads on, as far as a visitor needs it."""
    url = urls.relative(redirect.url, redirect.to)
    return f'{redirect.url}<meta http-equiv="refresh" content="0; url={url}">'.encode()


def site(redirects: Sequence[Redirect] = REDIRECTS) -> Site:
    """A site of as many pages as the table speaks of, each with its own name as its content."""
    named = {urls.output_path(each): f"the page {each}".encode() for each in PAGES}
    more = {PurePosixPath(each): f"the file {each}".encode() for each in FILES}
    stubs = {urls.output_path(each.url): stub(each) for each in redirects}
    return {**named, **more, **stubs}


def seen(
    host: Host,
    base: str,
    path: str,
    redirects: Sequence[Redirect] = REDIRECTS,
    told: Host | None = None,
) -> Landing:
    """What there is at a path on a host, whose files are made for the host that is `told`."""
    made = host_files(told or host, redirects, f"https://codebook.example{base}")
    built = {**site(redirects), **made}
    fetch = MODELS[host](published(site(redirects), made, base), base)
    by_name = {path.as_posix(): data for path, data in built.items()}
    return visit(fetch, path_by_content(by_name), base, path)


def without_anchor(found: Landing) -> Landing:
    """The table does not speak of anchors."""
    return replace(found, url=found.url.partition("#")[0])


# --- the table ------------------------------------------------------------------------------------


@bases
@pytest.mark.parametrize(
    ("path", "host", "expected"),
    [
        pytest.param(row.path, host, expected, id=f"{host}-{row}")
        for row in ROWS
        for host, expected in row.expected.items()
    ],
)
def test_an_address_leads_where_the_table_says(
    path: str, host: Host, expected: Landing, base: str
) -> None:
    """Status, address, page and way, at the root of a host and below a path."""
    assert without_anchor(seen(host, base, path)) == expected


@hosts
def test_the_table_speaks_of_every_address_that_is_asked_for(host: Host) -> None:
    """Nobody may forget a host."""
    asked = {row.path for row in ROWS if host in row.expected}
    short = {"404", "404/", "404.html", "418", "418/"}
    others = {FORMER, FORMER.rstrip("/"), "status/not-found", "status/not-found/"}
    assert short | others | {"status/404", CODE, "nope", "status/nope"} <= asked


# --- what is added to files that are sent as they are ---------------------------------------------


@pytest.mark.parametrize("host", [each for each in Host if each not in SERVERS])
@bases
@pytest.mark.parametrize("redirect", REDIRECTS, ids=lambda each: each.url)
def test_a_plain_site_leads_on_everywhere(redirect: Redirect, host: Host, base: str) -> None:
    """No host needs to be told anything: the pages that lead on do it."""
    found = seen(host, base, redirect.url, told=Host.PLAIN)
    if host is Host.NETLIFY and redirect == SHORT:
        # Only this host prefers a file to a folder of the same name; its target knows better.
        assert found == Landing(200, "404", ERROR_PAGE, Arrival.PERMANENT)
    else:
        assert (found.status, found.url, found.arrival) == (200, redirect.to, Arrival.STUB)


@pytest.mark.parametrize("host", REDIRECTING)
@bases
@pytest.mark.parametrize("redirect", REDIRECTS, ids=lambda each: each.url)
@pytest.mark.parametrize("end", ["", "/"])
def test_a_host_that_can_redirect_does(redirect: Redirect, host: Host, base: str, end: str) -> None:
    """With and without the slash at the end, and to the anchor."""
    found = seen(host, base, redirect.url.rstrip("/") + end)
    assert (found.status, found.url, found.arrival) == (200, redirect.to, Arrival.PERMANENT)


@pytest.mark.parametrize(
    ("host", "told"),
    [
        (host, told)
        for host in Host
        for told in dict.fromkeys((host, Host.PLAIN))
        if told is host or host not in SERVERS
    ],
)
@pytest.mark.parametrize(
    "path", ["404", "404/", "404.html", "404/nope", "nope", "status/404", CODE]
)
def test_a_page_that_leads_on_from_404_is_never_a_loss(host: Host, told: Host, path: str) -> None:
    """A visitor gets what would be there without it, or the code instead of the error page.

    The only page that a host takes for its error page is the `404.html` at the root.
    """
    without = tuple(each for each in REDIRECTS if each != SHORT)
    before = seen(host, "/", path, without, told)
    after = seen(host, "/", path, REDIRECTS, told)
    assert after in {before, Landing(200, CODE, f"{CODE}index.html", after.arrival)}
    if before.url == CODE:
        assert after == before


def test_an_address_that_leads_on_gains_where_a_host_only_sends_files() -> None:
    """GitHub Pages and Python's server have nothing but an error for `/404/` without that page."""
    without = tuple(each for each in REDIRECTS if each != SHORT)
    assert seen(Host.GITHUB, "/", "404/", without).status == 404
    assert seen(Host.PLAIN, "/", "404", without).status == 404
    for host, path in ((Host.GITHUB, "404/"), (Host.PLAIN, "404"), (Host.PLAIN, "404/")):
        assert seen(host, "/", path) == Landing(200, CODE, f"{CODE}index.html", Arrival.STUB)


# --- the visitor ----------------------------------------------------------------------------------


def led(*answers: Response) -> Landing:
    """What a visitor of `/repo/x` sees where a host has these answers, one after the other."""
    rest = iter(answers)
    fetch: Fetch = lambda _: next(rest)  # noqa: E731 - a host of one line
    return visit(fetch, {b"a page": "x/index.html"}, "/repo/", "x")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([Response(200, b"a page")], Landing(200, "x", "x/index.html")),
        ([Response(200, b"another")], Landing(200, "x", "")),
        (
            [Response(301, location="/repo/x/"), Response(200, b"a page")],
            Landing(200, "x/", "x/index.html", Arrival.PERMANENT),
        ),
        (
            [Response(302, location="x/"), Response(301, location="./y?q#a"), Response(404, b"")],
            Landing(404, "x/y?q#a", "", Arrival.TEMPORARY),
        ),
        ([Response(301, location="/x/")], Landing(301, "/x/", "", Arrival.AWAY)),
        (
            [Response(301, location="//evil/repo/x/")],
            Landing(301, "//evil/repo/x/", "", Arrival.AWAY),
        ),
        ([Response(308, location="/repo/x")] * 9, Landing(0, "x", "", Arrival.LOST)),
    ],
)
def test_a_visitor_says_what_happened(answers: list[Response], expected: Landing) -> None:
    """Whether what is there is the site's, and whether the way to it was for good."""
    assert led(*answers) == expected
