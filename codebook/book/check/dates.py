"""Checks dates against the Git history, which shows when a text was written at the latest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from codebook.book.documents import Table
from codebook.book.history import History
from codebook.diagnostics.diagnostic import Diagnostic, Rule

_TIME_ZONES = timedelta(days=1)
"""The commit time is in UTC, and an author's date may be a day ahead of it."""


def check_dates(tables: Iterable[Table], history: History | None) -> Iterator[Diagnostic]:
    """Report sources that were read after the page with the date was committed."""
    for table in tables:
        committed = history.dates.get(table.path) if history else None
        if committed and table.retrieved - _TIME_ZONES > committed.date():
            yield Diagnostic(
                Rule.INVALID_VALUE,
                table.retrieved_span,
                f'the value of "read" is invalid: {table.retrieved.isoformat()} is after '
                f"{committed.date().isoformat()}, when the file was committed",
                help="write the date on which you retrieved the source",
            )
