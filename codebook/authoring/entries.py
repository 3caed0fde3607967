"""Where the codes of a section stand in their register."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codebook.book.documents import Section
from codebook.syntax.markdown import Block


def bullets(section: Section, blocks: Sequence[Block]) -> Iterator[tuple[int | None, Block]]:
    """The bullets of a section, each with its code; `blocks` are those of the whole register.

    A bullet that describes no code has None.
    """
    numbers = {entry.span.line: entry.number for entry in section.entries}
    is_inside = False
    for block in blocks:
        if block.kind == "heading":
            is_inside = block.first == section.span.line
        elif is_inside and block.kind == "bullet_list":
            for item in block.children:
                lines = range(item.first, item.last + 1)
                yield next((numbers[line] for line in lines if line in numbers), None), item
