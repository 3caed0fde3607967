"""Put the guides into the order that the settings give."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from codebook.book.documents import Documents, Guide
from codebook.book.layout import GUIDES
from codebook.book.settings import Word
from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule, did_you_mean


def ordered_guides(documents: Documents) -> Parsed[tuple[Guide, ...]]:
    """Return the guides in the order of the `guides` setting, then the others, sorted by path.

    Report listed guides that don't exist, and those that are listed twice.
    """
    firsts: dict[str, Word] = {}
    for word in documents.settings.guides:
        firsts.setdefault(word.text, word)
    places = {text: place for place, text in enumerate(firsts)}
    guides = sorted(documents.guides, key=lambda it: (places.get(it.slug, len(places)), it.path))
    diagnostics = (
        *_unknown(firsts.values(), documents),
        *_repeated(firsts, documents),
    )
    return Parsed(tuple(guides), diagnostics)


def _unknown(listed: Collection[Word], documents: Documents) -> Iterator[Diagnostic]:
    known = {guide.slug for guide in documents.guides}
    unlisted = sorted(known - {word.text for word in listed})
    for word in listed:
        path = PurePosixPath(GUIDES, f"{word.text}.md")
        if word.text in known or path in documents.unparsed:
            continue
        # A path to the file is a common mistake.
        name = PurePosixPath(word.text.strip().strip("/")).name.removesuffix(".md")
        yield Diagnostic(
            Rule.INVALID_VALUE,
            word.span,
            f'there is no guide "{word.text}"',
            help=f'write "{name}"'
            if name in unlisted
            else did_you_mean(word.text, unlisted, "remove it from the list")
            if unlisted
            else "remove it from the list",
            subject=str(path),
            follows_from=documents.show(*documents.misnamed(path)),
        )


def _repeated(firsts: dict[str, Word], documents: Documents) -> Iterator[Diagnostic]:
    known = {guide.slug for guide in documents.guides}
    for word in documents.settings.guides:
        if word.text in known and word is not firsts[word.text]:
            yield Diagnostic(
                Rule.INVALID_VALUE,
                word.span,
                f'the guide "{word.text}" is listed twice',
                note=Note("it is listed first here", firsts[word.text].span),
                help="remove one of them",
            )
