"""Every URL that a book ever had, one on each line; `# ` begins a comment line."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from codebook.book.settings import Word
from codebook.diagnostics.source import Source

_COMMENT = "# "
"""The start of a comment line."""


def parse_published_urls(source: Source) -> tuple[Word, ...]:
    """The URLs, in the order they are written."""
    return tuple(
        Word(line.strip(), source.whole(number))
        for number, line in enumerate(source.lines, start=1)
        if line.strip() and not line.startswith(_COMMENT)
    )


def extended(source: Source, published: Iterable[Word], urls: AbstractSet[str]) -> str | None:
    """The file with these URLs added, sorted; None where it has them all."""
    known = {word.text for word in published}
    return None if urls <= known else _format(source, known | urls)


def in_order(source: Source) -> str:
    """The file with its URLs sorted, each of them once."""
    return _format(source, {word.text for word in parse_published_urls(source)})


def _format(source: Source, urls: AbstractSet[str]) -> str:
    comments = [line for line in source.lines if line.startswith(_COMMENT)]
    return "\n".join([*comments, *sorted(urls)]) + "\n"
