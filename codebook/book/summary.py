"""A book cut down to what its pages say of each other.

The page of a code shows all that the book knows of it, but of other codes only number, name, marks,
and facts. A page is made from the one thing that it is about and this summary. The summary holds
the settings, but no text of a page, so most edits leave it equal, and all other pages as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from codebook.book.documents import Column, Comparison, Guide, Table
from codebook.book.settings import Credit, FactKind, Settings


@dataclass(frozen=True, slots=True)
class Fact:
    """One property of a code, as its article states it and the book declares it."""

    kind: FactKind
    value: str
    meaning: str
    """What the value says; empty where the kind allows any text."""
    source: str
    note: str
    uncertain: str
    """Why it may be wrong; empty where nothing speaks against it."""


@dataclass(frozen=True, slots=True)
class ClassSummary:
    """A class: a range of codes with a name."""

    label: str
    """The range as its first digits and an x for each other: 1xxx for 1000 to 1999."""
    name: str
    low: int
    high: int

    @property
    def title(self) -> str:
        """Label and name."""
        return f"{self.label} {self.name}"

    @property
    def range(self) -> str:
        """The first and the last number."""
        return f"{self.low}–{self.high}"


@dataclass(frozen=True, slots=True)
class CodeSummary:
    """A code, wherever it is named."""

    number: int
    name: str
    """Empty where nothing in the book names it."""
    class_label: str
    facts: tuple[Fact, ...]

    @property
    def title(self) -> str:
        """Number and name: what the code is called in a list."""
        return f"{self.number} {self.name}".rstrip()

    @property
    def marks(self) -> tuple[str, ...]:
        """What is to be shown beside it wherever it is named."""
        return tuple(fact.value for fact in self.facts if fact.value in fact.kind.marked)


@dataclass(frozen=True, slots=True)
class GuideSummary:
    """A guide, wherever it is named."""

    slug: str
    title: str
    is_overview: bool
    """Whether it compares all facts of all codes."""

    @classmethod
    def of(cls, guide: Guide) -> GuideSummary:
        """The summary of a guide."""
        return cls(guide.slug, guide.title, guide.is_overview)


@dataclass(frozen=True, slots=True)
class TableSummary:
    """A table without its rows."""

    path: PurePosixPath
    """Of the Markdown page."""
    slug: str
    title: str
    source: str
    read: date
    license: str
    columns: tuple[Column, ...]

    @classmethod
    def of(cls, table: Table) -> TableSummary:
        """The summary of a table."""
        return cls(
            table.path,
            table.slug,
            table.title,
            table.source,
            table.read,
            table.license,
            table.columns,
        )


@dataclass(frozen=True, slots=True)
class ComparedFacts:
    """Some facts of some codes side by side."""

    kinds: tuple[FactKind, ...]
    codes: tuple[CodeSummary, ...]
    is_brief: bool
    """Whether notes and sources are left to the codes' own pages."""

    def rows(self) -> Iterator[tuple[CodeSummary, tuple[Fact | None, ...]]]:
        """Each code with its facts in the order of the kinds; None for one it does not state."""
        for code in self.codes:
            facts = {fact.kind.key: fact for fact in code.facts}
            yield code, tuple(facts.get(kind.key) for kind in self.kinds)


@dataclass(frozen=True, slots=True)
class BookSummary:
    """What the pages of a book may say of each other."""

    title: str
    settings: Settings
    classes: tuple[ClassSummary, ...]
    """In order of range."""
    codes: Mapping[int, CodeSummary]
    """In order of number."""
    guides: tuple[GuideSummary, ...]
    tables: tuple[TableSummary, ...]
    facts: Mapping[str, FactKind]

    def code_class(self, code: CodeSummary) -> ClassSummary:
        """The class that a code belongs to."""
        return next(
            code_class for code_class in self.classes if code_class.label == code.class_label
        )

    def neighbors(self, number: int) -> tuple[CodeSummary | None, CodeSummary | None]:
        """The codes before and after one, in order of number."""
        codes = [None, *self.codes.values(), None]
        index = list(self.codes).index(number)
        return codes[index], codes[index + 2]

    def credits_of(self, documents: Iterable[PurePosixPath]) -> tuple[Credit, ...]:
        """Whose text a page holds that shows these documents."""
        names = {path.as_posix() for path in documents}
        return tuple(
            credit
            for credit in self.settings.credits
            if names & {document.text for document in credit.documents}
        )

    def compare(self, comparison: Comparison) -> ComparedFacts:
        """What a comparison shows; what it names and the book does not hold is left out."""
        kinds = (
            tuple(self.facts.values())
            if comparison.facts is None
            else tuple(self.facts[key.text] for key in comparison.facts if key.text in self.facts)
        )
        if comparison.codes is not None:
            numbers = [mention.number for mention in comparison.codes]
            codes = tuple(self.codes[number] for number in numbers if number in self.codes)
            return ComparedFacts(kinds, codes, is_brief=False)
        keys = {kind.key for kind in kinds}
        codes = tuple(
            code
            for code in self.codes.values()
            if any(fact.kind.key in keys for fact in code.facts)
        )
        return ComparedFacts(kinds, codes, is_brief=True)
