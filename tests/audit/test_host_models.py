"""Every URL has the response on every host that `audit/hosts/table.py` lists.

These tests check models of the hosts against the table; `python -m audit.hosts` checks those hosts
that run anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import PurePosixPath

import pytest

from audit.hosts.models import MODELS, published
from audit.hosts.table import CODE, ERROR_PAGE, FORMER, MOVED, REDIRECTING, ROWS, TEAPOT
from audit.hosts.visit import Arrival, Fetch, Landing, Response, path_by_content, visit
from codebook.book import urls
from codebook.publish.host import Host
from codebook.publish.hosts import host_files
from codebook.site.redirects import Redirect
from tests.offenders import assert_none

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
"""Without configuration they have neither an error page nor redirects."""


def stub(redirect: Redirect) -> bytes:
    """The parts of a redirect page that visits need."""
    url = urls.relative(redirect.url, redirect.to)
    return f'{redirect.url}<meta http-equiv="refresh" content="0; url={url}">'.encode()


def site(redirects: Sequence[Redirect] = REDIRECTS) -> Site:
    """A site with the pages in the table, each of which contains its own name."""
    pages = {urls.output_path(url): f"the page {url}".encode() for url in PAGES}
    files = {PurePosixPath(path): f"the file {path}".encode() for path in FILES}
    stubs = {urls.output_path(redirect.url): stub(redirect) for redirect in redirects}
    return {**pages, **files, **stubs}


def landing_at(
    host: Host,
    base: str,
    path: str,
    redirects: Sequence[Redirect] = REDIRECTS,
    target: Host | None = None,
) -> Landing:
    """The end of a visit of a path on a host, with files built for the host `target`."""
    host_rules = host_files(target or host, redirects, f"https://codebook.example{base}")
    built = {**site(redirects), **host_rules}
    fetch = MODELS[host](published(site(redirects), host_rules, base), base)
    by_name = {path.as_posix(): data for path, data in built.items()}
    return visit(fetch, path_by_content(by_name), base, path)


def arrives(landing: Landing, redirect: Redirect, arrival: Arrival) -> bool:
    """Whether a visitor gets to the target of a redirect in this way."""
    return (landing.status, landing.url, landing.arrival) == (200, redirect.to, arrival)


def without_anchor(landing: Landing) -> Landing:
    """The URL without its anchor, as in the table."""
    return replace(landing, url=landing.url.partition("#")[0])


# --- the table ------------------------------------------------------------------------------------


def test_a_visit_ends_as_the_table_says() -> None:
    """Status, URL, page, and redirects match at the root of a host and below a path."""
    assert_none(
        f"{host} at {base}, {row.path}: {landing}, not {expected}"
        for base in BASES
        for row in ROWS
        for host, expected in row.expected.items()
        if (landing := without_anchor(landing_at(host, base, row.path))) != expected
    )


def test_the_table_covers_every_required_url() -> None:
    """The table has every kind of URL for every host."""
    short = {"404", "404/", "404.html", "418", "418/"}
    others = {FORMER, FORMER.rstrip("/"), "status/not-found", "status/not-found/"}
    required = short | others | {"status/404", CODE, "nope", "status/nope"}
    assert_none(
        f"{host}: {missing}"
        for host in Host
        if (missing := required - {row.path for row in ROWS if host in row.expected})
    )


# --- what is added to files that are sent as they are ---------------------------------------------


def test_a_plain_site_redirects_everywhere() -> None:
    """Redirect pages are enough on hosts without any configuration."""
    errors = []
    hosts = [host for host in Host if host not in SERVERS]
    for host, base, redirect in product(hosts, BASES, REDIRECTS):
        landing = landing_at(host, base, redirect.url, target=Host.PLAIN)
        if host is Host.NETLIFY and redirect == SHORT:
            # Only this host prefers a file to a folder of the same name; its own target doesn't.
            is_right = landing == Landing(200, "404", ERROR_PAGE, Arrival.PERMANENT)
        else:
            is_right = arrives(landing, redirect, Arrival.STUB)
        if not is_right:
            errors.append(f"{host} at {base}, {redirect.url}: {landing}")
    assert_none(errors)


def test_hosts_with_rules_redirect() -> None:
    """Rules apply with and without a trailing slash, and redirect to anchors."""
    assert_none(
        f"{host} at {base}, {redirect.url}: {landing}"
        for host, base, redirect, end in product(REDIRECTING, BASES, REDIRECTS, ("", "/"))
        if not arrives(
            landing := landing_at(host, base, redirect.url.rstrip("/") + end),
            redirect,
            Arrival.PERMANENT,
        )
    )


def test_a_redirect_page_at_404_does_not_replace_the_error_page() -> None:
    """A visitor gets the same page as without the redirect page, or the page of the code.

    The only page that a host takes for its error page is the `404.html` at the root.
    """
    without = tuple(redirect for redirect in REDIRECTS if redirect != SHORT)
    targets = [
        (host, target)
        for host in Host
        for target in dict.fromkeys((host, Host.PLAIN))
        if target is host or host not in SERVERS
    ]
    paths = ("404", "404/", "404.html", "404/nope", "nope", "status/404", CODE)
    errors = []
    for (host, target), path in product(targets, paths):
        before = landing_at(host, "/", path, without, target)
        after = landing_at(host, "/", path, REDIRECTS, target)
        code = Landing(200, CODE, f"{CODE}index.html", after.arrival)
        if after != before and (after != code or before.url == CODE):
            errors.append(f"{host} with the files for {target}, {path}: {after}, before {before}")
    assert_none(errors)


def test_a_redirect_page_at_404_works_on_hosts_that_only_send_files() -> None:
    """Without the page, GitHub Pages and Python's server respond to `/404/` with an error."""
    without = tuple(redirect for redirect in REDIRECTS if redirect != SHORT)
    assert landing_at(Host.GITHUB, "/", "404/", without).status == 404
    assert landing_at(Host.PLAIN, "/", "404", without).status == 404
    for host, path in ((Host.GITHUB, "404/"), (Host.PLAIN, "404"), (Host.PLAIN, "404/")):
        assert landing_at(host, "/", path) == Landing(200, CODE, f"{CODE}index.html", Arrival.STUB)


# --- the visitor ----------------------------------------------------------------------------------


def landing_after(*responses: Response) -> Landing:
    """The end of a visit of `/repo/x` if the host sends these responses in order."""
    rest = iter(responses)
    fetch: Fetch = lambda _: next(rest)  # noqa: E731 - a host of one line
    return visit(fetch, {b"a page": "x/index.html"}, "/repo/", "x")


@pytest.mark.parametrize(
    ("responses", "expected"),
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
def test_a_visit_reports_how_it_ended(responses: list[Response], expected: Landing) -> None:
    """It reports whether the page belongs to the site, and whether redirects are permanent."""
    assert landing_after(*responses) == expected
