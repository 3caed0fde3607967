"""Parse and format `addresses.txt`: a published URL per line, and comments that start with `# `."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from codebook.book.settings import Word
from codebook.diagnostics.source import Source

_COMMENT = "# "
"""The start of a comment line."""


def parse_published_urls(source: Source) -> tuple[Word, ...]:
    """Return the URLs in source order."""
    return tuple(
        Word(line.strip(), source.whole(number))
        for number, line in enumerate(source.lines, start=1)
        if line.strip() and not line.startswith(_COMMENT)
    )


def add_urls(source: Source, urls: AbstractSet[str]) -> str | None:
    """Return the file with these URLs added, sorted and without duplicates.

    None if there is nothing to change. A union merge of two branches leaves unsorted lines.
    """
    listed = [word.text for word in parse_published_urls(source)]
    known = {*listed}
    is_tidy = listed == sorted(known)
    return None if is_tidy and urls <= known else _format(source, known | urls)


def sort_urls(source: Source) -> str:
    """Return the file with its URLs sorted and without duplicates."""
    return _format(source, {word.text for word in parse_published_urls(source)})


def _format(source: Source, urls: AbstractSet[str]) -> str:
    # A union merge repeats the comments that one branch has changed.
    comments = dict.fromkeys(line for line in source.lines if line.startswith(_COMMENT))
    return "\n".join([*comments, *sorted(urls)]) + "\n"
