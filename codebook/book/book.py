"""The whole book: all documents, checked against each other and joined by code.

Each text is stored once: a code refers to its guides and tables, but doesn't contain them. Pages
use `BookSummary` to refer to each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from types import MappingProxyType

from msgspec import Struct

from codebook.book.documents import Article, ClassText, Guide, Register, Row, Survey, Symptom, Table
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


class Excerpt(Struct, frozen=True):
    """The rows of a table about a code."""

    table: TableSummary
    rows: tuple[Row, ...]


class RelatedGuide(Struct, frozen=True):
    """A guide that mentions a code."""

    guide: GuideSummary
    lead: str
    """The first paragraph of the guide in plain text; may be empty."""


class ListedCode(Struct, frozen=True):
    """A code with its short text, for lists."""

    summary: CodeSummary
    text: Text


class Code(Struct, frozen=True):
    """A code with everything that the book contains about it."""

    summary: CodeSummary
    official_name: str
    """Empty if it's the name of the code, or if the code has none."""
    text: Text
    register: PurePosixPath
    span: Span
    """The location of its entry in the register."""
    code_class: ClassSummary
    """With the name from its own register, which may differ from other registers."""
    article: Article | None
    excerpts: tuple[Excerpt, ...]
    guides: tuple[RelatedGuide, ...]
    """In the order of the book."""

    @property
    def number(self) -> int:
        """The number of the code."""
        return self.summary.number

    @property
    def name(self) -> str:
        """The name of the code; empty if it has none."""
        return self.summary.name

    @property
    def title(self) -> str:
        """The number and the name."""
        return self.summary.title

    @property
    def lead(self) -> str:
        """What the code means: the summary in its article, or else its text in the register."""
        return (self.article.summary.text if self.article else "") or self.text.plain

    @property
    def separate_lead(self) -> str:
        """The lead if it differs from the text in the register; otherwise empty."""
        return self.lead if self.lead != self.text.plain else ""

    @property
    def symptoms(self) -> tuple[Symptom, ...]:
        """The messages that people see when they get the code."""
        return self.article.symptoms if self.article else ()

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts of the code, in the order of `facts.toml`."""
        return self.summary.facts

    @property
    def stated_excerpts(self) -> tuple[Excerpt, ...]:
        """The excerpts of reference tables that pages show: those with a cell besides the code."""
        return tuple(
            excerpt
            for excerpt in self.excerpts
            if excerpt.table.survey is None
            and any(sum(map(bool, row.cells)) > 1 for row in excerpt.rows)
        )

    @property
    def surveys(self) -> Mapping[str, Sequence[tuple[Excerpt, Survey]]]:
        """The excerpts of surveys, by the heading of their section."""
        surveys: defaultdict[str, list[tuple[Excerpt, Survey]]] = defaultdict(list)
        for excerpt in self.excerpts:
            if survey := excerpt.table.survey:
                surveys[survey.section].append((excerpt, survey))
        return surveys


class Group(Struct, frozen=True):
    """The codes of a class in one register."""

    title: str
    """The name of the class in the register."""
    slugs: tuple[str, ...]
    """The slugs of its heading in the register, for links."""
    register: PurePosixPath
    register_title: str
    span: Span
    codes: tuple[ListedCode, ...]
    """Sorted by number."""


class Chapter(Struct, frozen=True):
    """A class, with the codes of all registers."""

    code_class: ClassSummary
    """With the name from the first register that lists it."""
    span: Span
    """The location of its line in the list of classes."""
    groups: tuple[Group, ...]
    text: ClassText | None

    @property
    def codes(self) -> tuple[ListedCode, ...]:
        """All codes of the class, sorted by number."""
        codes = [code for group in self.groups for code in group.codes]
        return tuple(sorted(codes, key=lambda code: code.summary.number))


class Book(Struct, frozen=True):
    """Everything that is published."""

    title: str
    settings: Settings
    home: Guide | None
    registers: tuple[Register, ...]
    chapters: tuple[Chapter, ...]
    """Sorted by range."""
    codes: Mapping[int, Code]
    """Sorted by number."""
    guides: tuple[Guide, ...]
    tables: tuple[Table, ...]
    facts: Mapping[str, FactKind]


@memoize
def summarize(_cache: Cache, book: Book) -> BookSummary:
    """Return the summary of a book."""
    return BookSummary(
        title=book.title,
        settings=book.settings,
        classes=tuple(chapter.code_class for chapter in book.chapters),
        codes=MappingProxyType({number: code.summary for number, code in book.codes.items()}),
        guides=tuple(map(GuideSummary.of, book.guides)),
        tables=tuple(map(TableSummary.of, book.tables)),
        facts=book.facts,
    )
