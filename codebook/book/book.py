"""The book as a whole: every document checked against the others, and joined by code.

Each text is in one place: a code names its guides and tables, but does not hold them. What pages
may say of each other is a type of its own, `BookSummary`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType

from codebook.book.documents import Article, ClassText, Guide, Register, Row, Table
from codebook.book.settings import FactKind, Settings
from codebook.book.summary import (
    BookSummary,
    ClassSummary,
    CodeSummary,
    Fact,
    GuideSummary,
    TableSummary,
)
from codebook.cache import Cache, memoize
from codebook.diagnostics.source import Span
from codebook.syntax.rich_text import Text


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The rows of one table that name a code."""

    table: TableSummary
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class RelatedGuide:
    """A guide that names a code."""

    guide: GuideSummary
    lead: str
    """Its first paragraph in plain text; empty where it has none."""


@dataclass(frozen=True, slots=True)
class ListedCode:
    """A code with its short text, as the list of its class shows it."""

    summary: CodeSummary
    text: Text


@dataclass(frozen=True, slots=True)
class Code:
    """One code with everything that the book says of it."""

    summary: CodeSummary
    text: Text
    register: PurePosixPath
    span: Span
    """Of its entry in the register."""
    code_class: ClassSummary
    """As its own register names it, which need not be the first that announces it."""
    article: Article | None
    excerpts: tuple[Excerpt, ...]
    guides: tuple[RelatedGuide, ...]
    """In order of path."""

    @property
    def number(self) -> int:
        """The code itself."""
        return self.summary.number

    @property
    def name(self) -> str:
        """Empty where nothing in the book names it."""
        return self.summary.name

    @property
    def title(self) -> str:
        """Number and name."""
        return self.summary.title

    @property
    def facts(self) -> tuple[Fact, ...]:
        """In the order in which the book declares them."""
        return self.summary.facts


@dataclass(frozen=True, slots=True)
class Group:
    """The codes of one class that one register describes."""

    title: str
    """The class's name in that register."""
    slug: str
    """Of its heading in the register, which links name."""
    register: PurePosixPath
    register_title: str
    span: Span
    codes: tuple[ListedCode, ...]
    """In order of number, however they are written."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One class, with the codes of every register."""

    code_class: ClassSummary
    """As the first register that announces it names it."""
    span: Span
    """Where it is announced."""
    groups: tuple[Group, ...]
    text: ClassText | None

    @property
    def codes(self) -> tuple[ListedCode, ...]:
        """All codes of the class, in order of number."""
        codes = [code for group in self.groups for code in group.codes]
        return tuple(sorted(codes, key=lambda code: code.summary.number))


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that is published."""

    title: str
    settings: Settings
    home: Guide | None
    registers: tuple[Register, ...]
    chapters: tuple[Chapter, ...]
    """In order of range."""
    codes: Mapping[int, Code]
    """In order of number."""
    guides: tuple[Guide, ...]
    tables: tuple[Table, ...]
    facts: Mapping[str, FactKind]


@memoize
def summarize(_cache: Cache, book: Book) -> BookSummary:
    """What the pages of a book may say of each other."""
    return BookSummary(
        title=book.title,
        settings=book.settings,
        classes=tuple(chapter.code_class for chapter in book.chapters),
        codes=MappingProxyType({number: code.summary for number, code in book.codes.items()}),
        guides=tuple(map(GuideSummary.of, book.guides)),
        tables=tuple(map(TableSummary.of, book.tables)),
        facts=book.facts,
    )
