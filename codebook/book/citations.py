"""Plain words in which web addresses, and citations that a book knows, lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from codebook.book.settings import Citation

_WEB_ADDRESS = Citation(re.compile(r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,;:)])"), "{url}")
_SAFE = "/:?#[]@!$&'()*+,;=%~"
"""What a part of an address may hold besides letters and digits: RFC 3986, Section 2.2."""


@dataclass(frozen=True, slots=True)
class TextPart:
    """Some of the words, in their order."""

    text: str
    url: str
    """Where they lead; empty where they are words alone."""
    is_address: bool = False
    """Whether the words are the address itself."""


def split_citations(words: str, citations: Sequence[Citation]) -> Iterator[TextPart]:
    """The words, cut at what leads somewhere. At each place the first pattern that fits wins."""
    patterns = (_WEB_ADDRESS, *citations)
    rest = 0
    while rest < len(words):
        found = [
            (match.start(), place, match)
            for place, each in enumerate(patterns)
            if (match := each.pattern.search(words, rest)) and match[0]
        ]
        if not found:
            yield TextPart(words[rest:], "")
            return
        start, place, match = min(found, key=lambda one: one[:2])
        if start > rest:
            yield TextPart(words[rest:start], "")
        groups = {key: quote(value or "", safe=_SAFE) for key, value in match.groupdict().items()}
        citation = patterns[place]
        yield TextPart(match[0], citation.url.format_map(groups), citation is _WEB_ADDRESS)
        rest = match.end()
