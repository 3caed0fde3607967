"""`llms.txt` follows the convention of llmstxt.org, and `llms-full.txt` has all texts."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import PurePosixPath
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from codebook.book import urls
from tests.offenders import assert_none
from tests.sample_books import PUBLIC, Files, markdown_pages, second_site

BASE = "https://site.invalid/"


@pytest.fixture(params=["own", "second"])
def files(request: pytest.FixtureRequest, built_site: Files) -> Files:
    """The site of each book."""
    return built_site if request.param == "own" else second_site()


def llms_txt(files: Files) -> str:
    """The text of `llms.txt`."""
    return files[PurePosixPath(urls.LLMS)].decode()


def test_the_list_has_the_parts_of_the_convention_in_order(files: Files) -> None:
    """The parts are a title, a quote, text, and sections of links."""
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
    """The format is `- [name](url): remark`, as parsers expect it."""
    lines = [line for line in llms_txt(files).splitlines() if line.startswith("-")]
    assert lines
    item = re.compile(r"- \[(?:\\.|[^\]\\])+\]\(\S+\)(?:: \S.*)?")
    assert_none(line for line in lines if not item.fullmatch(line))


def test_the_optional_section_comes_last(files: Files) -> None:
    """The convention gives the heading "Optional" a meaning."""
    headings = re.findall(r"^## (.*)$", llms_txt(files), flags=re.MULTILINE)
    assert headings.index("Optional") == len(headings) - 1


def test_every_page_is_listed_once_as_markdown(files: Files) -> None:
    """The home page, the error page, and redirect pages aren't listed."""
    html = BeautifulSoup(MarkdownIt().render(llms_txt(files)), "html.parser")
    links = [urljoin(BASE, str(link["href"])).removeprefix(BASE) for link in html("a")]
    assert len(links) == len(set(links))
    markdown = {link for link in links if link.endswith(".md")}
    assert markdown == {path.as_posix() for path in markdown_pages(files)} - {"index.md"}
    assert all(PurePosixPath(link) in files for link in links)


def test_the_full_text_has_every_text_and_working_links(files: Files) -> None:
    """Only the lists of all codes, guides, and tables are omitted, which repeat other pages."""
    full = files[PurePosixPath(urls.LLMS_FULL)].decode()
    tokens = MarkdownIt().enable("table").parse(full)
    titles = [text.content for token, text in pairwise(tokens) if token.tag == "h1"][::2]
    assert len(titles) == len(set(titles)) == len(markdown_pages(files)) - 3
    children = [child for token in tokens for child in token.children or ()]
    links = {str(child.attrs["href"]) for child in children if child.type == "link_open"}
    targets = {urljoin(BASE, link).partition("#")[0] for link in links}
    assert targets
    assert_none(
        url
        for url in targets
        if url.startswith(BASE) and urls.output_path(url.removeprefix(BASE)) not in files
    )


def test_links_are_absolute_if_the_public_url_is_known(public_site: Files) -> None:
    """The list is also read outside the site."""
    links = BeautifulSoup(MarkdownIt().render(llms_txt(public_site)), "html.parser")("a")
    assert links
    assert_none(link for link in links if not str(link["href"]).startswith(PUBLIC))
