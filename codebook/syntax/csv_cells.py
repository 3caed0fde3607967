"""Parses CSV into cells with locations.

The parser of the standard library reports no locations, and not which quote is wrong. Spaces around
a cell, and around the text in its quotes, have no meaning.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from msgspec import Struct

from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule
from codebook.diagnostics.source import Source, Span

_CELL = re.compile(
    r'[^\S\n]*(?:"(?P<quoted>[^"]*+(?:""[^"]*+)*+)"(?P<after>[^,\n]*)'
    r"|(?P<plain>[^,\n]*))(?P<end>,|\n|\Z)"
)
"""A cell, and the separator after it."""


class Cell(Struct, frozen=True):
    """A cell, without quotes and the spaces around its text."""

    text: str
    span: Span
    """The first line of the text."""


Cells = Sequence[Cell]
"""A row."""


def read_rows(source: Source) -> Parsed[tuple[Cells, ...]]:
    """Parse the rows up to the first invalid quote. Lines without any text are left out."""
    starts = [0, *accumulate(len(line) + 1 for line in source.lines)]

    def span(offset: int, length: int) -> Span:
        line = bisect_right(starts, offset)
        return source.at(line, offset - starts[line - 1] + 1, length)

    rows: list[Cells] = []
    row: list[Cell] = []
    for match in _cells(source.text):
        part = "plain" if match["quoted"] is None else "quoted"
        written, start = match[part], match.start(part)
        if part == "plain" and written.startswith('"'):
            return Parsed(tuple(rows), (_unclosed(span(start, 1)),))
        if part == "quoted" and match["after"].strip():
            after = match["after"]
            error = _after_quote(after.strip(), span(match.start("after"), len(after.rstrip())))
            return Parsed(tuple(rows), (error,))
        text = written.strip()
        start += len(written) - len(written.lstrip())
        row.append(
            Cell(
                text.replace('""', '"') if part == "quoted" else text,
                span(start, len(text.partition("\n")[0])),
            )
        )
        if match["end"] != ",":
            rows += [tuple(row)] if len(row) > 1 or row[0].text else []
            row = []
    return Parsed(tuple(rows))


def without_spaces(source: Source) -> str:
    """Return the text without the spaces around cells and around the text in quotes.

    It's unchanged if a quote is invalid, because the spaces may be inside a cell then.
    """
    if read_rows(source).diagnostics:
        return source.text
    return "".join(
        (match["plain"].strip() if match["quoted"] is None else f'"{match["quoted"].strip()}"')
        + match["end"]
        for match in _cells(source.text)
    )


def _cells(text: str) -> Iterator[re.Match[str]]:
    """The cells. The empty text at the end is one only after a comma."""
    end = "\n"
    for match in _CELL.finditer(text):
        if match[0] or end == ",":
            yield match
        end = match["end"]


def _unclosed(span: Span) -> Diagnostic:
    return Diagnostic(
        Rule.INVALID_CSV,
        span,
        "this quote is never closed",
        help='add " at the end of the cell, or remove the quote',
    )


def _after_quote(text: str, span: Span) -> Diagnostic:
    return Diagnostic(
        Rule.INVALID_CSV,
        span,
        f'unexpected "{text}" after the closing quote',
        help='put the whole cell in "quotes", and write "" for a quote inside it',
    )
