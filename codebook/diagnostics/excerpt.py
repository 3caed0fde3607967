"""A line of text with marks under some of its words, aligned as a terminal displays them.

A code point occupies zero, one, or two cells, and several can form one character (a grapheme);
rich provides both. Tabs become spaces, and long lines are cut around the marked words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from rich.cells import split_graphemes

_WIDTH = 96
"""The maximum number of cells of a line that are shown."""
_LEAD = 24
"""The number of cells that a cut line keeps before the marked words."""
_NEARBY = 2_000
"""The number of code points on each side of the marked words that can be among those cells."""
_TAB = 4
"""The distance between tab stops in cells, as in Markdown."""
_ELLIPSIS = "…"
_JOINERS = "\u200c\u200d"
"""Not printable, but required by some scripts and emoji to form one character."""
_STRAY_JOINER = re.compile("(?<![\ufe0f\U0001f000-\U0001faff])\u200d")
"""A joiner that doesn't follow an emoji: rich would join the letters around it."""
_FLAGS = range(0x1F1E6, 0x1F200)
"""Regional indicators: two of them form a flag, but rich splits them."""


class _Grapheme(Struct, frozen=True):
    """What a reader perceives as one character."""

    text: str
    cells: int
    is_marked: bool


def printable(text: str) -> str:
    """Return the text with each character that isn't printable replaced."""
    return "".join(
        char if char.isprintable() or char in _JOINERS else "\N{REPLACEMENT CHARACTER}"
        for char in text
    )


def marked(line: str, column: int, length: int) -> tuple[str, str]:
    """Return the line as displayed, and the marks to print under it.

    `column` counts from 1. There is always at least one mark, even past the end of the line.
    """
    start = min(column - 1, _NEARBY)
    end = start + min(length, _NEARBY)
    # Splitting all of a very long line takes much longer than everything else in a report.
    nearby = line[column - 1 - start :][: end + _NEARBY]
    graphemes, suffix = _cut(tuple(_graphemes(nearby, start, end)))
    text = "".join(grapheme.text for grapheme in graphemes) + suffix
    first, after = _marked_range(graphemes)
    marks = max(1, _cells(graphemes[first:after]))
    return text.rstrip(), " " * _cells(graphemes[:first]) + "^" * marks


def _graphemes(line: str, start: int, end: int) -> Iterator[_Grapheme]:
    """The graphemes of a line, marked if they contain a code point in `start:end`."""
    text = printable(line.replace("\t", " "))
    column = 0
    for first, after, cells in _split(text):
        shown = text[first:after]
        if line[first] == "\t":
            # A combining mark after a tab combines with its last space.
            cells = _TAB - column % _TAB  # noqa: PLW2901
            shown = " " * (cells - 1) + shown
        yield _Grapheme(shown, cells, is_marked=first < end and after > start)
        column += cells


def _split(text: str) -> Iterator[tuple[int, int, int]]:
    """The start, end, and number of cells of each grapheme."""
    spans = iter(split_graphemes(_STRAY_JOINER.sub("\u200c", text), "latest")[0])
    for first, after, cells in spans:
        is_half_flag = after - first == 1 and ord(text[first]) in _FLAGS
        if is_half_flag and after < len(text) and ord(text[after]) in _FLAGS:
            _, flag_after, flag_cells = next(spans)
            yield first, flag_after, cells + flag_cells
        else:
            yield first, after, cells


def _cut(graphemes: Sequence[_Grapheme]) -> tuple[Sequence[_Grapheme], str]:
    """The graphemes to show, and an ellipsis if the line continues after them."""
    total = _cells(graphemes)
    if total <= _WIDTH:
        return graphemes, ""
    first, after = _marked_range(graphemes)
    begin, end = _cells(graphemes[:first]), _cells(graphemes[:after])
    start = begin - _LEAD
    if end > start + _WIDTH:
        start = min(begin, end - _WIDTH)
    start = max(0, min(start, total - _WIDTH))
    column = 0
    kept: list[_Grapheme] = []
    for grapheme in graphemes:
        if column >= start and column + grapheme.cells <= start + _WIDTH:
            kept.append(grapheme)
        column += grapheme.cells
    prefix = (_Grapheme(_ELLIPSIS, 1, is_marked=False),) if start else ()
    return (*prefix, *kept), _ELLIPSIS if start + _WIDTH < total else ""


def _marked_range(graphemes: Sequence[_Grapheme]) -> tuple[int, int]:
    """The indexes of the first marked grapheme and after the last one; the end if there is none."""
    indexes = [index for index, grapheme in enumerate(graphemes) if grapheme.is_marked]
    return (indexes[0], indexes[-1] + 1) if indexes else (len(graphemes), len(graphemes))


def _cells(graphemes: Sequence[_Grapheme]) -> int:
    return sum(grapheme.cells for grapheme in graphemes)
