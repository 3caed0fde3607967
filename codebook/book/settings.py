"""What `book.toml` and `facts.toml` declare, once they are parsed."""

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
    """A word of the content, such as a key or the name of a column, and where it is."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class FactKind:
    """One kind of fact that codes may have."""

    key: str
    label: str
    about: str
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The allowed values, each with its meaning; empty where any text is allowed."""
    marked: frozenset[str] = frozenset()
    """The values that are shown next to a code wherever it is named."""
    span: Span | None = None
    """Where it is declared."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A pattern for the way a book cites a source, and the URL of that source."""

    pattern: re.Pattern[str]
    url: str
    """A template, with the names of the pattern's groups in braces."""


@dataclass(frozen=True, slots=True)
class Credit:
    """The credit for the text of some documents; shown on every page that shows them."""

    documents: tuple[Word, ...]
    text: Text
    targets: tuple[LinkTarget, ...]


@dataclass(frozen=True, slots=True)
class NamedColumn:
    """A column of a table, as the settings name it."""

    table: Word
    column: Word


@dataclass(frozen=True, slots=True)
class ExchangeKind:
    """Which code blocks are messages, and how their lines are recognized."""

    language: str
    """The language of the code blocks that hold one message each."""
    client: str
    server: str
    """What the client and the server are called."""
    request: re.Pattern[str]
    response: re.Pattern[str]
    """Matches a first line; the group `label` is what a drawing shows of it."""
    fields: re.Pattern[str] | None
    """Matches the other lines that a drawing shows; None for none."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A URL that was published, and the document that it redirects to."""

    address: Word
    target: LinkTarget


@dataclass(frozen=True, slots=True)
class Security:
    """Whom to tell of a vulnerability of the site: RFC 9116."""

    contacts: tuple[str, ...]
    """https and mailto URLs, the preferred one first."""
    expires: date
    """The day after which this may be out of date."""
    policy: str
    """A URL; may be empty."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a book; the defaults are those of a book without `book.toml`."""

    title: str = ""
    description: str = ""
    language: str = "en"
    path: str = "status"
    url: str = ""
    """The public URL, ending in a slash; empty where unknown."""
    repository: str = ""
    """The URL of the repository, without a slash at its end; may be empty."""
    branch: str = "main"
    names: NamedColumn | None = None
    """The column with the names of codes that neither a register nor an article names."""
    search: tuple[NamedColumn, ...] = ()
    """The columns that the search looks at besides the texts of a code."""
    exchange: ExchangeKind | None = None
    """Which examples are drawn; None for none."""
    headings: tuple[str, ...] = ()
    """The allowed headings of an article's sections; empty where any is allowed."""
    citations: tuple[Citation, ...] = ()
    credits: tuple[Credit, ...] = ()
    moved: tuple[Moved, ...] = ()
    security: Security | None = None
