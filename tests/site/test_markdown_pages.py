"""Each page has a Markdown version: complete, self-contained, and readable in a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup, Tag
from markdown_it import MarkdownIt
from markdown_it.token import Token

from codebook.book import urls
from tests.offenders import assert_none
from tests.sample_books import PUBLIC, Files, markdown_pages, page_urls, second_site

pytestmark = pytest.mark.slow

BASE = "https://site.invalid/"
ENGINE = MarkdownIt("commonmark", {"html": True}).enable("table")
"""Another parser than the program's."""


@pytest.fixture(scope="module")
def tokens(built_site: Files) -> Mapping[str, Sequence[Token]]:
    """The Markdown of each page of the repository's book, as another parser reads it."""
    return {url: ENGINE.parse(markdown(built_site, url)) for url in page_urls(built_site)}


@pytest.fixture(scope="module")
def documents(tokens: Mapping[str, Sequence[Token]]) -> Mapping[str, BeautifulSoup]:
    """The Markdown of each page, rendered."""
    return {url: render(tokens[url]) for url in tokens}


def markdown(files: Files, url: str) -> str:
    """The Markdown version of the page at a URL."""
    return files[urls.output_path(urls.markdown_url(url))].decode()


def render(tokens: Sequence[Token]) -> BeautifulSoup:
    """Render parsed Markdown."""
    html = ENGINE.renderer.render(tokens, ENGINE.options, {})
    return BeautifulSoup(str(html), "html.parser")


def flat(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens and their children."""
    for token in tokens:
        yield token
        yield from token.children or ()


def words(element: Tag | BeautifulSoup) -> list[str]:
    """The words in an element, without punctuation."""
    return re.findall(r"\w+", element.get_text(" "))


def test_every_page_links_to_its_markdown(
    built_site: Files, pages: Mapping[str, BeautifulSoup]
) -> None:
    """The head and the footer link to it, and there are no other Markdown files."""
    linked, in_footer = {}, {}
    for url in pages.keys() - {urls.ERROR_PAGE}:
        links = pages[url].select("link[rel=alternate][type='text/markdown']")
        hrefs = [str(link["href"]) for link in links]
        footer = {str(link["href"]) for link in pages[url].select("footer a")}
        linked[url] = [urljoin(BASE + url, href).removeprefix(BASE) for href in hrefs]
        in_footer[url] = footer >= set(hrefs)
    assert linked == {url: [urls.markdown_url(url)] for url in linked}
    assert_none(url for url in in_footer if not in_footer[url])
    files = {path.as_posix() for path in markdown_pages(built_site)}
    assert files == {target for targets in linked.values() for target in targets}


def test_a_markdown_page_begins_with_the_title_of_the_page(
    pages: Mapping[str, BeautifulSoup], documents: Mapping[str, BeautifulSoup]
) -> None:
    """Its first line is the only top-level heading."""
    headings = {url: [h1.get_text() for h1 in html("h1")] for url, html in documents.items()}
    titles = {url: pages[url].select("title")[0].get_text() for url in headings}
    assert headings
    assert_none(
        f"/{url}: {headings[url]}, not {titles[url]}"
        for url in headings
        if len(headings[url]) != 1 or not titles[url].startswith(headings[url][0])
    )


def test_nothing_in_a_markdown_page_is_parsed_as_html(
    tokens: Mapping[str, Sequence[Token]],
) -> None:
    """Parsers that allow HTML find none: text that looks like a tag is escaped."""
    small = second_site()
    more = {url: ENGINE.parse(markdown(small, url)) for url in page_urls(small)}
    assert tokens
    assert_none(
        f"/{url}: {token.content}"
        for url, parsed in [*tokens.items(), *more.items()]
        for token in flat(parsed)
        if token.type in {"html_block", "html_inline"}
    )


def missing_parts(main: Tag, html: BeautifulSoup) -> Iterator[str]:
    """The parts of the content of a page that are missing in its Markdown version."""
    text, plain = " ".join(words(html)), html.get_text().replace("\n", " ")
    selector = "article > p, article > ul:not(.facts) li, .lead, .facts p:not(.about), .pairs dd"
    for element in main.select(f":is({selector}):not(:has(a[href*='?q=']))"):
        # A page shortens a URL that it shows.
        part = " ".join(words(element)).partition(" https ")[0]
        if part not in text and "…" not in element.get_text():
            yield part
    for label, value in zip(
        main.select(".facts summary .label"), main.select(".facts summary .value"), strict=True
    ):
        part = f"{label.get_text()}: {value.get_text()}"
        if part not in plain:
            yield part
    outside = {str(a["href"]) for a in main("a") if str(a["href"]).startswith("http")}
    yield from outside - {str(a["href"]) for a in html("a")}
    samples = [code.get_text() for code in html("pre")]
    yield from (code.get_text() for code in main("pre") if code.get_text() not in samples)


def test_the_markdown_of_a_code_is_complete(
    pages: Mapping[str, BeautifulSoup], documents: Mapping[str, BeautifulSoup]
) -> None:
    """It has every sentence, fact, source, and table row of the page.

    The explanation of a fact, the same on every page, is left out: the value's meaning says it.
    """
    codes = (100, 208, 226, 301, 404, 418, 425, 429, 499, 511, 999)
    assert_none(
        f"/{url}: {part}"
        for url in [f"status/{code}/" for code in codes]
        for part in missing_parts(pages[url].select("main")[0], documents[url])
    )


def test_a_comparison_is_a_table(
    pages: Mapping[str, BeautifulSoup], documents: Mapping[str, BeautifulSoup]
) -> None:
    """It has the same rows and columns as on the page."""
    url = "guides/redirects/"
    for table, expected in zip(
        documents[url]("table"), pages[url].select("main table"), strict=True
    ):
        assert [words(th) for th in table("th")] == [
            words(th) for th in expected.select("thead th")
        ]
        assert len(table("tr")) == len(expected("tr"))


def test_a_table_is_complete(built_site: Files, documents: Mapping[str, BeautifulSoup]) -> None:
    """It has each cell of the page, starting with the code."""
    for url in ("tables/constants/", "tables/registry/", "tables/vendors/"):
        # The parser doesn't know that a cell ends where the next one begins.
        closed = re.sub(
            "(?=<td>|</tr>)", "</td></th>", built_site[PurePosixPath(url, "index.html")].decode()
        )
        page_rows = BeautifulSoup(closed, "html.parser").select("main table.rows tbody tr")
        for row, page_row in zip(documents[url]("table")[-1]("tr")[1:], page_rows, strict=True):
            cells = [" ".join(words(cell)) for cell in page_row(["th", "td"])]
            # A page shortens a URL, and puts marks next to a code.
            for cell, td in zip(cells, row("td"), strict=True):
                if not td.find("a", href=re.compile("^http")):
                    assert " ".join(words(td)) == cell or cell.startswith(td.get_text())


def test_links_of_a_markdown_page_work(
    built_site: Files, documents: Mapping[str, BeautifulSoup]
) -> None:
    """Without a base URL, they are relative to the file, and each target exists."""
    small = second_site()
    parsed = {url: render(ENGINE.parse(markdown(small, url))) for url in page_urls(small)}
    assert_none(
        f"/{url} links to {link['href']}"
        for files, pages in ((built_site, documents), (small, parsed))
        for url, html in pages.items()
        for link in html("a")
        if (target := urljoin(BASE + urls.markdown_url(url), str(link["href"]))).startswith(BASE)
        and urls.output_path(target.removeprefix(BASE).partition("#")[0]) not in files
    )


def test_with_a_public_url_links_of_a_markdown_page_are_absolute(public_site: Files) -> None:
    """They still work in text that is copied from the file."""
    files = [(path, data) for path, data in public_site.items() if path.suffix == ".md"]
    assert files
    assert_none(
        f"{path}: {token.attrs['href']}"
        for path, data in files
        for token in flat(ENGINE.parse(data.decode()))
        if token.type == "link_open"
        and not str(token.attrs["href"]).startswith(("https://", "http://", "mailto:"))
    )
    url = "status/404/"
    assert f"<{PUBLIC}{url}>" in markdown(public_site, url)
    assert f"[410]({PUBLIC}status/410/)" in markdown(public_site, url)


def test_a_markdown_page_names_the_license_of_its_texts(built_site: Files) -> None:
    """The license requires it wherever the short texts appear."""
    for url in ("status/404/", "status/4xx/", "status/"):
        assert "creativecommons.org/licenses/by-sa/2.5" in markdown(built_site, url)
    assert "creativecommons.org" not in markdown(built_site, "guides/redirects/")


def test_a_markdown_page_has_normal_line_ends(built_site: Files) -> None:
    """It has no carriage return, one final line feed, and no two empty lines outside code."""
    files = [(path, data.decode()) for path, data in built_site.items() if path.suffix == ".md"]
    assert files
    assert_none(
        path
        for path, text in files
        if "\r" in text
        or not re.search(r"[^\n]\n\Z", text)
        or "\n\n\n" in re.sub(r"```.*?```", "code", text, flags=re.DOTALL)
    )
