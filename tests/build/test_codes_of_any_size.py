"""A book with the code 0, a class of one code, and ranges across powers of ten."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest
from bs4 import BeautifulSoup

from codebook.build.pipeline import build_site
from codebook.io.sources import read_folder
from tests.sample_books import page_urls, parse_pages
from tests.templates import templates_without_fonts

CONTENT = Path(__file__).resolve().parents[1] / "fixtures" / "exit-codes"
CODES = (0, 1, 2, 99, 125, 127)
CLASSES = {
    "0-0": "0 Success",
    "1-9": "1–9 Small errors",
    "10-125": "10–125 Errors of the command",
    "126-225": "126–225 Errors of the shell",
}
"""The title of the page of each class."""


@pytest.fixture(scope="module")
def site() -> Mapping[PurePosixPath, bytes]:
    """The built site, which has no diagnostic."""
    result = build_site(read_folder(CONTENT, "content"), templates_without_fonts(), "site", "")
    assert result.diagnostics == ()
    assert result.files is not None
    return result.files


def test_every_code_and_class_has_its_page(site: Mapping[PurePosixPath, bytes]) -> None:
    """The URL of a class has its first and last code; its title has a dash, or the only code."""
    pages = parse_pages(site)
    titles = {url: heading(page) for url, page in pages.items() if url.startswith("status/")}
    assert {url for url in titles if "-" in url} == {f"status/{label}/" for label in CLASSES}
    assert {label: titles[f"status/{label}/"] for label in CLASSES} == CLASSES
    assert {f"status/{number}/" for number in CODES} <= page_urls(site)
    assert PurePosixPath("0/index.html") in site
    assert titles["status/0/"] == "0 Done"


def heading(page: BeautifulSoup) -> str:
    """The text of the only level-1 heading."""
    (only,) = page.select("h1")
    return " ".join(only.get_text(" ").split())


def test_links_and_facts_of_the_code_zero_are_shown(site: Mapping[PurePosixPath, bytes]) -> None:
    """The code isn't taken for a missing one."""
    pages = parse_pages(site)
    assert [link["href"] for link in pages["status/0/"].select("a[rel=next]")] == ["../1/"]
    assert [link["href"] for link in pages["status/1/"].select("a[rel=prev]")] == ["../0/"]
    assert pages["status/1-9/"].select("main p a[href='../0/']")
    assert pages["status/0/"].select("main table a[href='../1/']")
