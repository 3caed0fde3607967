"""A line of a text, and marks under some of its words: cell for cell as a terminal shows them.

Code points take no cell, one or two; some form one character (a grapheme) together. rich knows
which. A tab is shown as spaces up to the next stop, a line that is too long is cut around its
marked words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import split_graphemes

_WIDTH = 96
"""Cells of a line that are shown at most."""
_LEAD = 24
"""Cells before the marked words that a cut line keeps."""
_TAB = 4
"""Cells from one tab stop to the next, as in Markdown."""
_ELLIPSIS = "…"
_JOINERS = "\u200c\u200d"
"""They do not print, but scripts and emoji need them to be shown as one character."""
_STRAY_JOINER = re.compile("(?<![\ufe0f\U0001f000-\U0001faff])\u200d")
"""A joiner behind no emoji: rich takes the letter after it for a part of the one before it."""
_FLAGS = range(0x1F1E6, 0x1F200)
"""Letters that are a flag by twos, which rich takes one by one."""


@dataclass(frozen=True, slots=True)
class _Grapheme:
    """What a reader takes for one character."""

    text: str
    cells: int
    is_marked: bool


def printable(text: str) -> str:
    """The text with every character that does not print replaced, one for one."""
    return "".join(
        char if char.isprintable() or char in _JOINERS else "\N{REPLACEMENT CHARACTER}"
        for char in text
    )


def marked(line: str, column: int, length: int) -> tuple[str, str]:
    """The line as it is shown, and the marks to print under it.

    `column` counts from 1. Past the end of the line, or on nothing, there is one mark.
    """
    graphemes, suffix = _cut(tuple(_graphemes(line, column - 1, column - 1 + length)))
    text = "".join(grapheme.text for grapheme in graphemes) + suffix
    start, end = _marked_range(graphemes)
    marks = max(1, _cells(graphemes[start:end]))
    return text.rstrip(), " " * _cells(graphemes[:start]) + "^" * marks


def _graphemes(line: str, start: int, end: int) -> Iterator[_Grapheme]:
    """Those of a line, marked where they hold a code point from `start` to before `end`."""
    text = printable(line.replace("\t", " "))
    column = 0
    for first, after, cells in _split(text):
        shown = text[first:after]
        if line[first] == "\t":
            # A mark that stands behind a tab combines with its last space.
            cells = _TAB - column % _TAB  # noqa: PLW2901
            shown = " " * (cells - 1) + shown
        yield _Grapheme(shown, cells, is_marked=first < end and after > start)
        column += cells


def _split(text: str) -> Iterator[tuple[int, int, int]]:
    """Where each grapheme begins and ends, and how many cells it takes."""
    spans = iter(split_graphemes(_STRAY_JOINER.sub("\u200c", text), "latest")[0])
    for first, after, cells in spans:
        is_half_flag = after - first == 1 and ord(text[first]) in _FLAGS
        if is_half_flag and after < len(text) and ord(text[after]) in _FLAGS:
            _, flag_after, flag_cells = next(spans)
            yield first, flag_after, cells + flag_cells
        else:
            yield first, after, cells


def _cut(graphemes: Sequence[_Grapheme]) -> tuple[Sequence[_Grapheme], str]:
    """The graphemes that are shown, and what follows them where the line goes on."""
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
    """The index of the first that is marked, and the one after the last; the end where none is."""
    indexes = [index for index, grapheme in enumerate(graphemes) if grapheme.is_marked]
    return (indexes[0], indexes[-1] + 1) if indexes else (len(graphemes), len(graphemes))


def _cells(graphemes: Sequence[_Grapheme]) -> int:
    return sum(grapheme.cells for grapheme in graphemes)
