"""`llms.txt` keeps the convention of llmstxt.org, and `llms-full.txt` holds every text."""

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

ROOT = Path(__file__).resolve().parent.parent
Files = Mapping[PurePosixPath, bytes]
HERE = "https://site.invalid/"
BOOKS = ("content", "tests/fixtures/second-book")


@pytest.fixture(scope="module", params=BOOKS)
def files(request: pytest.FixtureRequest, templates: Folder) -> Files:
    """The site of each book."""
    outcome = build_site(read_folder(ROOT / request.param, "content"), templates, "site", "")
    assert outcome.files is not None
    return outcome.files


def listed(files: Files) -> str:
    """The list of texts."""
    return files[PurePosixPath(urls.LLMS)].decode()


def test_the_list_has_the_parts_that_the_convention_names_in_their_order(files: Files) -> None:
    """A title, a quote, words, then sections that hold lists of links alone."""
    tokens = [
        token
        for token in MarkdownIt().parse(listed(files))
        if token.level == 0 and token.nesting >= 0
    ]
    kinds = [f"{token.tag}" for token in tokens]
    assert kinds[:3] == ["h1", "blockquote", "p"]
    sections = kinds[3:]
    assert sections[::2] == ["h2"] * (len(sections) // 2)
    assert sections[1::2] == ["ul"] * (len(sections) // 2)


def test_every_line_of_a_list_is_a_link_and_perhaps_a_remark(files: Files) -> None:
    """`- [name](address): remark`, as readers of the convention take it apart."""
    lines = [line for line in listed(files).splitlines() if line.startswith("-")]
    assert lines
    for line in lines:
        assert re.fullmatch(r"- \[(?:\\.|[^\]\\])+\]\(\S+\)(?:: \S.*)?", line), line


def test_what_may_be_left_out_comes_last(files: Files) -> None:
    """The section "Optional" has a meaning, and is the last one."""
    headings = re.findall(r"^## (.*)$", listed(files), flags=re.MULTILINE)
    assert headings.index("Optional") == len(headings) - 1


def test_every_page_is_listed_once_as_markdown(files: Files) -> None:
    """Home apart, which the list stands for; neither the error page nor what only leads on."""
    html = BeautifulSoup(MarkdownIt().render(listed(files)), "html.parser")
    links = [urljoin(HERE, str(link["href"])).removeprefix(HERE) for link in html("a")]
    assert len(links) == len(set(links))
    twins = {link for link in links if link.endswith(".md")}
    assert twins == {path.as_posix() for path in files if path.suffix == ".md"} - {"index.md"}
    assert all(PurePosixPath(link) in files for link in links)


def test_the_full_text_holds_every_text_and_its_links_lead_from_where_it_lies(files: Files) -> None:
    """Each page but that of all codes, which would say everything twice."""
    full = files[PurePosixPath(urls.LLMS_FULL)].decode()
    html = BeautifulSoup(MarkdownIt().enable("table").render(full), "html.parser")
    titles = [heading.get_text() for heading in html("h1")]
    pages = [path for path in files if path.suffix == ".md"]
    assert len(titles) == len(set(titles)) == len(pages) - 1
    for link in html("a"):
        url = urljoin(HERE, str(link["href"])).partition("#")[0]
        if url.startswith(HERE):
            assert urls.output_path(url.removeprefix(HERE)) in files, url


def test_links_are_whole_where_the_public_address_is_known(
    content: Folder, templates_without_fonts: Folder
) -> None:
    """The list is read far from the site."""
    outcome = build_site(content, templates_without_fonts, "site", "https://example.org/a/b/")
    assert outcome.files is not None
    for link in BeautifulSoup(MarkdownIt().render(listed(outcome.files)), "html.parser")("a"):
        assert str(link["href"]).startswith("https://example.org/a/b/")
