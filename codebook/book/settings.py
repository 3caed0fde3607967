"""The types of the settings in `book.toml` and the declarations in `facts.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from msgspec import Struct, field

from codebook.diagnostics.source import Span
from codebook.syntax.rich_text import LinkTarget, Text

MAX_SUMMARY = 155
"""The maximum number of characters in a summary. Search engines cut off longer descriptions."""


class Word(Struct, frozen=True):
    """A word of the content, such as a key or the name of a column, with its location."""

    text: str
    span: Span


class FactKind(Struct, frozen=True):
    """The declaration of a fact."""

    key: str
    label: str
    about: str
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The allowed values, each with its meaning; empty if any text is allowed."""
    marked: tuple[str, ...] = ()
    """The values that are shown next to a code wherever it's mentioned."""
    usual: tuple[str, ...] = ()
    """The values that most codes have; pages of codes show them together."""
    span: Span | None = None
    """The location of the declaration."""


class Citation(Struct, frozen=True):
    """A pattern for citations, and the URL of the source."""

    pattern: re.Pattern[str]
    url: str
    """A template with the group names of the pattern in braces."""


class Credit(Struct, frozen=True):
    """The attribution for the text of some documents, shown on every page that contains it."""

    documents: tuple[Word, ...]
    codes: tuple[Word, ...]
    """The codes whose texts need it; empty for all."""
    text: Text
    targets: tuple[LinkTarget, ...]


class NamedColumn(Struct, frozen=True):
    """A reference to a column of a table."""

    table: Word
    column: Word


class ExchangeKind(Struct, frozen=True):
    """Settings for diagrams of exchanges: which code blocks are messages, and how to parse them."""

    language: str
    """The language of the code blocks that contain a message."""
    client: str
    server: str
    """The names of the client and the server."""
    request: re.Pattern[str]
    response: re.Pattern[str]
    """Matches a first line; the diagram shows the group `label`."""
    fields: re.Pattern[str] | None
    """Matches the other lines that the diagram shows; None for none."""


class Moved(Struct, frozen=True):
    """A published URL, and the document that it redirects to."""

    url: Word
    target: LinkTarget


class Security(Struct, frozen=True):
    """The contact for vulnerability reports: RFC 9116."""

    contacts: tuple[str, ...]
    """https and mailto URLs in order of preference."""
    expires: date
    """The day after which this information may be out of date."""
    policy: str
    """A URL; may be empty."""


class Settings(Struct, frozen=True):
    """The settings of a book; the defaults apply without `book.toml`."""

    title: str = ""
    description: str = ""
    language: str = "en"
    codes_path: str = "status"
    url: str = ""
    """The public URL with a trailing slash; empty if unknown."""
    repository: str = ""
    """The URL of the repository without a trailing slash; may be empty."""
    branch: str = "main"
    names: NamedColumn | None = None
    """The column with the names of codes that have no name in a register or article."""
    search: tuple[NamedColumn, ...] = ()
    """The columns to search in addition to the texts of codes."""
    stop_words: tuple[str, ...] = ()
    """The words that the search ignores if a query has others."""
    suggestions: tuple[Word, ...] = ()
    """The codes that the search suggests before anything is typed."""
    exchange: ExchangeKind | None = None
    """Settings for diagrams of exchanges; None for no diagrams."""
    headings: tuple[str, ...] = ()
    """The allowed level-2 headings of articles, in order; empty if any heading is allowed."""
    guides: tuple[Word, ...] = ()
    """The slugs of the guides that come first, in order."""
    tables: tuple[Word, ...] = ()
    """The slugs of the tables that come first, in order."""
    citations: tuple[Citation, ...] = ()
    credits: tuple[Credit, ...] = ()
    moved: tuple[Moved, ...] = ()
    security: Security | None = None
