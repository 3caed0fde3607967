"""CSV is read like by other programs, except that spaces around cells have no meaning."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import PurePosixPath

from hypothesis import given, settings
from hypothesis import strategies as st

from codebook.diagnostics.source import Source
from codebook.syntax.csv_cells import read_rows, without_spaces

ANY_CSV = st.text('",\n ab', max_size=16)
WITHOUT_SPACES = st.text('",\nab', max_size=16)


def source_of(text: str) -> Source:
    """A CSV file."""
    return Source.of(PurePosixPath("tables/flags.csv"), "content/tables/flags.csv", text)


def texts(text: str) -> list[list[str]]:
    """The text of each cell of a file without errors."""
    parsed = read_rows(source_of(text))
    assert parsed.diagnostics == ()
    return [[cell.text for cell in row] for row in parsed.value]


@settings(derandomize=True, database=None, deadline=None, max_examples=500)
@given(text=WITHOUT_SPACES)
def test_cells_are_those_of_the_standard_library(text: str) -> None:
    """It rejects the same texts, and reads the same rows except empty ones."""
    try:
        rows = [*csv.reader(StringIO(text, newline=""), strict=True)]
    except csv.Error:
        assert read_rows(source_of(text)).diagnostics
        return
    written = [[cell.strip() for cell in row] for row in rows]
    assert texts(text) == [row for row in written if len(row) > 1 or any(row)]


@settings(derandomize=True, database=None, deadline=None, max_examples=500)
@given(text=ANY_CSV)
def test_the_text_of_a_cell_is_at_its_location(text: str) -> None:
    """Its first line is, unless it contains a quote, which may be written as two."""
    source = source_of(text)
    for cell in (cell for row in read_rows(source).value for cell in row):
        line, start = source.lines[cell.span.line - 1], cell.span.column - 1
        first = cell.text.partition("\n")[0]
        assert '"' in first or line[start:].startswith(first)


@settings(derandomize=True, database=None, deadline=None, max_examples=500)
@given(text=ANY_CSV)
def test_removing_spaces_keeps_the_text_of_all_cells(text: str) -> None:
    """Only spaces are removed, once; a text with an error isn't changed."""
    source = source_of(text)
    fixed = without_spaces(source)
    if read_rows(source).diagnostics:
        assert fixed == text
        return
    assert texts(fixed) == texts(text)
    assert without_spaces(source_of(fixed)) == fixed
    assert "".join(fixed.split()) == "".join(text.split())
