"""Each page is there as Markdown: whole, self-contained, and readable in a terminal."""

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

ROOT = Path(__file__).resolve().parent.parent
Files = Mapping[PurePosixPath, bytes]
Make = Callable[..., BuildResult]

PUBLIC = "https://example.org/a/b/"
HERE = "https://site.invalid/"


@pytest.fixture(scope="module")
def public(content: Folder, templates_without_fonts: Folder) -> Files:
    """The book's site with a public address below a path."""
    outcome = build_site(content, templates_without_fonts, "site", PUBLIC)
    assert outcome.files is not None
    return outcome.files


@pytest.fixture(scope="module")
def second(templates: Folder) -> Files:
    """The site of the second book."""
    content = read_folder(ROOT / "tests" / "fixtures" / "second-book", "content")
    outcome = build_site(content, templates, "site", "")
    assert outcome.files is not None
    return outcome.files


def pages(files: Files) -> Iterator[tuple[str, BeautifulSoup]]:
    """Each page that is one, by its address."""
    for path, data in files.items():
        if path.suffix == ".html" and path.as_posix() != urls.ERROR_PAGE:
            page = BeautifulSoup(data, "html.parser")
            if not page.find("meta", {"http-equiv": "refresh"}):
                yield path.as_posix().removesuffix("index.html"), page


def twin(files: Files, address: str) -> str:
    """The Markdown of the page at an address."""
    return files[urls.output_path(urls.markdown_url(address))].decode()


def read_as_html(text: str) -> BeautifulSoup:
    """The Markdown as another reader of it understands it."""
    engine = MarkdownIt("commonmark", {"html": True}).enable("table")
    return BeautifulSoup(engine.render(text), "html.parser")


def words(element: Tag | BeautifulSoup) -> list[str]:
    """The words of an element, whatever is between them."""
    return re.findall(r"\w+", element.get_text(" "))


def test_every_page_names_its_markdown_and_every_markdown_has_its_page(built_site: Files) -> None:
    """A link in the head of each page leads to it, another below the page; none is left over."""
    found = set()
    for address, page in pages(built_site):
        link = page.find("link", rel="alternate", type="text/markdown")
        assert link is not None, f"/{address} names no Markdown"
        there = urljoin(HERE + address, str(link["href"])).removeprefix(HERE)
        assert there == urls.markdown_url(address)
        footer = page.find("footer")
        assert footer is not None
        assert link["href"] in {a["href"] for a in footer("a")}
        found.add(PurePosixPath(there))
    assert found == {path for path in built_site if path.suffix == ".md"}


def test_a_markdown_begins_with_what_the_page_is_called(built_site: Files) -> None:
    """Its first line is the only heading of the first level."""
    for address, page in pages(built_site):
        html = read_as_html(twin(built_site, address))
        title = page.find("title")
        assert title is not None
        (heading,) = html("h1")
        assert title.get_text().startswith(heading.get_text())


def test_nothing_in_a_markdown_is_read_as_html(built_site: Files, second: Files) -> None:
    """A reader that lets HTML pass finds none: what looked like a tag is words."""
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
    """Every sentence, fact, source and table row of the page stands in it too.

    What a fact is about, the same on every page, is left to what its value means.
    """
    address = f"status/{number}/"
    page = BeautifulSoup(built_site[urls.output_path(address)], "html.parser")
    main = page.find("main")
    assert isinstance(main, Tag)
    text = read_as_html(twin(built_site, address))
    said = " ".join(words(text))
    shown = "article > p, article > ul:not(.facts) li, .lead, .facts p:not(.about), .pairs dd"
    for each in main.select(f":is({shown}):not(:has(a[href*='?q=']))"):
        # A page shortens a web address that it shows.
        assert " ".join(words(each)).partition(" https ")[0] in said or "…" in each.get_text()
    for fact in main.select(".facts li"):
        label, value = fact.select_one(".label"), fact.select_one(".value")
        assert label is not None
        assert value is not None
        assert f"{label.get_text()}: {value.get_text()}" in text.get_text().replace("\n", " ")
    outside = {str(a["href"]) for a in main("a") if str(a["href"]).startswith("http")}
    assert outside <= {str(a["href"]) for a in text("a")}
    assert [code.get_text() for code in main("pre")] == [code.get_text() for code in text("pre")]


def test_a_comparison_is_a_table(built_site: Files) -> None:
    """What a guide sets side by side has the same rows and columns."""
    address = "guides/redirects/"
    page = BeautifulSoup(built_site[urls.output_path(address)], "html.parser")
    html = read_as_html(twin(built_site, address))
    for mine, shown in zip(html("table"), page.select("main table"), strict=True):
        assert [words(each) for each in mine("th")] == [words(e) for e in shown.select("thead th")]
        assert len(mine("tr")) == len(shown("tr"))


def test_a_table_is_whole(built_site: Files) -> None:
    """Each cell of the page of a table stands in its Markdown, the code first."""
    for name in ("constants", "registry", "vendors"):
        address = f"tables/{name}/"
        page = BeautifulSoup(built_site[urls.output_path(address)], "html.parser")
        mine = read_as_html(twin(built_site, address))("table")[-1]
        shown = page.select("main table.rows tbody tr")
        for row, other in zip(mine("tr")[1:], shown, strict=True):
            cells = [" ".join(words(each)) for each in other(["th", "td"])]
            # A page shortens a web address, and puts marks beside a code.
            for cell, there in zip(cells, row("td"), strict=True):
                if not there.find("a", href=re.compile("^http")):
                    assert " ".join(words(there)) == cell or cell.startswith(there.get_text())


def test_links_of_a_markdown_lead_to_pages(built_site: Files, second: Files) -> None:
    """Without a public address they are relative to the file, and each of them is there."""
    for files in (built_site, second):
        for path, data in files.items():
            if path.suffix != ".md":
                continue
            for link in read_as_html(data.decode())("a"):
                url = urljoin(HERE + path.as_posix(), str(link["href"])).partition("#")[0]
                if url.startswith(HERE):
                    assert urls.output_path(url.removeprefix(HERE)) in files, (path, url)


def test_links_of_a_markdown_are_whole_where_the_public_address_is_known(public: Files) -> None:
    """What is copied from it into another text still leads somewhere."""
    for path, data in public.items():
        if path.suffix == ".md":
            links = {str(link["href"]) for link in read_as_html(data.decode())("a")}
            assert all(link.startswith(("https://", "http://", "mailto:")) for link in links), path
    address = "status/404/"
    assert f"<{PUBLIC}{address}>" in twin(public, address)
    assert f"[410]({PUBLIC}status/410/)" in twin(public, address)


def test_whose_words_a_markdown_holds_is_said_in_it(built_site: Files) -> None:
    """The licence of the short texts asks for it wherever they are shown."""
    for address in ("status/404/", "status/4xx/", "status/"):
        assert "creativecommons.org/licenses/by-sa/2.5" in twin(built_site, address)
    assert "creativecommons.org" not in twin(built_site, "guides/redirects/")


def test_lines_of_a_markdown_end_plainly(built_site: Files) -> None:
    """No carriage return, one line feed at the end, and no more than one empty line, code apart."""
    for path, data in built_site.items():
        if path.suffix == ".md":
            text = data.decode()
            assert "\r" not in text
            assert text.endswith("\n")
            assert not text.endswith("\n\n")
            assert "\n\n\n" not in re.sub(r"```.*?```", "code", text, flags=re.DOTALL), path
