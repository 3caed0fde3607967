"""The footer of a page: the date of the last change, and links to edit its texts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest
from bs4 import BeautifulSoup

from codebook.build.pipeline import build_site
from codebook.diagnostics.source import Folder
from codebook.io.sources import read_folder
from tests.sample_books import change, history_of

SECOND = Path(__file__).resolve().parents[1] / "fixtures" / "second-book"
EDITED = "https://example.org/harbor/signals/edit/trunk/content"


@pytest.fixture(scope="module")
def book() -> Folder:
    """The second book, whose settings name a repository."""
    return read_folder(SECOND, "content")


@pytest.fixture(scope="module")
def pages(book: Folder, templates_without_fonts: Folder) -> Mapping[str, BeautifulSoup]:
    """The pages of a book that was written at once, with some later changes."""
    history = history_of(
        change(1, "codes/1010.md"),
        change(2, "guides/in-or-out.md"),
        change(3, "tables/lanterns.csv"),
        change(4, *book.files),
    )
    result = build_site(book, templates_without_fonts, "site", "", history=history)
    assert result.files is not None, result.diagnostics
    return {
        path.as_posix().removesuffix("index.html"): BeautifulSoup(data, "html.parser")
        for path, data in result.files.items()
        if path.suffix == ".html"
    }


def changed(page: BeautifulSoup) -> str:
    """The date in the footer of a page, or an empty text."""
    time = page.select_one("footer time")
    return time.get_text() if time else ""


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("signals/1010/", "2096-02-02"),
        ("guides/in-or-out/", "2096-02-01"),
        ("tables/lanterns/", "2096-01-31"),
        ("signals/1020/", "2096-01-30"),
        ("signals/1100/", "2096-01-30"),
        ("signals/1xxx/", "2096-01-30"),
        ("signals/", "2096-01-30"),
        ("", "2096-01-30"),
    ],
)
def test_a_page_shows_when_its_text_last_changed(
    pages: Mapping[str, BeautifulSoup], url: str, day: str
) -> None:
    """Changes to other codes of its register, or to compared facts, don't count."""
    assert changed(pages[url]) == day


def test_the_error_page_has_no_date(pages: Mapping[str, BeautifulSoup]) -> None:
    """It has no source text."""
    assert changed(pages["404.html"]) == ""


def test_an_uncommitted_page_has_no_date(book: Folder, templates_without_fonts: Folder) -> None:
    """An older date would be wrong. A copy without history has no dates."""
    history = history_of(change(1, *(path for path in book.files if path.stem != "1010")))
    for known, expected in ((history, {"1010": "", "1020": "2096-02-02"}), (None, {"1020": ""})):
        result = build_site(book, templates_without_fonts, "site", "", history=known)
        assert result.files
        for code, day in expected.items():
            page = result.files[PurePosixPath(f"signals/{code}/index.html")]
            assert changed(BeautifulSoup(page, "html.parser")) == day


@pytest.mark.parametrize(
    ("url", "label", "file", "text"),
    [
        ("signals/1010/", "Edit the summary", "codes/1010.md", "summary = "),
        ("signals/1010/", "Edit the short text", "harbor-signals.md", "- 1010"),
        ("signals/1010/", "Edit the facts", "codes/1010.md", "hail = "),
        ("signals/1010/", "Edit the article", "codes/1010.md", "## When it is shown"),
        ("guides/in-or-out/", "Edit this page", "guides/in-or-out.md", "# "),
        ("tables/lanterns/", "Edit the rows", "tables/lanterns.csv", "code,"),
    ],
)
def test_an_edit_link_points_to_the_first_line_of_the_text(
    pages: Mapping[str, BeautifulSoup], url: str, label: str, file: str, text: str
) -> None:
    """Each text on the page has a link to the editor of the repository's host."""
    link = pages[url].find("a", string=label)
    assert link
    file_url, _, line = str(link["href"]).partition("#L")
    assert file_url == f"{EDITED}/{file}"
    lines = (SECOND / file).read_text(encoding="utf-8").splitlines()
    assert lines[int(line) - 1].startswith(text)
