"""A source was read before the page with the date of it was committed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath

from msgspec.structs import replace

from codebook.book.check.dates import check_dates
from codebook.book.history import History
from codebook.book.parse import parse_documents
from codebook.cache import Cache
from codebook.diagnostics.source import Span
from codebook.io.sources import read_folder

BOOK = Path(__file__).resolve().parents[1] / "fixtures" / "second-book"
TABLE, _ = parse_documents(Cache(), read_folder(BOOK, "content")).value.tables
PAGE = TABLE.path
EVENING = datetime(2026, 1, 31, 23, 59, tzinfo=UTC)


def errors(read: date, *committed: PurePosixPath) -> list[Span]:
    """The locations of errors if a source was read on a day, and these files were committed."""
    history = History((), dict.fromkeys(committed, EVENING))
    table = replace(TABLE, retrieved=read)
    return [diagnostic.span for diagnostic in check_dates([table], history)]


def test_a_source_that_is_read_after_the_commit_is_an_error() -> None:
    """It's reported at the date. A day is allowed, because dates depend on the time zone."""
    assert errors(date(2026, 2, 1), PAGE) == []
    assert errors(date(2026, 2, 2), PAGE) == [Span("content/tables/lanterns.md", 4, 8, 10)]


def test_a_date_that_is_not_committed_is_not_checked() -> None:
    """A result never depends on today's date."""
    assert errors(date(2035, 1, 1)) == []
    assert errors(date(2035, 1, 1), PAGE.with_suffix(".csv")) == []
    assert [*check_dates([TABLE], None)] == []
