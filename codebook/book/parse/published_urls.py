"""Every address that a book ever had: one in each line; a line with a # and a blank is a remark."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from codebook.book.settings import Word
from codebook.diagnostics.source import Source

REMARK = "# "
"""What a line begins with that is no address."""


def published(source: Source) -> tuple[Word, ...]:
    """The addresses, in the order they are written."""
    return tuple(
        Word(line.strip(), source.whole(number))
        for number, line in enumerate(source.lines, start=1)
        if line.strip() and not line.startswith(REMARK)
    )


def extended(source: Source, listed: Iterable[Word], addresses: AbstractSet[str]) -> str | None:
    """The list with these addresses in it, in order; None where it has them all."""
    known = {word.text for word in listed}
    if addresses <= known:
        return None
    return _listed(source, known | addresses)


def in_order(source: Source) -> str:
    """The list as it is, each address once and in its place."""
    return _listed(source, {word.text for word in published(source)})


def _listed(source: Source, addresses: AbstractSet[str]) -> str:
    remarks = [line for line in source.lines if line.startswith(REMARK)]
    return "\n".join([*remarks, *sorted(addresses)]) + "\n"
