"""The shapes of heads and settings as they are written; the records are made from them.

Keys with a default may be left out. Any key that is not here is a problem.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct


class SourcedName(Struct, frozen=True):
    """A former name."""

    name: str
    source: str


class FactHead(Struct, frozen=True):
    """A fact as an article states it. `source` is demanded where the fact is judged."""

    value: str
    source: str = ""
    note: str = ""
    uncertain: str = ""


class ArticleHead(Struct, frozen=True):
    """The head of `codes/NUMBER.md`."""

    name: str = ""
    spec: str = ""
    formerly: list[SourcedName] = []
    see_also: list[int] = []
    keywords: list[str] = []
    aliases: list[str] | None = None
    facts: dict[str, FactHead] = {}


class ClassTextHead(Struct, frozen=True):
    """The head of `classes/LABEL.md`."""

    unassigned: str = ""


class TableHead(Struct, frozen=True):
    """The head of `tables/NAME.md`."""

    title: str
    source: str
    read: date
    licence: str
    columns: dict[str, str]


class ComparisonHead(Struct, frozen=True):
    """The inside of a `compare` fence. What is left out means all that the book has."""

    codes: list[int] | None = None
    facts: list[str] | None = None


class FactKindShape(Struct, frozen=True):
    """One table of `facts.toml`."""

    label: str
    about: str
    values: dict[str, str] = {}
    marked: list[str] = []


class NamesShape(Struct, frozen=True):
    """Where names come from that no document gives."""

    table: str
    column: str


class SearchShape(Struct, frozen=True):
    """A column whose cells lead to their codes in the search."""

    table: str
    column: str


class ExchangeShape(Struct, frozen=True):
    """How examples are drawn: the language of their fences, who speaks, what is said."""

    language: str
    client: str
    server: str
    request: str
    response: str
    fields: str = ""


class CitationShape(Struct, frozen=True):
    """A way to cite, and its address."""

    pattern: str
    url: str


class CreditShape(Struct, frozen=True):
    """Whose words some documents hold."""

    documents: list[str]
    text: str


class SecurityShape(Struct, frozen=True):
    """Whom to tell of a weakness of the site."""

    contact: list[str]
    expires: date
    policy: str = ""


class BookShape(Struct, frozen=True):
    """`book.toml`."""

    title: str = ""
    description: str = ""
    language: str = "en"
    path: str = "status"
    url: str = ""
    repository: str = ""
    branch: str = "main"
    names: NamesShape | None = None
    search: list[SearchShape] = []
    exchange: ExchangeShape | None = None
    headings: list[str] = []
    references: list[CitationShape] = []
    credits: list[CreditShape] = []
    moved: dict[str, str] = {}
    security: SecurityShape | None = None
