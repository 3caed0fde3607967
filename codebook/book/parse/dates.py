"""Checks dates that can't be right.

No date is compared with today's, so that a build gives the same result on every day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.diagnostics.source import Span

YEAR_OF_FIRST_WEBSITE = 1990
YEAR_OF_SECURITY_TXT = 2022
"""RFC 9116, which defines the expiration date, was published in April 2022."""
_LAST = 2099
"""The last year that isn't certainly a typo."""


def implausible_date(key: str, value: date, first: int, span: Span) -> Iterator[Diagnostic]:
    """Report a date before the year `first`, or so late that it must be a typo."""
    if not first <= value.year <= _LAST:
        bound = f"before {first}" if value.year < first else f"after {_LAST}"
        yield Diagnostic(
            Rule.INVALID_VALUE,
            span,
            f'the value of "{key}" is invalid: {value.isoformat()} is {bound}',
            help="correct the year: dates have the form 2026-01-31",
        )
