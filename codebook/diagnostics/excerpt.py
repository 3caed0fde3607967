"""A line of a text, and marks under some of its words: cell for cell as a terminal shows them.

Characters take no cell, one or two; some are one sign together. rich knows which. A tab is shown
as blanks up to the next stop, a line that is too long is cut around its marked words.
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
_CUT = "…"
_JOINERS = "\u200c\u200d"
"""They do not print, but scripts and emoji need them to be shown as one sign."""
_APART = re.compile("(?<![\ufe0f\U0001f000-\U0001faff])\u200d")
"""A joiner behind no emoji: rich takes the letter after it for a part of the one before it."""
_FLAGS = range(0x1F1E6, 0x1F200)
"""Letters that are a flag by twos, which rich takes one by one."""


@dataclass(frozen=True, slots=True)
class _Sign:
    """What a reader takes for one character."""

    text: str
    cells: int
    is_marked: bool


def printable(text: str) -> str:
    """The text with every character that does not print replaced, one for one."""
    return "".join(
        each if each.isprintable() or each in _JOINERS else "\N{REPLACEMENT CHARACTER}"
        for each in text
    )


def marked(line: str, column: int, length: int) -> tuple[str, str]:
    """The line as it is shown, and the marks to print under it.

    `column` counts from 1. Past the end of the line, or on nothing, there is one mark.
    """
    signs, after = _cut(tuple(_signs(line, column - 1, column - 1 + length)))
    shown = "".join(each.text for each in signs) + after
    wanted = [place for place, each in enumerate(signs) if each.is_marked]
    first, last = (wanted[0], wanted[-1] + 1) if wanted else (len(signs), len(signs))
    marks = max(1, _cells(signs[first:last]))
    return shown.rstrip(), " " * _cells(signs[:first]) + "^" * marks


def _signs(line: str, start: int, end: int) -> Iterator[_Sign]:
    """The signs of a line; those are marked that hold a character from `start` to before `end`."""
    text = printable(line.replace("\t", " "))
    at = 0
    for first, after, cells in _graphemes(text):
        is_marked = first < end and after > start
        if line[first] == "\t":
            # A mark that stands behind a tab combines with its last blank.
            blanks = _TAB - at % _TAB
            yield _Sign(" " * (blanks - 1) + text[first:after], blanks, is_marked)
            at += blanks
        else:
            yield _Sign(text[first:after], cells, is_marked)
            at += cells


def _graphemes(text: str) -> Iterator[tuple[int, int, int]]:
    """Where each sign begins and ends, and how many cells it takes."""
    found, _ = split_graphemes(_APART.sub("\u200c", text), "latest")
    spans = iter(found)
    for first, after, cells in spans:
        is_half = after - first == 1 and ord(text[first]) in _FLAGS
        if is_half and after < len(text) and ord(text[after]) in _FLAGS:
            _, other_after, other_cells = next(spans)
            yield first, other_after, cells + other_cells
        else:
            yield first, after, cells


def _cut(signs: Sequence[_Sign]) -> tuple[Sequence[_Sign], str]:
    """The signs that are shown, and what stands after them where the line goes on."""
    total = _cells(signs)
    if total <= _WIDTH:
        return signs, ""
    wanted = [place for place, each in enumerate(signs) if each.is_marked] or [len(signs)]
    begin, end = _cells(signs[: wanted[0]]), _cells(signs[: wanted[-1] + 1])
    start = begin - _LEAD
    if end > start + _WIDTH:
        start = min(begin, end - _WIDTH)
    start = max(0, min(start, total - _WIDTH))
    at = 0
    kept: list[_Sign] = []
    for sign in signs:
        if at >= start and at + sign.cells <= start + _WIDTH:
            kept.append(sign)
        at += sign.cells
    before = (_Sign(_CUT, 1, is_marked=False),) if start else ()
    return (*before, *kept), _CUT if start + _WIDTH < total else ""


def _cells(signs: Sequence[_Sign]) -> int:
    return sum(each.cells for each in signs)
