"""Put the guides and the tables into the order that the settings give."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import PurePosixPath
from typing import TypeVar

from codebook.book.documents import Documents, Guide, Table
from codebook.book.layout import GUIDES, TABLES
from codebook.book.settings import Word
from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule, did_you_mean

P = TypeVar("P", Guide, Table)


def ordered_guides(documents: Documents) -> Parsed[tuple[Guide, ...]]:
    """Return the guides in the order of the `guides` setting, then the others, sorted by path.

    Report listed guides that don't exist, and those that are listed twice.
    """
    return _ordered("guide", GUIDES, documents.settings.guides, documents.guides, documents)


def ordered_tables(documents: Documents) -> Parsed[tuple[Table, ...]]:
    """Return the tables in the order of the `tables` setting, as `ordered_guides` does."""
    return _ordered("table", TABLES, documents.settings.tables, documents.tables, documents)


def _ordered(
    kind: str, folder: str, words: Sequence[Word], pages: Sequence[P], documents: Documents
) -> Parsed[tuple[P, ...]]:
    firsts: dict[str, Word] = {}
    for word in words:
        firsts.setdefault(word.text, word)
    places = {text: place for place, text in enumerate(firsts)}
    known: set[str] = {page.slug for page in pages}
    diagnostics = (
        *_unknown(kind, folder, firsts.values(), known, documents),
        *_repeated(kind, words, firsts, known),
    )
    last = len(places)
    return Parsed(
        tuple(sorted(pages, key=lambda page: (places.get(page.slug, last), page.path))),
        diagnostics,
    )


def _unknown(
    kind: str, folder: str, listed: Collection[Word], known: Collection[str], documents: Documents
) -> Iterator[Diagnostic]:
    unlisted = sorted(set(known) - {word.text for word in listed})
    for word in listed:
        path = PurePosixPath(folder, f"{word.text}.md")
        if word.text in known or path in documents.unparsed:
            continue
        # A path to the file is a common mistake.
        name = PurePosixPath(word.text.strip().strip("/")).name.removesuffix(".md")
        yield Diagnostic(
            Rule.INVALID_VALUE,
            word.span,
            f'there is no {kind} "{word.text}"',
            help=f'write "{name}"'
            if name in unlisted
            else did_you_mean(word.text, unlisted, "remove it from the list")
            if unlisted
            else "remove it from the list",
            subject=str(path),
            follows_from=documents.show(*documents.misnamed(path)),
        )


def _repeated(
    kind: str, words: Sequence[Word], firsts: dict[str, Word], known: Collection[str]
) -> Iterator[Diagnostic]:
    for word in words:
        if word.text in known and word is not firsts[word.text]:
            yield Diagnostic(
                Rule.INVALID_VALUE,
                word.span,
                f'the {kind} "{word.text}" is listed twice',
                note=Note("it is listed first here", firsts[word.text].span),
                help="remove one of them",
            )
