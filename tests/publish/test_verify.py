"""The checks of built pages, with pages that have one error and valid pages that look wrong."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebook.book import urls
from codebook.cache import Cache
from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.diagnostics.source import Source
from codebook.publish import html_scan
from codebook.publish.verify import resolve, resolve_any, targets, verify, verify_page
from tests.offenders import assert_none

HOME = "<title>Home</title><h1 id='top'>Home</h1>"


def check(pages: Mapping[str, str], url: str = "") -> list[Diagnostic]:
    """The diagnostics of a site with these pages and an asset."""
    files = {PurePosixPath(path): html.encode() for path, html in pages.items()}
    verified = {path: verify_page(path, data, url, f"site/{path}") for path, data in files.items()}
    known = {("assets/x.css", "")}.union(*(page.own for page in verified.values()))
    return [diagnostic for diagnostic, _ in verify(Cache(), verified, files, known, url, "site")]


def rules(body: str, url: str = "") -> list[Rule]:
    """The rules that a home page with this body breaks; another page has the id `there`."""
    other = "<title>Other</title><h1 id='there'>Other</h1>"
    pages = {"index.html": HOME + body, "status/11/index.html": other, "404.html": other}
    return [diagnostic.rule for diagnostic in check(pages, url)]


ERRORS = (
    ("<h1>Again</h1>", Rule.HEADING_COUNT),
    ("<p id='top'>x</p>", Rule.DUPLICATE_ID),
    ("<a href='nowhere/'>x</a>", Rule.DEAD_LINK),
    ("<a href='#nowhere'>x</a>", Rule.DEAD_LINK),
    ("<a href='status/11/#nowhere'>x</a>", Rule.DEAD_LINK),
    ("<a href='../'>x</a>", Rule.DEAD_LINK),
    ("<a href='/nowhere/'>x</a>", Rule.DEAD_LINK),
    ("<img src='gone.png' alt='x'>", Rule.DEAD_LINK),
    ("<script>x()</script>", Rule.INLINE_CODE),
    ("<style>p { }</style>", Rule.INLINE_CODE),
    ("<p style='color: red'>x</p>", Rule.INLINE_CODE),
    ("<p onclick='x()'>x</p>", Rule.INLINE_CODE),
    ("<a href='javascript:x()'>x</a>", Rule.INLINE_CODE),
    ("<a href=' java\nscript:x()'>x</a>", Rule.INLINE_CODE),
    ("<a href='status/11/'></a>", Rule.EMPTY_TEXT),
    ("<h2> </h2>", Rule.EMPTY_TEXT),
    ("<button><span></span></button>", Rule.EMPTY_TEXT),
    ("<dl><dt></dt></dl>", Rule.EMPTY_TEXT),
    ("<img src='assets/x.css'>", Rule.MISSING_ALT),
)
"""Bodies with one error each, and its rule."""
VALID = (
    "<a href='status/11/'>x</a>",
    "<a href='./status/11/#there'>x</a>",
    "<a href='status/1%31/#there'>x</a>",
    "<a href='/status/11/'>x</a>",
    "<a href='#top'>x</a>",
    "<a href='https://example.org/nowhere#x'>x</a>",
    "<a href='//example.org/nowhere'>x</a>",
    "<a href='mailto:me@example.org'>x</a>",
    "<link rel='stylesheet' href='assets/x.css'>",
    "<script src='assets/x.css'></script>",
    "<a href='status/11/'><img src='assets/x.css' alt='There'></a>",
    "<a href='status/11/' aria-label='There'></a>",
    "<img src='assets/x.css' alt=''>",
    "<p></p><td></td><div></div>",
    "<p>onclick='x()' style='x' &lt;script&gt;</p>",
    "<meta name='description' content='javascript: what it is'>",
)
"""Bodies without an error."""


def test_an_error_is_detected() -> None:
    """One error gives one diagnostic."""
    found = {body: rules(body) for body, _ in ERRORS}
    assert_none(f"{body}: {found[body]}" for body, rule in ERRORS if found[body] != [rule])


def test_valid_pages_have_no_diagnostic() -> None:
    """There are no false positives."""
    assert_none(f"{body}: {found}" for body in VALID if (found := rules(body)))


def test_a_missing_heading_is_detected() -> None:
    """Screen readers need a heading."""
    assert [error.rule for error in check({"index.html": "<p>x</p>"})] == [Rule.HEADING_COUNT]


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("/repo/status/11/", []),
        ("https://example.org/repo/status/11/", []),
        ("https://example.org/repo/nowhere/", [Rule.DEAD_LINK]),
        ("https://example.org/elsewhere/", []),
        ("/status/11/", [Rule.DEAD_LINK]),
    ],
)
def test_links_include_the_base_path(link: str, expected: list[Rule]) -> None:
    """An absolute link is within the site if it starts with the base URL."""
    assert rules(f"<a href='{link}'>x</a>", "https://example.org/repo/") == expected


def test_a_diagnostic_has_its_location_in_the_page() -> None:
    """It has the line and column of the element."""
    (diagnostic,) = check({"index.html": HOME + "\n  <a href='gone/'>x</a>"})
    span = diagnostic.span
    assert (span.path, span.line, span.column) == ("site/index.html", 2, 3)


URLS = ["", "status/", "status/404/", "status/4xx/", "guides/a-b/", "404.html", "assets/x.css"]


def test_a_relative_link_resolves_to_its_target() -> None:
    """It resolves as in browsers, under any base path."""
    links = {
        (page, target): urls.relative(page, target)
        for page in URLS
        for target in (url + anchor for url in URLS for anchor in ("", "#h-words"))
    }
    assert_none(link for link in links.values() if link.startswith("/"))
    assert_none(
        f"{link} on /{page} isn't {target}"
        for base in ("https://example.org/", "https://example.org/a/b/")
        for (page, target), link in links.items()
        if not base + target == urljoin(base + page, link) == urls.resolve(base, page, link)
    )


def test_a_relative_link_goes_up_no_further_than_necessary() -> None:
    """It goes up to the closest folder that contains both pages."""
    ups = {
        (page, target): posixpath.relpath(f"/{target}x", posixpath.dirname(f"/{page}x"))
        for page in URLS
        for target in URLS
    }
    assert_none(
        f"{page} to {target}"
        for (page, target), path in ups.items()
        if urls.relative(page, target).count("../") != path.count("../")
    )


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("", "index.html"),
        ("status/404/", "status/404/index.html"),
        ("404.html", "404.html"),
        ("assets/x.css", "assets/x.css"),
    ],
)
def test_a_url_is_a_file(url: str, path: str) -> None:
    """The file is the one that static hosts send for the URL."""
    assert urls.output_path(url) == PurePosixPath(path)


ODDITIES = (
    *('<a href="x">', "<a href=x>", "<a href='x' href>", "</a>", "<A ID=b>", '<p id="a">', "<p"),
    *("<!-- <h1> -->", "<!-- >", "<![CDATA[x]]>", "<?php ?>", "<!doctype html>", "</", "<", ">"),
    *("<script>", "</script>", '<script type="application/ld+json">', "<style>", "</style>", '"'),
    *("<title>", "</title>", "<textarea>", "</textarea>", '<img alt="">', "<img/>", "<b>"),
    *("&nbsp;", "&amp", "&#32;", "words", " ", "\n", ">\n", "<h1>", "</h1>", "<th aria-label='x'>"),
    *('<td onclick="x">', "<svg viewBox='0'>", '<path d="M0"/>', '<meta http-equiv="refresh" '),
    *("</th>", '<br id="a" />', '<th aria-label="x">', "<plaintext>", "</plaintext>"),
)


VALID_START = "<!doctype html>\n<h1>Home</h1>\n"
"""Without an `h1`, no page is valid, and every page is parsed."""


@given(st.lists(st.sampled_from(ODDITIES), max_size=12), st.sampled_from(["", VALID_START]))
def test_the_pattern_and_the_library_read_the_same(pieces: list[str], start: str) -> None:
    """The pattern for simple tags finds the same ids, links, and errors."""
    text = start + "".join(pieces)
    page = Source.of(PurePosixPath("x.html"), "x.html", text)
    assert html_scan.scan(page.path, page.display_path, text) == html_scan.parse(page)


@pytest.mark.slow
def test_the_pattern_reads_every_built_page_completely(
    built_site: Mapping[PurePosixPath, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The results match, and the slow parser is never needed."""
    pages = [
        Source.of(path, str(path), data.decode())
        for path, data in built_site.items()
        if path.suffix == ".html"
    ]
    parsed = [html_scan.parse(page) for page in pages]
    monkeypatch.delattr(html_scan, "parse")
    assert [html_scan.scan(page.path, page.display_path, page.text) for page in pages] == parsed


SEGMENTS = ("..", ".", "status", "404", "a-b", "", "%31", "x.css", "é", "#h-a", "#", "?q", "\n")
PREFIXES = ("", "/", "//", "https://", "https:", "https://codes.example/a/", "mailto:", "HTTP://")


@given(
    st.sampled_from(URLS),
    st.sampled_from(PREFIXES),
    st.lists(st.sampled_from(SEGMENTS), max_size=5),
    st.sampled_from(["", "https://codes.example/", "https://codes.example/a/"]),
)
def test_a_link_resolves_as_the_library_resolves_it(
    page_url: str, prefix: str, segments: list[str], base: str
) -> None:
    """The shortcuts for usual links make no difference, nor does sharing them between pages."""
    link = prefix + "/".join(segments)
    expected = resolve_any(page_url, link, base)
    assert resolve(page_url, link, base) == expected
    assert [*targets(page_url, [link], base)] == [expected]
