"""The card of a page set in lines: what fits where, and how large. Sizes are pixels."""

from __future__ import annotations

from collections.abc import Iterator

from codebook.publish.images.typeface import Face
from codebook.site.html.contexts import Card, Hole

_MEASURE = 730
"""The width that the words of a card have: what the grid at their right leaves."""
_NUMBER_SIZE = 280
_NAME_SIZES = (64, 56, 48)
"""Of a name below a number, which has two lines."""
_TITLE_SIZES = (96, 88, 80, 72, 64, 56)
"""Of a name alone, which has three."""
_SMALL_SIZE = 32
"""Of the kind and of the title of the site; the template sets it."""

_HAIR = 1e-6
"""So little narrower that nobody sees it: the next line that a shorter limit can give."""
_ELLIPSIS = "…"


def lay_out(  # noqa: PLR0913 - each is one part of the card
    number: str, name: str, kind: str, family: str, site_title: str, *, bold: Face, medium: Face
) -> Card:
    """The card of a page. The number and the name are set in bold, the rest in medium.

    The title of the site is left out where it is the name.
    """
    sizes, most = (_NAME_SIZES, 2) if number else (_TITLE_SIZES, 3)
    line_size = next((size for size in sizes if _fits(name, bold, size, most)), sizes[-1])
    foot = " ".join(wrapped(site_title, medium, _SMALL_SIZE, _MEASURE, 1))
    return Card(
        number=number,
        number_size=min(_NUMBER_SIZE, int(_MEASURE / (bold.width(number) or 1))),
        holes=tuple(Hole(column, mark) for column, mark in enumerate(number)),
        columns=len(number) or 3,
        lines=wrapped(name, bold, line_size, _MEASURE, most),
        line_size=line_size,
        kind=" ".join(wrapped(kind, medium, _SMALL_SIZE, _MEASURE, 1)),
        family=family,
        site_title="" if site_title == name else foot,
    )


def wrapped(words: str, face: Face, size: float, width: float, most: int) -> tuple[str, ...]:
    """The words in at most `most` lines of about equal length, none of them wider than `width`.

    A line ends at a blank, or inside a word that is wider than a line. Where that makes too many
    lines, the last one ends in an ellipsis.
    """
    limit = width / size
    lines = tuple(_lines(words, face, limit))
    if len(lines) > most:
        last = lines[most - 1]
        while last and face.width(last + _ELLIPSIS) > limit:
            last = last[:-1]
        return (*lines[: most - 1], last.rstrip() + _ELLIPSIS)
    balanced = lines
    while len(balanced) == len(lines):
        lines = balanced
        limit = max(map(face.width, lines), default=0) - _HAIR
        if limit < _widest_word(words, face):
            break
        balanced = tuple(_lines(words, face, limit))
    return lines


def _fits(words: str, face: Face, size: float, most: int) -> bool:
    """Whether the words need no more lines than that, and no word has to be broken."""
    limit = _MEASURE / size
    return _widest_word(words, face) <= limit and len(list(_lines(words, face, limit))) <= most


def _lines(words: str, face: Face, limit: float) -> Iterator[str]:
    """The words in lines that are as full as they can be."""
    line = ""
    for word in words.split():
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


def _widest_word(words: str, face: Face) -> float:
    return max(map(face.width, words.split()), default=0.0)
