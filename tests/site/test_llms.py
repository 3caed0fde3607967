"""`llms.txt` follows the convention of llmstxt.org, and `llms-full.txt` has every text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from codebook.book import urls
from codebook.build.pipeline import build_site
from codebook.diagnostics.source import Folder
from codebook.io import read_folder

ROOT = Path(__file__).resolve().parents[2]
Files = Mapping[PurePosixPath, bytes]
BASE = "https://site.invalid/"
BOOKS = ("content", "tests/fixtures/second-book")


@pytest.fixture(scope="module", params=BOOKS)
def files(request: pytest.FixtureRequest, templates: Folder) -> Files:
    """The site of each book."""
    result = build_site(read_folder(ROOT / request.param, "content"), templates, "site", "")
    assert result.files is not None
    return result.files


def llms_txt(files: Files) -> str:
    """The text of `llms.txt`."""
    return files[PurePosixPath(urls.LLMS)].decode()


def test_the_list_has_the_parts_of_the_convention_in_order(files: Files) -> None:
    """A title, a quote, text, then sections that have only lists of links."""
    tokens = [
        token
        for token in MarkdownIt().parse(llms_txt(files))
        if token.level == 0 and token.nesting >= 0
    ]
    kinds = [f"{token.tag}" for token in tokens]
    assert kinds[:3] == ["h1", "blockquote", "p"]
    sections = kinds[3:]
    assert sections[::2] == ["h2"] * (len(sections) // 2)
    assert sections[1::2] == ["ul"] * (len(sections) // 2)


def test_every_list_item_is_a_link_with_an_optional_remark(files: Files) -> None:
    """`- [name](url): remark`, as parsers of the convention expect it."""
    lines = [line for line in llms_txt(files).splitlines() if line.startswith("-")]
    assert lines
    for line in lines:
        assert re.fullmatch(r"- \[(?:\\.|[^\]\\])+\]\(\S+\)(?:: \S.*)?", line), line


def test_the_optional_section_comes_last(files: Files) -> None:
    """The section "Optional" has a meaning, and is the last one."""
    headings = re.findall(r"^## (.*)$", llms_txt(files), flags=re.MULTILINE)
    assert headings.index("Optional") == len(headings) - 1


def test_every_page_is_listed_once_as_markdown(files: Files) -> None:
    """Except for home, which the list replaces; neither the error page nor redirect pages."""
    html = BeautifulSoup(MarkdownIt().render(llms_txt(files)), "html.parser")
    links = [urljoin(BASE, str(link["href"])).removeprefix(BASE) for link in html("a")]
    assert len(links) == len(set(links))
    markdown = {link for link in links if link.endswith(".md")}
    assert markdown == {path.as_posix() for path in files if path.suffix == ".md"} - {"index.md"}
    assert all(PurePosixPath(link) in files for link in links)


def test_the_full_text_has_every_text_and_working_links(files: Files) -> None:
    """Each page but that of all codes, which would repeat everything."""
    full = files[PurePosixPath(urls.LLMS_FULL)].decode()
    html = BeautifulSoup(MarkdownIt().enable("table").render(full), "html.parser")
    titles = [heading.get_text() for heading in html("h1")]
    pages = [path for path in files if path.suffix == ".md"]
    assert len(titles) == len(set(titles)) == len(pages) - 1
    for link in html("a"):
        url = urljoin(BASE, str(link["href"])).partition("#")[0]
        if url.startswith(BASE):
            assert urls.output_path(url.removeprefix(BASE)) in files, url


def test_links_are_absolute_where_the_public_url_is_known(
    content: Folder, templates_without_fonts: Folder
) -> None:
    """The list is read outside the site."""
    result = build_site(content, templates_without_fonts, "site", "https://example.org/a/b/")
    assert result.files is not None
    for link in BeautifulSoup(MarkdownIt().render(llms_txt(result.files)), "html.parser")("a"):
        assert str(link["href"]).startswith("https://example.org/a/b/")
