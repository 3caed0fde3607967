"""Surveys: tables of what many subjects did with each code, here the ships of the second book."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from pathlib import PurePosixPath

import pytest
from bs4 import BeautifulSoup, Tag

from codebook.build.pipeline import build_site
from codebook.diagnostics.source import Folder
from codebook.io.sources import read_folder
from tests.sample_books import SECOND, second_pages, second_site
from tests.templates import templates_without_fonts

PAGE = "tables/ships/"
ROWS = PurePosixPath("tables/ships.csv")


@pytest.fixture(scope="module")
def pages() -> Mapping[str, BeautifulSoup]:
    """The pages of the second book by their URL."""
    return second_pages()


def text_of(tag: Tag) -> str:
    """The text with spaces collapsed."""
    return " ".join(tag.get_text().split())


def cells_of(row: Tag) -> list[str]:
    """The texts of the cells, whose end tags are left out."""
    return [text_of(BeautifulSoup(cell, "html.parser")) for cell in str(row).split("<td")[1:]]


def matrix(group: Tag) -> list[list[str]]:
    """The rows of a matrix: its codes, and each subject with its cells."""
    subjects = [
        [text_of(row.select("th")[0]), *(re.sub("^[^>]*>", "", cell) for cell in cells_of(row))]
        for row in group.select("tbody tr")
    ]
    return [[text_of(code) for code in group.select("thead a")], *subjects]


def test_each_group_is_a_matrix_of_subjects_and_codes(pages: Mapping[str, BeautifulSoup]) -> None:
    """A cell has the mark of the outcome, the value, or nothing, and each deviation is marked.

    The first two matrices are open. Codes are shown as written.
    """
    groups = pages[PAGE].select(".matrices details")
    assert {text_of(group.select("h3")[0]): matrix(group) for group in groups} == {
        "none": [
            ["1010", "1020", "1999", "01010"],
            ["Gull 1", "E", "W", "W", ""],
            ["Heron", "E", "~", "20", "!≠"],
            ["Tern 2.1", "W≠", "E≠", "", "W"],
        ],
        "grain": [["1010"], ["Gull 1", "E"], ["Heron", "E"], ["Tern 2.1", "W≠"]],
        "miles": [["1010"], ["Gull 1", "3"], ["Heron", "20"], ["Tern 2.1", "~"]],
    }
    assert [group.has_attr("open") for group in groups] == [True, True, False]


def test_the_legend_explains_every_mark(pages: Mapping[str, BeautifulSoup]) -> None:
    """Each has the color of its outcome, which can be chosen; the last one marks deviations."""
    legend = [
        (text_of(mark), mark.get("data-hue"), text_of(mark.find_next_siblings("dd")[0]))
        for mark in pages[PAGE].select(".key dt")
    ]
    assert legend == [
        ("E", "2", "enters"),
        ("W", "2", "waits"),
        ("!", "5", "sinks"),
        ("~", "4", "drifts"),
        ("≠", None, "differs from the standard"),
    ]


def test_each_column_leads_to_its_scenario(pages: Mapping[str, BeautifulSoup]) -> None:
    """It says what is expected, cites its section, and has the command that repeats it."""
    page = pages[PAGE]
    heads = [str(link["href"]) for link in page.select(".matrix thead a")]
    rows = {f"#{row['id']}": text_of(row) for row in page.select(".scenarios tbody tr")}
    assert sorted(heads) == sorted(rows)
    assert rows["#h-keep-out"] == (
        "1020 noneHarbor Rules, Chapter 9Rules: waits or sinkskeep-out row --to keep-out"
    )
    links = {str(link["href"]) for link in page.select(".scenarios #h-keep-out a")}
    assert links == {"../../signals/1020/", "https://example.org/rules/9", "#h-keep-out"}


def test_a_code_without_a_page_is_not_a_link(pages: Mapping[str, BeautifulSoup]) -> None:
    """A survey can be about unassigned codes, and about 01010, which isn't 1010."""
    for scenario in ("unknown", "leading-zero"):
        head = pages[PAGE].select(f"#h-{scenario} th")[0]
        assert head.find("a") is None
        assert text_of(head) in {"1999", "01010"}


def test_a_text_can_link_to_a_scenario(pages: Mapping[str, BeautifulSoup]) -> None:
    """Its name is the anchor, like that of a heading."""
    (link,) = (link for link in pages[PAGE].find_all("a") if link.text == "the first trial")
    assert str(link["href"]).endswith("#h-come-in")


def test_the_page_of_a_code_says_what_the_subjects_did(
    pages: Mapping[str, BeautifulSoup],
) -> None:
    """Scenarios with the same results share a row, and deviations are in words."""
    page = pages["signals/1010/"]
    heading = page.select("h2#surveys")[0]
    assert text_of(heading) == "What ships did"
    rows = [text_of(row) for row in page.select(".shares > div")]
    assert rows == [
        "none grain enters: Gull, Heron ≠ differs from the standard: waits: Tern",
        "miles 3: Gull · 20: Heron · drifts: Tern",
    ]
    links = [str(link["href"]) for link in page.select(".shares a")]
    assert links == [
        f"../../{PAGE}#h-{scenario}" for scenario in ("come-in", "come-in-with-grain", "how-far")
    ]
    contents = [str(link["href"]) for link in page.select(".toc a")]
    assert contents.index("#surveys") == contents.index("#tables") - 1


def built(rows: str) -> dict[str, str]:
    """The files of the second book with these rows in the survey, by path."""
    book = read_folder(SECOND, "content")
    header = book.files[ROWS].decode().splitlines()[0]
    files = {**book.files, ROWS: f"{header}\n{rows}".encode()}
    result = build_site(Folder("content", files), templates_without_fonts(), "site", "")
    assert result.files is not None, result.diagnostics
    return {
        path.as_posix(): data.decode()
        for path, data in result.files.items()
        if path.suffix in {".html", ".md"}
    }


def test_a_subject_that_was_not_measured_is_left_out() -> None:
    """An empty cell is no result."""
    page = BeautifulSoup(
        built("1010,none,come-in,,,wait,,wait\n")["signals/1010/index.html"], "html.parser"
    )
    assert [text_of(row) for row in page.select(".shares > div")] == ["none waits: Gull, Tern"]


def test_the_page_of_a_code_shows_only_the_first_rows_of_a_survey() -> None:
    """It links to the next one."""
    rows = "".join(f"1010,load {n},load-{n},,,{n},enter,drift\n" for n in range(1, 11))
    files = built(f"1010,none,come-in,,wait sink,wait,sink,wait\n{rows}")
    page = BeautifulSoup(files["signals/1010/index.html"], "html.parser")
    assert len(page.select(".shares > div")) == 8
    more = page.select(".shares + p a")[0]
    assert text_of(more) == "3 more results for this code"
    assert more["href"] == f"../../{PAGE}#h-load-8"
    assert "load 10: 10: Gull" in files["signals/1010/index.md"]


def test_a_survey_is_also_markdown() -> None:
    """Its page has the matrices, and that of a code the results in words."""
    page = second_site()[PurePosixPath(PAGE, "index.md")].decode()
    assert "\n| Tern 2.1 | W≠ | E≠ |   | W |\n" in page
    assert "| 1999 | none | unknown |   | not specified | `row --to unknown` |" in page
    code = second_site()[PurePosixPath("signals/1010/index.md")].decode()
    assert (
        "- none, grain: enters: Gull, Heron; **differs from the standard:** waits: Tern\n"
        "- miles: 3: Gull · 20: Heron · drifts: Tern\n"
    ) in code


def test_the_record_of_a_survey_says_what_its_cells_mean() -> None:
    """It has the outcomes, the subjects, and for each row what was expected and who deviates."""
    record = json.loads(second_site()[PurePosixPath("api/v1/tables/ships.json")])
    survey = record["survey"]
    assert [outcome["key"] for outcome in survey["outcomes"]] == ["enter", "wait", "sink", "drift"]
    assert survey["subjects"][0] == {"key": "gull", "name": "Gull", "version": "1"}
    assert len(survey["scenarios"]) == len(record["rows"])
    assert survey["scenarios"][4] == {
        "id": "leading-zero",
        "code": "01010",
        "group": "none",
        "expected": ["wait"],
        "deviating": ["heron"],
        "command": "row --to leading-zero",
        "url": "../../../tables/ships/#h-leading-zero",
    }
    assert record["rows"][4]["page"] == ""
    lanterns = json.loads(second_site()[PurePosixPath("api/v1/tables/lanterns.json")])
    assert lanterns["survey"] is None


def test_the_csv_file_of_a_survey_has_all_columns() -> None:
    """The codes are as written, and the subjects follow the other columns."""
    text = second_site()[PurePosixPath("api/v1/tables/ships.csv")].decode()
    rows = [*csv.reader(text.splitlines())]
    original = [*csv.reader((SECOND / ROWS).read_text(encoding="utf-8").splitlines())]
    assert rows == original
