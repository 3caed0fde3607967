"""The layout of a card: line breaks, text sizes, and rows. Sizes are in pixels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from codebook.publish.images.typeface import Face
from codebook.site.html.contexts import Card, CardView, Hole
from codebook.site.html.palette import ClassColor, class_rows

_TEXT_WIDTH = 730
"""The width that the grid on the right leaves for text."""
_LINE_HEIGHT = 1.1
"""Of the name, in its size. The template uses the same one."""
_SUMMARY_SIZE = 28
_SUMMARY_LINES = 4
_SUMMARY_SPACE = 20
"""Between the name and the summary."""
_SMALL_SIZE = 32
"""For the kind of page and the site title. The template sets the same size."""

_SYMBOLS = 9
"""The number of symbols in the template, so that classes differ in more than color."""
_DIGITS = 10
_MAX_ROWS = 12
"""The maximum number of classes in the grid."""

_EPSILON = 1e-6
"""How much narrower each attempt is than the widest line of the previous attempt."""
_ELLIPSIS = "…"


class _Areas(Struct, frozen=True):
    """The sizes and places of the number, the name, and the title of the site."""

    number_size: int
    """The maximum."""
    number_bottom: int
    sizes: tuple[int, ...]
    """For the name, in order of preference."""
    max_lines: int
    lines_top: int
    site_title_bottom: int


_NUMBERED = _Areas(280, 344, (64, 56, 48), 2, 358, 567)
_SUMMARIZED = _Areas(196, 276, (56, 48), 2, 286, 598)
_TITLED = _Areas(0, 0, (96, 88, 80, 72, 64, 56), 3, 130, 567)


def lay_out(card: CardView, colors: Sequence[ClassColor], *, bold: Face, medium: Face) -> Card:
    """The card with its texts broken into lines. The number and the name are bold.

    `colors` has the color of each class of the book. The site title is omitted if it equals the
    name.
    """
    areas = _TITLED if not card.number else _SUMMARIZED if card.summary else _NUMBERED
    fitting = (size for size in areas.sizes if _fits(card.name, bold, size, areas.max_lines))
    line_size = next(fitting, areas.sizes[-1])
    lines = wrapped(card.name, bold, line_size, _TEXT_WIDTH, areas.max_lines)
    lines_height = int(len(lines) * line_size * _LINE_HEIGHT)
    rows = () if card.number else class_rows(colors, _DIGITS, _MAX_ROWS)
    return Card(
        number=card.number,
        number_size=min(areas.number_size, int(_TEXT_WIDTH / (bold.width(card.number) or 1))),
        number_bottom=areas.number_bottom,
        holes=tuple(
            Hole(column, character if character.isdecimal() else "x")
            for column, character in enumerate(card.number)
            if character != "–"
        ),
        columns=len(card.number) or 3,
        height=len(rows) or _DIGITS,
        rows=rows,
        lines=lines,
        line_size=line_size,
        lines_top=areas.lines_top,
        summary=wrapped(card.summary, medium, _SUMMARY_SIZE, _TEXT_WIDTH, _SUMMARY_LINES),
        summary_top=areas.lines_top + lines_height + _SUMMARY_SPACE,
        kind=_one_line(card.kind, medium),
        color=colors[card.position - 1].light if card.position else "",
        symbol=str((card.position - 1) % _SYMBOLS + 1) if card.position else "",
        site_title_bottom=areas.site_title_bottom,
        site_title="" if card.site_title == card.name else _one_line(card.site_title, medium),
    )


def wrapped(text: str, face: Face, size: float, width: float, max_lines: int) -> tuple[str, ...]:
    """The text on at most `max_lines` lines of similar length, none wider than `width`.

    Lines break at spaces, or inside a word that is wider than a line. If there are too many lines,
    the text is cut and ends with an ellipsis.
    """
    limit = width / size
    lines = tuple(_lines(text, face, limit))
    if len(lines) > max_lines:
        last = lines[max_lines - 1]
        while last and face.width(last + _ELLIPSIS) > limit:
            last = last[:-1]
        return (*lines[: max_lines - 1], last.rstrip() + _ELLIPSIS)
    balanced = lines
    while len(balanced) == len(lines):
        lines = balanced
        limit = max(map(face.width, lines), default=0) - _EPSILON
        if limit < _widest_word(text, face):
            break
        balanced = tuple(_lines(text, face, limit))
    return lines


def _one_line(text: str, face: Face) -> str:
    return " ".join(wrapped(text, face, _SMALL_SIZE, _TEXT_WIDTH, 1))


def _fits(text: str, face: Face, size: float, max_lines: int) -> bool:
    """Whether the text fits on this many lines without breaking a word."""
    limit = _TEXT_WIDTH / size
    return _widest_word(text, face) <= limit and len(list(_lines(text, face, limit))) <= max_lines


def _lines(text: str, face: Face, limit: float) -> Iterator[str]:
    """The text broken into lines that are as full as possible."""
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if face.width(joined) <= limit:
            line = joined
            continue
        if line:
            yield line
        line = ""
        for character in word:
            if line and face.width(line + character) > limit:
                yield line
                line = ""
            line += character
    if line:
        yield line


def _widest_word(text: str, face: Face) -> float:
    return max(map(face.width, text.split()), default=0.0)
