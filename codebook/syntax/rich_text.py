"""Formatted text as a value: safe HTML with a placeholder for each internal URL.

The same text can be shown on several pages, whose relative URLs differ. A text stores link targets;
each page resolves them.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import PurePosixPath

from msgspec import Struct

from codebook.diagnostics.source import Span

NUMBER_LINK = "number"
"""The class of the links in a decision tree whose texts are numbers."""


class LinkTarget(Struct, frozen=True):
    """The target of an internal link."""

    path: PurePosixPath
    """The file of the document, relative to the content folder."""
    anchor: str
    """The slug of the heading, or nothing for the whole document."""
    base: PurePosixPath
    """The document that contains the link."""
    span: Span
    """The location of the link, for diagnostics."""


class Text(Struct, frozen=True, tag=True):
    """Formatted text: pieces of escaped HTML, with link targets between them."""

    pieces: tuple[str | LinkTarget, ...]
    plain: str
    """The text without markup and with whitespace collapsed, for descriptions and comparisons."""
    written: tuple[str | LinkTarget, ...] = ()
    """The Markdown source of the text, with the same link targets between its pieces."""

    @property
    def targets(self) -> tuple[LinkTarget, ...]:
        """The targets of the internal links, in order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, LinkTarget))

    def html(self, url_of: Callable[[LinkTarget], str]) -> str:
        """Return the HTML with `url_of(target)` for each target, escaped for a quoted attribute."""
        return "".join(
            piece if isinstance(piece, str) else escape(url_of(piece)) for piece in self.pieces
        )

    def markdown(self, url_of: Callable[[LinkTarget], str]) -> str:
        """Return the Markdown with `url_of(target)` for each target."""
        return "".join(piece if isinstance(piece, str) else url_of(piece) for piece in self.written)


class Heading(Struct, frozen=True):
    """A heading of a document, which links can point to."""

    level: int
    text: str
    slug: str
    """Generated as on GitHub and unique within the document; pages add a prefix."""
    span: Span
    more_slugs: tuple[str, ...] = ()
    """Other slugs of the heading, such as those of headings that it replaces."""

    @property
    def slugs(self) -> tuple[str, ...]:
        """All slugs of the heading."""
        return (self.slug, *self.more_slugs)


def anchor_id(slug: str) -> str:
    """Return the ID of the heading with this slug on every page."""
    return f"h-{slug}"
