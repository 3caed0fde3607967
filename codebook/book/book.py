"""The book as a whole: every document checked against the others, and joined by code.

A `Book` is right by construction: each code that is named exists, each fact is declared and has a
source, and each link has an address in `places`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from codebook.book.documents import (
    Article,
    ClassText,
    CodeClass,
    Comparison,
    Guide,
    Register,
    Row,
    Table,
)
from codebook.book.settings import Credit, FactKind, Settings
from codebook.diagnostics.source import Span
from codebook.syntax.rich_text import LinkTarget, Text

Place = tuple[PurePosixPath, str]
"""A document and the slug of a heading in it, or nothing for its beginning."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One property of a code, as its article states it and the book declares it."""

    kind: FactKind
    value: str
    meaning: str
    """What the value says; empty where the kind allows any words."""
    source: str
    note: str
    uncertain: str
    """Why it may be wrong; empty where nothing speaks against it."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The rows of one table that name a code."""

    table: Table
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """One code with everything that the book says of it."""

    number: int
    name: str
    """Empty where nothing in the book names it."""
    text: Text
    register: PurePosixPath
    span: Span
    """Of its entry in the register."""
    code_class: CodeClass
    article: Article | None
    facts: tuple[Fact, ...]
    excerpts: tuple[Excerpt, ...]
    guides: tuple[Guide, ...]
    """Those that name it, in order of path."""

    @property
    def title(self) -> str:
        """Number and name: what the code is called in a list."""
        return f"{self.number} {self.name}".rstrip()

    @property
    def marks(self) -> tuple[str, ...]:
        """What is to be shown beside it wherever it is named."""
        return tuple(fact.value for fact in self.facts if fact.value in fact.kind.marked)


@dataclass(frozen=True, slots=True)
class Group:
    """The codes of one class that one register describes."""

    title: str
    """The class's name in that register."""
    register: Register
    span: Span
    codes: tuple[Code, ...]
    """In order of number, however they are written."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One class, with the codes of every register."""

    code_class: CodeClass
    """As the first register that announces it names it."""
    groups: tuple[Group, ...]
    text: ClassText | None

    @property
    def codes(self) -> tuple[Code, ...]:
        """All codes of the class, in order of number."""
        found = [code for group in self.groups for code in group.codes]
        return tuple(sorted(found, key=lambda code: code.number))


@dataclass(frozen=True, slots=True)
class Redirect:
    """An address that leads on to a page: a short one, a name, or one that a page once had."""

    address: str
    to: str
    """The page's own address."""
    span: Span
    """What the address is made from."""
    is_former: bool = False
    """Whether the page was once there itself."""


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
    places: Mapping[Place, str]
    """The address of everything that a link may lead to."""
    redirects: tuple[Redirect, ...]
    """In order of address; none is the address of a page."""

    @property
    def addresses(self) -> frozenset[str]:
        """Every address that is published, those of headings among them, the home page apart."""
        return frozenset({*self.places.values(), *(each.address for each in self.redirects)} - {""})

    def chapter(self, code: Code) -> Chapter:
        """The class of a code, with the codes of every register."""
        return next(each for each in self.chapters if code.number in each.code_class)

    def credits_of(self, documents: Iterable[PurePosixPath]) -> tuple[Credit, ...]:
        """Whose words a page holds that shows these documents."""
        names = {path.as_posix() for path in documents}
        return tuple(
            each for each in self.settings.credits if names & {word.text for word in each.documents}
        )

    def address(self, target: LinkTarget) -> str:
        """Where a link of the book leads."""
        return self.places[target.path, target.anchor]

    def compared(self, comparison: Comparison) -> tuple[Code, ...]:
        """The codes that a comparison sets side by side."""
        if comparison.codes is not None:
            return tuple(self.codes[mention.number] for mention in comparison.codes)
        wanted = {kind.key for kind in self.kinds(comparison)}
        return tuple(
            code
            for code in self.codes.values()
            if any(fact.kind.key in wanted for fact in code.facts)
        )

    def kinds(self, comparison: Comparison) -> tuple[FactKind, ...]:
        """The facts that a comparison shows."""
        if comparison.facts is None:
            return tuple(self.facts.values())
        return tuple(self.facts[word.text] for word in comparison.facts)
