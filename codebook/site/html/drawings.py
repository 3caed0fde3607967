"""Drawings on pages: sequence diagrams of examples, and numbers as punched cards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from codebook.book.documents import BodyPart, CodeBlock
from codebook.book.settings import ExchangeKind
from codebook.site.html.views import ArrowView, DrawingView, NumberGlyph
from codebook.site.words import Words, fill

_TOP, _STEP, _NOTE, _FOOT = 62, 44, 18, 18
"""In pixels: above the first arrow, between arrows, for a second line, and below the last arrow."""
_LONGEST = 34
"""The number of characters that fit between the lifelines on the narrowest screen."""

_LONG_NUMBER = 5
"""The number of characters that fit on the narrowest screen in the largest font."""
_COLUMN_WIDTH, _ROW_HEIGHT = 16, 9
"""The size of a position for a hole, including its margin."""
_HOLE = "v7"
_ALL_HOLES = "v88"
"""A line down the whole column; the style sheet divides it with dashes."""


def sequence_diagrams(
    parts: Iterable[BodyPart], kind: ExchangeKind | None, words: Words
) -> Mapping[int, DrawingView]:
    """The diagrams, each by the index of the part that it precedes.

    The messages under a heading form one diagram if there are both requests and responses.
    """
    if kind is None:
        return {}
    by_section: dict[str, list[tuple[int, CodeBlock]]] = {}
    for index, part in enumerate(parts):
        if isinstance(part, CodeBlock) and part.language == kind.language:
            by_section.setdefault(part.section, []).append((index, part))
    diagrams = {}
    for messages in by_section.values():
        arrows = tuple(_arrows([block for _, block in messages], kind))
        if len({arrow.is_response for arrow in arrows}) > 1:
            diagrams[messages[0][0]] = _diagram(arrows, kind, words)
    return diagrams


def number_glyph(number: str) -> NumberGlyph:
    """The holes of a code or of the label of a class.

    A letter has holes in all ten positions, and a dash has none.
    """
    middles = [column * _COLUMN_WIDTH + _COLUMN_WIDTH // 2 for column in range(len(number))]
    columns = "".join(f"M{x} 1{_ALL_HOLES}" for x in middles)
    holes = "".join(
        f"M{x} {int(character) * _ROW_HEIGHT + 1}{_HOLE}"
        if character.isdecimal()
        else f"M{x} 1{_ALL_HOLES}"
        for x, character in zip(middles, number, strict=True)
        if character != "–"
    )
    is_long = len(number) > _LONG_NUMBER
    return NumberGlyph(len(number) * _COLUMN_WIDTH, columns, holes, is_long)


def _diagram(arrows: tuple[ArrowView, ...], kind: ExchangeKind, words: Words) -> DrawingView:
    floor = arrows[-1].note_y if arrows[-1].note else arrows[-1].y
    messages = " ".join(
        fill(
            words.diagram.message,
            sender=kind.server if arrow.is_response else kind.client,
            message=words.pages.separator.join(filter(None, (arrow.label, arrow.note))),
        )
        for arrow in arrows
    )
    text = fill(words.diagram.label, messages=messages)
    return DrawingView(kind.client, kind.server, floor + _FOOT + 4, floor + _FOOT, text, arrows)


def _arrows(messages: Sequence[CodeBlock], kind: ExchangeKind) -> Iterator[ArrowView]:
    y = _TOP
    for message in messages:
        first, *rest = message.content.split("\n\n", 1)[0].splitlines() or [""]
        response = kind.response.search(first)
        match = response or kind.request.search(first)
        if match is None:
            continue
        headers = [line for line in rest if kind.fields and kind.fields.search(line)]
        note = _cut(headers[0]) if headers else ""
        yield ArrowView(y, y - 8, y + _NOTE, _cut(match["label"]), note, bool(response))
        y += _STEP + (_NOTE if note else 0)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
