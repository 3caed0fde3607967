"""The types of the settings in `book.toml` and the declarations in `facts.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from codebook.diagnostics.source import Span
from codebook.syntax.rich_text import LinkTarget, Text


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the content, such as a key or the name of a column, with its location."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class FactKind:
    """The declaration of a fact."""

    key: str
    label: str
    about: str
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The allowed values, each with its meaning; empty if any text is allowed."""
    marked: frozenset[str] = frozenset()
    """The values that are shown next to a code wherever it's mentioned."""
    span: Span | None = None
    """The location of the declaration."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A pattern for citations, and the URL of the source."""

    pattern: re.Pattern[str]
    url: str
    """A template with the group names of the pattern in braces."""


@dataclass(frozen=True, slots=True)
class Credit:
    """The attribution for the text of some documents, shown on every page that contains it."""

    documents: tuple[Word, ...]
    text: Text
    targets: tuple[LinkTarget, ...]


@dataclass(frozen=True, slots=True)
class NamedColumn:
    """A reference to a column of a table."""

    table: Word
    column: Word


@dataclass(frozen=True, slots=True)
class ExchangeKind:
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


@dataclass(frozen=True, slots=True)
class Moved:
    """A published URL, and the document that it redirects to."""

    url: Word
    target: LinkTarget


@dataclass(frozen=True, slots=True)
class Security:
    """The contact for vulnerability reports: RFC 9116."""

    contacts: tuple[str, ...]
    """https and mailto URLs in order of preference."""
    expires: date
    """The day after which this information may be out of date."""
    policy: str
    """A URL; may be empty."""


@dataclass(frozen=True, slots=True)
class Settings:
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
    exchange: ExchangeKind | None = None
    """Settings for diagrams of exchanges; None for no diagrams."""
    headings: tuple[str, ...] = ()
    """The allowed level-2 headings of articles, in order; empty if any heading is allowed."""
    citations: tuple[Citation, ...] = ()
    credits: tuple[Credit, ...] = ()
    moved: tuple[Moved, ...] = ()
    security: Security | None = None
