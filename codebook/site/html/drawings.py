"""Examples as pictures: who says what to whom, drawn as a sequence of messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from codebook.book.documents import Body, CodeBlock
from codebook.book.settings import ExchangeKind
from codebook.site.html.views import ArrowView, DrawingView

_TOP, _STEP, _NOTE, _FOOT = 62, 44, 18, 18
"""Pixels: down to the first arrow, from one to the next, for a second line, below the last."""
_LONGEST = 34
"""Characters that fit between the parties on the narrowest screen."""


def drawings(body: Body, kind: ExchangeKind | None) -> Mapping[int, DrawingView]:
    """Drawings by the place, among the parts, of the code block that they stand before.

    The messages under one heading are one drawing; a message alone is none.
    """
    if kind is None:
        return {}
    found: dict[str, list[tuple[int, CodeBlock]]] = {}
    for place, part in enumerate(body.parts):
        if isinstance(part, CodeBlock) and part.language == kind.language:
            found.setdefault(part.section, []).append((place, part))
    made = {}
    for messages in found.values():
        arrows = tuple(_arrows([listing for _, listing in messages], kind))
        if any(each.is_answer for each in arrows) and not all(each.is_answer for each in arrows):
            made[messages[0][0]] = _drawing(arrows, kind)
    return made


def _drawing(arrows: tuple[ArrowView, ...], kind: ExchangeKind) -> DrawingView:
    floor = arrows[-1].note_y if arrows[-1].note else arrows[-1].y
    words = "; ".join(
        f"{kind.server if each.is_answer else kind.client}: "
        + ", ".join(filter(None, (each.label, each.note)))
        for each in arrows
    )
    return DrawingView(kind.client, kind.server, floor + _FOOT + 4, floor + _FOOT, words, arrows)


def _arrows(messages: Sequence[CodeBlock], kind: ExchangeKind) -> Iterator[ArrowView]:
    y = _TOP
    for message in messages:
        first, *rest = message.content.split("\n\n", 1)[0].splitlines() or [""]
        answer = kind.response.search(first)
        said = answer or kind.request.search(first)
        if said is None:
            continue
        fields = [line for line in rest if kind.fields and kind.fields.search(line)]
        note = _cut(fields[0]) if fields else ""
        yield ArrowView(y, y - 8, y + _NOTE, _cut(said["label"]), note, bool(answer))
        y += _STEP + (_NOTE if note else 0)


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"
