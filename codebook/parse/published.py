"""The list of every address that a book ever had: one in each line, remarks behind a # and a blank."""

from __future__ import annotations

from codebook.settings import Word
from codebook.source import Source

REMARK = "# "
"""What a line begins with that is no address."""


def published(source: Source) -> tuple[Word, ...]:
    """The addresses, in the order they are written."""
    return tuple(
        Word(line.strip(), source.whole(number))
        for number, line in enumerate(source.lines, start=1)
        if line.strip() and not line.startswith(REMARK)
    )
