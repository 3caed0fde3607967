"""Formatted text as a value: safe HTML with a hole wherever a URL will stand.

One text is shown on several pages, and relative URLs differ from page to page. So a text
keeps its links as targets until a page fills them in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import PurePosixPath

from codebook.diagnostics.source import Span


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """Where a link of the book leads within the book."""

    path: PurePosixPath
    """The document's file, relative to the content folder."""
    anchor: str
    """The heading's slug, or nothing for the document as a whole."""
    base: PurePosixPath
    """The document that the link stands in."""
    span: Span
    """The link itself, for problems."""


@dataclass(frozen=True, slots=True)
class Text:
    """Formatted text: pieces of HTML, everything in them escaped, and targets between them."""

    pieces: tuple[str | LinkTarget, ...]
    plain: str
    """The same without any markup, whitespace collapsed: for descriptions and comparisons."""
    written: tuple[str | LinkTarget, ...] = ()
    """The same as its author wrote it, in Markdown, and the same targets between its pieces."""

    @property
    def targets(self) -> tuple[LinkTarget, ...]:
        """The links into the book, in order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, LinkTarget))

    def html(self, url_of: Callable[[LinkTarget], str]) -> str:
        """The HTML with `url_of(target)` in each hole, escaped for a quoted attribute."""
        return "".join(
            piece if isinstance(piece, str) else escape(url_of(piece)) for piece in self.pieces
        )

    def markdown(self, url_of: Callable[[LinkTarget], str]) -> str:
        """The Markdown with `url_of(target)` where each link into the book leads."""
        return "".join(piece if isinstance(piece, str) else url_of(piece) for piece in self.written)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a document, which links may lead to."""

    level: int
    text: str
    slug: str
    """As GitHub makes it, unique within the document; the page prefixes it."""
    span: Span


def anchor_id(slug: str) -> str:
    """The id that the heading with this slug has on every page."""
    return f"h-{slug}"
