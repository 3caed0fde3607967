"""Each page has a Markdown version: complete, self-contained, and readable in a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup, Tag
from markdown_it import MarkdownIt

from codebook.book import urls
from codebook.build.pipeline import BuildResult, build_site
from codebook.diagnostics.source import Folder
from codebook.io import read_folder

ROOT = Path(__file__).resolve().parents[2]
Files = Mapping[PurePosixPath, bytes]
Make = Callable[..., BuildResult]

PUBLIC = "https://example.org/a/b/"
BASE = "https://site.invalid/"


@pytest.fixture(scope="module")
def public(content: Folder, templates_without_fonts: Folder) -> Files:
    """The book's site with a public URL below a path."""
    result = build_site(content, templates_without_fonts, "site", PUBLIC)
    assert result.files is not None
    return result.files


@pytest.fixture(scope="module")
def second(templates: Folder) -> Files:
    """The site of the second book."""
    content = read_folder(ROOT / "tests" / "fixtures" / "second-book", "content")
    result = build_site(content, templates, "site", "")
    assert result.files is not None
    return result.files


def pages(files: Files) -> Iterator[tuple[str, BeautifulSoup]]:
    """Each page but the error page and redirect pages, by its URL."""
    for path, data in files.items():
        if path.suffix == ".html" and path.as_posix() != urls.ERROR_PAGE:
            page = BeautifulSoup(data, "html.parser")
            if not page.find("meta", {"http-equiv": "refresh"}):
                yield path.as_posix().removesuffix("index.html"), page


def markdown(files: Files, url: str) -> str:
    """The Markdown version of the page at a URL."""
    return files[urls.output_path(urls.markdown_url(url))].decode()


def read_as_html(text: str) -> BeautifulSoup:
    """The Markdown as another parser renders it."""
    engine = MarkdownIt("commonmark", {"html": True}).enable("table")
    return BeautifulSoup(engine.render(text), "html.parser")


def words(element: Tag | BeautifulSoup) -> list[str]:
    """The words of an element, without what is between them."""
    return re.findall(r"\w+", element.get_text(" "))


def test_every_page_names_its_markdown_and_every_markdown_has_its_page(built_site: Files) -> None:
    """The head of each page links to it, and so does the footer; there are no others."""
    linked = set()
    for url, page in pages(built_site):
        link = page.find("link", rel="alternate", type="text/markdown")
        assert link is not None, f"/{url} names no Markdown"
        target = urljoin(BASE + url, str(link["href"])).removeprefix(BASE)
        assert target == urls.markdown_url(url)
        footer = page.find("footer")
        assert footer is not None
        assert link["href"] in {a["href"] for a in footer("a")}
        linked.add(PurePosixPath(target))
    assert linked == {path for path in built_site if path.suffix == ".md"}


def test_a_markdown_page_begins_with_the_title_of_the_page(built_site: Files) -> None:
    """Its first line is the only heading of the first level."""
    for url, page in pages(built_site):
        html = read_as_html(markdown(built_site, url))
        title = page.find("title")
        assert title is not None
        (heading,) = html("h1")
        assert title.get_text().startswith(heading.get_text())


def test_nothing_in_a_markdown_page_is_parsed_as_html(built_site: Files, second: Files) -> None:
    """A parser that allows HTML finds none: what looked like a tag is text."""
    for files in (built_site, second):
        for path, data in files.items():
            if path.suffix == ".md":
                engine = MarkdownIt("commonmark", {"html": True}).enable("table")
                kinds = {
                    child.type
                    for token in engine.parse(data.decode())
                    for child in (token, *(token.children or ()))
                }
                assert not kinds & {"html_block", "html_inline"}, path


@pytest.mark.parametrize("number", [100, 208, 226, 301, 404, 418, 425, 429, 499, 511, 999])
def test_the_markdown_of_a_code_leaves_nothing_out(built_site: Files, number: int) -> None:
    """Every sentence, fact, source, and table row of the page is also in it.

    What a fact is about, the same on every page, is left out: the value's meaning says it.
    """
    url = f"status/{number}/"
    page = BeautifulSoup(built_site[urls.output_path(url)], "html.parser")
    main = page.find("main")
    assert isinstance(main, Tag)
    html = read_as_html(markdown(built_site, url))
    text = " ".join(words(html))
    selector = "article > p, article > ul:not(.facts) li, .lead, .facts p:not(.about), .pairs dd"
    for element in main.select(f":is({selector}):not(:has(a[href*='?q=']))"):
        # A page shortens a URL that it shows.
        assert " ".join(words(element)).partition(" https ")[0] in text or "…" in element.get_text()
    for fact in main.select(".facts li"):
        label, value = fact.select_one(".label"), fact.select_one(".value")
        assert label is not None
        assert value is not None
        assert f"{label.get_text()}: {value.get_text()}" in html.get_text().replace("\n", " ")
    outside = {str(a["href"]) for a in main("a") if str(a["href"]).startswith("http")}
    assert outside <= {str(a["href"]) for a in html("a")}
    assert [code.get_text() for code in main("pre")] == [code.get_text() for code in html("pre")]


def test_a_comparison_is_a_table(built_site: Files) -> None:
    """A comparison in a guide has the same rows and columns."""
    url = "guides/redirects/"
    page = BeautifulSoup(built_site[urls.output_path(url)], "html.parser")
    html = read_as_html(markdown(built_site, url))
    for table, expected in zip(html("table"), page.select("main table"), strict=True):
        assert [words(th) for th in table("th")] == [
            words(th) for th in expected.select("thead th")
        ]
        assert len(table("tr")) == len(expected("tr"))


def test_a_table_is_complete(built_site: Files) -> None:
    """Each cell of the page of a table is in its Markdown version, the code first."""
    for name in ("constants", "registry", "vendors"):
        url = f"tables/{name}/"
        page = BeautifulSoup(built_site[urls.output_path(url)], "html.parser")
        table = read_as_html(markdown(built_site, url))("table")[-1]
        page_rows = page.select("main table.rows tbody tr")
        for row, page_row in zip(table("tr")[1:], page_rows, strict=True):
            cells = [" ".join(words(cell)) for cell in page_row(["th", "td"])]
            # A page shortens a URL, and puts marks next to a code.
            for cell, td in zip(cells, row("td"), strict=True):
                if not td.find("a", href=re.compile("^http")):
                    assert " ".join(words(td)) == cell or cell.startswith(td.get_text())


def test_links_of_a_markdown_page_work(built_site: Files, second: Files) -> None:
    """Without a public URL they are relative to the file, and each target exists."""
    for files in (built_site, second):
        for path, data in files.items():
            if path.suffix != ".md":
                continue
            for link in read_as_html(data.decode())("a"):
                url = urljoin(BASE + path.as_posix(), str(link["href"])).partition("#")[0]
                if url.startswith(BASE):
                    assert urls.output_path(url.removeprefix(BASE)) in files, (path, url)


def test_with_a_public_url_links_of_a_markdown_page_are_absolute(public: Files) -> None:
    """Links in text copied from it still work."""
    for path, data in public.items():
        if path.suffix == ".md":
            links = {str(link["href"]) for link in read_as_html(data.decode())("a")}
            assert all(link.startswith(("https://", "http://", "mailto:")) for link in links), path
    url = "status/404/"
    assert f"<{PUBLIC}{url}>" in markdown(public, url)
    assert f"[410]({PUBLIC}status/410/)" in markdown(public, url)


def test_a_markdown_page_names_the_license_of_its_texts(built_site: Files) -> None:
    """The license of the short texts requires it wherever they are shown."""
    for url in ("status/404/", "status/4xx/", "status/"):
        assert "creativecommons.org/licenses/by-sa/2.5" in markdown(built_site, url)
    assert "creativecommons.org" not in markdown(built_site, "guides/redirects/")


def test_a_markdown_page_has_normal_line_ends(built_site: Files) -> None:
    """No carriage return, one line feed at the end, and no two empty lines except in code."""
    for path, data in built_site.items():
        if path.suffix == ".md":
            text = data.decode()
            assert "\r" not in text
            assert text.endswith("\n")
            assert not text.endswith("\n\n")
            assert "\n\n\n" not in re.sub(r"```.*?```", "code", text, flags=re.DOTALL), path
