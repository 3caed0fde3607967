"""Put the guides into the order that the settings give."""

from __future__ import annotations

from collections import Counter

from codebook.book.documents import Documents, Guide
from codebook.book.layout import GUIDES
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule, did_you_mean


def ordered_guides(documents: Documents) -> Parsed[tuple[Guide, ...]]:
    """Return the guides in the order of the `guides` setting, then the others, sorted by path.

    Report listed guides that don't exist, and those that are listed twice.
    """
    listed = documents.settings.guides
    places = {word.text: place for place, word in reversed([*enumerate(listed)])}
    guides = sorted(documents.guides, key=lambda it: (places.get(it.slug, len(listed)), it.path))
    known = [guide.slug for guide in guides]
    unparsed = {path.stem for path in documents.unparsed if path.parent.name == GUIDES}
    diagnostics = [
        Diagnostic(
            Rule.INVALID_VALUE,
            word.span,
            f'there is no guide "{word.text}"',
            help=did_you_mean(word.text, known, "remove it from the list"),
            subject=f"{GUIDES}/{word.text}.md",
        )
        for word in listed
        if word.text not in known and word.text not in unparsed
    ]
    counts = Counter(word.text for word in listed)
    diagnostics += [
        Diagnostic(
            Rule.INVALID_VALUE,
            word.span,
            f'the guide "{word.text}" is listed twice',
            help="remove one of them",
        )
        for place, word in enumerate(listed)
        if counts[word.text] > 1 and places[word.text] != place
    ]
    return Parsed(tuple(guides), tuple(diagnostics))
