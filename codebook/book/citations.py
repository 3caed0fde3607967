"""Find URLs and the declared citations in plain text, to link them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from msgspec import Struct

from codebook.book.settings import Citation

_WEB_URL = Citation(re.compile(r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,;:)])"), "{url}")
_SAFE = "/:?#[]@!$&'()*+,;=%~"
"""The characters that aren't percent-encoded in a URL: RFC 3986, Section 2.2."""


class TextPart(Struct, frozen=True):
    """A part of a text, possibly a link."""

    text: str
    url: str
    """The URL of the link; empty if the part isn't a link."""
    is_url: bool = False
    """Whether the text is the URL itself."""


def split_citations(text: str, citations: Sequence[Citation]) -> Iterator[TextPart]:
    """Split a text into links and other text. At each position, the first matching pattern wins."""
    ahead = [(citation, citation.pattern.search(text)) for citation in (_WEB_URL, *citations)]
    position = 0
    while found := [(it, match) for it, match in ahead if match and match[0]]:
        citation, match = min(found, key=lambda pair: pair[1].start())
        if match.start() > position:
            yield TextPart(text[position : match.start()], "")
        groups = {key: quote(value or "", safe=_SAFE) for key, value in match.groupdict().items()}
        yield TextPart(match[0], citation.url.format_map(groups), citation is _WEB_URL)
        position = match.end()
        ahead = [(it, _next(it, match, position)) for it, match in ahead if match]
    if position < len(text):
        yield TextPart(text[position:], "")


def _next(citation: Citation, match: re.Match[str], position: int) -> re.Match[str] | None:
    """The first match from this position on, given an earlier search's; searches only if needed."""
    is_ahead = match[0] and match.start() >= position
    return match if is_ahead else citation.pattern.search(match.string, position)
