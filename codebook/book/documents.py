"""What each kind of document holds once it is read, before any is compared with another.

Every record is frozen and complete when it is made. Spans are kept where a later check may have
something to say.
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
    """A code named by its number, at a place."""

    number: int
    span: Span


# --- the register ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CodeClass:
    """A class that a register announces: a name, and a range that starts at a round number."""

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
        """How many numbers it spans; always a power of ten, ten at least."""
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
    """Of its heading; links lead to the class by it."""
    entries: tuple[Entry, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Register:
    """Which classes and codes there are, and one short text for each."""

    path: PurePosixPath
    title: str
    trail: tuple[Text, ...]
    """The links of the line above the title; each leads into the book."""
    classes: tuple[CodeClass, ...]
    sections: tuple[Section, ...]
    references: tuple[Text, ...]
    targets: tuple[LinkTarget, ...]
    unplaced: frozenset[int] = frozenset()
    """Codes described under a heading that is no class: they get no page, and whatever names
    them is not wrong a second time."""
    meant: tuple[range, ...] = ()
    """Where a number stands that is wrong: those that would be right there, between its
    neighbours. Whatever names one of them is not wrong a second time."""


# --- articles, guides, tables -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Comparison:
    """A place in a text where some facts of some codes are set side by side."""

    codes: tuple[Mention, ...] | None
    """None for every code that states one of the facts."""
    facts: tuple[Word, ...] | None
    """None for every fact that the book declares."""


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A code block, apart from the text around it, because it may be drawn too."""

    language: str
    content: str
    text: Text
    """The same as it is shown."""
    section: str
    """The slug of the heading that it stands under; empty above the first."""


@dataclass(frozen=True, slots=True)
class Body:
    """The long text of a document."""

    parts: tuple[Text | Comparison | CodeBlock, ...]
    headings: tuple[Heading, ...]
    targets: tuple[LinkTarget, ...]
    lead: str
    """The plain words before the first heading below the title; empty where there are none."""
    is_whole: bool = True
    """Whether all its headings are known: a fence that is never closed may hide some."""

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """The comparisons alone."""
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
    """What a code was once called, and where that can be read."""

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
    """What people look for when they mean the code."""
    aliases: tuple[Word, ...] | None
    """The names that its page is found under; None for what it is and was called."""
    claims: tuple[Claim, ...]
    body: Body


@dataclass(frozen=True, slots=True)
class ClassText:
    """What a class means, and what becomes of its numbers that nobody has assigned."""

    path: PurePosixPath
    label: Word
    unassigned: str
    """One sentence, with {number} where the number belongs; empty where there is nothing to say."""
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
        """The last part of its address."""
        return self.path.stem

    @property
    def is_overview(self) -> bool:
        """Whether it sets all facts of all codes side by side."""
        return any(each.codes is None and each.facts is None for each in self.body.comparisons)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    code: Mention
    cells: tuple[str, ...]
    """As many as the table has columns, the code's own among them."""


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
    licence: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    body: Body
    span: Span
    """The page's file as a whole."""

    @property
    def slug(self) -> str:
        """The last part of its address."""
        return self.path.stem


@dataclass(frozen=True, slots=True)
class Documents:
    """Everything that was read, each document alone."""

    settings: Settings
    facts: tuple[FactKind, ...]
    home: Guide | None
    registers: tuple[Register, ...]
    articles: tuple[Article, ...]
    class_texts: tuple[ClassText, ...]
    guides: tuple[Guide, ...]
    tables: tuple[Table, ...]
    unread: frozenset[PurePosixPath] = frozenset()
    """Files that are there and could not be read: what rests on them is not judged, so that one
    mistake is one problem."""
    published: tuple[Word, ...] | None = None
    """Every address that the book ever had; None where it keeps no list of them."""

    @property
    def bodies(self) -> tuple[Body, ...]:
        """Every long text of the book."""
        home = (self.home.body,) if self.home else ()
        articles = tuple(article.body for article in self.articles)
        classes = tuple(each.body for each in self.class_texts)
        guides = tuple(guide.body for guide in self.guides)
        return (*home, *articles, *classes, *guides, *(table.body for table in self.tables))

    def may_describe(self, number: int) -> bool:
        """Whether a register describes the code where no class is, or cannot be read at all."""
        named = any(number in register.unplaced for register in self.registers)
        meant = (each for register in self.registers for each in register.meant)
        return named or self.lacks_register or any(number in each for each in meant)

    @property
    def lacks_register(self) -> bool:
        """Whether there is a register that could not be read."""
        return any(is_register(path) for path in self.unread)

    @property
    def targets(self) -> tuple[LinkTarget, ...]:
        """Every link of the book that leads into the book."""
        credited = tuple(each for credit in self.settings.credits for each in credit.targets)
        listed = tuple(each for register in self.registers for each in register.targets)
        moved = tuple(each.target for each in self.settings.moved)
        told = (each for body in self.bodies for each in body.targets)
        return (*credited, *moved, *listed, *told)
