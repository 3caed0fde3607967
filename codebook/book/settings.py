"""What `book.toml` and `facts.toml` declare, once they are read."""

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
    """A key, a fact or a column named at a place."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class FactKind:
    """One fact that codes may have, as the book declares it."""

    key: str
    label: str
    about: str
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The allowed values, each with its meaning; empty where any words are allowed."""
    marked: frozenset[str] = frozenset()
    """The values that are shown beside a code wherever it is named."""
    span: Span | None = None
    """Where it is declared."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A pattern for the way a book cites its sources, and the address that it stands for."""

    pattern: re.Pattern[str]
    url: str
    """With the pattern's named groups in braces."""


@dataclass(frozen=True, slots=True)
class Credit:
    """Whose words some documents hold; shown on every page that shows them."""

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
    """Which examples are messages, and how their first lines are understood."""

    language: str
    """Of the fences that hold one message each."""
    client: str
    server: str
    """What the two that talk are called."""
    request: re.Pattern[str]
    response: re.Pattern[str]
    """What a first line is; its group `label` is what a drawing shows of it."""
    fields: re.Pattern[str] | None
    """The other lines that a drawing shows; None for none."""


@dataclass(frozen=True, slots=True)
class Moved:
    """An address that was published, and what is to be found there now."""

    address: Word
    target: LinkTarget


@dataclass(frozen=True, slots=True)
class Security:
    """Whom to tell of a weakness of the site, as RFC 9116 wants it to be said."""

    contacts: tuple[str, ...]
    """Web and mail addresses, the preferred one first."""
    expires: date
    """The day from which the rest is not to be relied on any more."""
    policy: str
    """A web address; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The book's own: everything has a value that works for a book without settings."""

    title: str = ""
    description: str = ""
    language: str = "en"
    path: str = "status"
    url: str = ""
    """The public address, ending in a slash; empty where it is not known."""
    repository: str = ""
    """The web address of the repository, without a slash at its end."""
    branch: str = "main"
    names: NamedColumn | None = None
    """What names a code which neither register nor article names."""
    search: tuple[NamedColumn, ...] = ()
    """What leads to a code in the search, besides its own words."""
    exchange: ExchangeKind | None = None
    """How examples are drawn; None where they are not."""
    headings: tuple[str, ...] = ()
    """What an article's sections may be called; empty where anything goes."""
    citations: tuple[Citation, ...] = ()
    credits: tuple[Credit, ...] = ()
    moved: tuple[Moved, ...] = ()
    security: Security | None = None
