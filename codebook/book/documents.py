"""What each kind of document holds once it is parsed, before any is compared with another.

Every document is frozen and complete. Spans are kept where a later check may report something.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from codebook.book.layout import is_register
from codebook.book.settings import FactKind, Settings, Word
from codebook.diagnostics.source import Span
from codebook.syntax.rich_text import Heading, LinkTarget, Text

CODE_COLUMN = "code"
"""The key of the column that holds the codes of a table."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A code named by its number, and where."""

    number: int
    span: Span


# --- the register ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CodeClass:
    """A class that a register lists: a name, and a range that starts at a round number."""

    name: str
    low: int
    high: int
    span: Span

    @property
    def label(self) -> str:
        """The range as its first digits and an x for each other: 1xxx for 1000 to 1999."""
        return str(self.low)[: -(len(str(self.size)) - 1)] + "x" * (len(str(self.size)) - 1)

    @property
    def size(self) -> int:
        """How many numbers it spans: a power of ten, at least ten."""
        return self.high - self.low + 1

    def __contains__(self, number: int) -> bool:
        """Whether the number lies in the range."""
        return self.low <= number <= self.high


@dataclass(frozen=True, slots=True)
class Entry:
    """One code as a register describes it."""

    number: int
    name: str
    """Empty where the register names only the number."""
    text: Text
    span: Span


@dataclass(frozen=True, slots=True)
class Section:
    """The entries of one class, in the order they are written."""

    code_class: CodeClass
    slug: str
    """The slug of its heading, which links to the class use as their anchor."""
    entries: tuple[Entry, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Register:
    """Which classes and codes there are, and one short text for each."""

    path: PurePosixPath
    title: str
    trail: tuple[Text, ...]
    """The links of the breadcrumb above the title; each leads into the book."""
    classes: tuple[CodeClass, ...]
    sections: tuple[Section, ...]
    references: tuple[Text, ...]
    targets: tuple[LinkTarget, ...]
    unplaced: frozenset[int] = frozenset()
    """Codes described under a heading that names no class: they get no page, and references to
    them are not reported as well."""
    meant: tuple[range, ...] = ()
    """For each wrong number, those that would be right in its place, between its neighbors.
    References to them are not reported as well."""


# --- articles, guides, tables -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Comparison:
    """The position in a text where some facts of some codes are shown side by side."""

    codes: tuple[Mention, ...] | None
    """None for every code that states one of the facts."""
    facts: tuple[Word, ...] | None
    """None for every fact that the book declares."""


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A code block, separate from the text around it because it may also become a drawing."""

    language: str
    content: str
    text: Text
    """The block as formatted text."""
    section: str
    """The slug of the heading above it; empty above the first."""


@dataclass(frozen=True, slots=True)
class Body:
    """The long text of a document."""

    parts: tuple[Text | Comparison | CodeBlock, ...]
    headings: tuple[Heading, ...]
    targets: tuple[LinkTarget, ...]
    lead: str
    """The plain text before the first heading below the title; empty where there is none."""
    is_whole: bool = True
    """Whether all its headings are known: a fence that is never closed may hide some."""

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """The parts that are comparisons."""
        return tuple(part for part in self.parts if isinstance(part, Comparison))


@dataclass(frozen=True, slots=True)
class Claim:
    """A fact as an article states it."""

    key: Word
    value: str
    source: str
    note: str
    uncertain: str
    value_span: Span


@dataclass(frozen=True, slots=True)
class FormerName:
    """What a code was once called, and the source for that."""

    name: str
    source: str


@dataclass(frozen=True, slots=True)
class Article:
    """The long text and the facts of one code."""

    path: PurePosixPath
    code: Mention
    name: str
    spec: str
    formerly: tuple[FormerName, ...]
    see_also: tuple[Mention, ...]
    keywords: tuple[str, ...]
    """What people search for when they mean the code."""
    aliases: tuple[Word, ...] | None
    """The slugs that lead to its page; None for those of its present and former names."""
    claims: tuple[Claim, ...]
    body: Body


@dataclass(frozen=True, slots=True)
class ClassText:
    """What a class means, and what the search says of its unassigned numbers."""

    path: PurePosixPath
    label: Word
    unassigned: str
    """One sentence with {number} for the number; may be empty."""
    body: Body


@dataclass(frozen=True, slots=True)
class Guide:
    """A free page. The home page's text is one too."""

    path: PurePosixPath
    title: str
    body: Body
    span: Span
    """The file as a whole."""

    @property
    def slug(self) -> str:
        """The last part of its URL."""
        return self.path.stem

    @property
    def is_overview(self) -> bool:
        """Whether it compares all facts of all codes."""
        comparisons = self.body.comparisons
        return any(part.codes is None and part.facts is None for part in comparisons)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    code: Mention
    cells: tuple[str, ...]
    """One for each column of the table, the code among them."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV with a code in each row, and the page that says what it is."""

    path: PurePosixPath
    """Of the Markdown page."""
    title: str
    source: str
    read: date
    license: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    body: Body
    span: Span
    """The page's file as a whole."""

    @property
    def slug(self) -> str:
        """The last part of its URL."""
        return self.path.stem


@dataclass(frozen=True, slots=True)
class Documents:
    """Everything that was parsed, each document by itself."""

    settings: Settings
    facts: tuple[FactKind, ...]
    home: Guide | None
    registers: tuple[Register, ...]
    articles: tuple[Article, ...]
    class_texts: tuple[ClassText, ...]
    guides: tuple[Guide, ...]
    tables: tuple[Table, ...]
    unread: frozenset[PurePosixPath] = frozenset()
    """Files that exist and could not be read: what depends on them is not checked, so that one
    error is one diagnostic."""
    published: tuple[Word, ...] | None = None
    """Every URL that the book ever had; None where it keeps no list of them."""

    @property
    def bodies(self) -> tuple[Body, ...]:
        """Every long text of the book."""
        home = (self.home.body,) if self.home else ()
        articles = (article.body for article in self.articles)
        class_texts = (class_text.body for class_text in self.class_texts)
        guides = (guide.body for guide in self.guides)
        return (*home, *articles, *class_texts, *guides, *(table.body for table in self.tables))

    def may_describe(self, number: int) -> bool:
        """Whether the code may exist: a register has an error there, or could not be read."""
        return self.lacks_register or any(
            number in register.unplaced or any(number in numbers for numbers in register.meant)
            for register in self.registers
        )

    @property
    def lacks_register(self) -> bool:
        """Whether a register could not be read."""
        return any(is_register(path) for path in self.unread)

    @property
    def targets(self) -> tuple[LinkTarget, ...]:
        """Every link of the book that leads into the book."""
        return (
            *(target for credit in self.settings.credits for target in credit.targets),
            *(moved.target for moved in self.settings.moved),
            *(target for register in self.registers for target in register.targets),
            *(target for body in self.bodies for target in body.targets),
        )
