"""The part of a book that its pages can show about one another.

The page of a code contains everything about that code, but only the number, name, marks, and facts
of other codes. A page depends on its own subject and on this summary. The summary contains the
settings but no text of pages, so after most edits, other pages don't have to be rebuilt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import PurePosixPath
from typing import TypeVar

from msgspec import Struct

from codebook.book.citations import TextPart, split_citations
from codebook.book.documents import Column, Comparison, Guide, Survey, Table
from codebook.book.settings import Credit, FactKind, Settings

K = TypeVar("K")
V = TypeVar("V")


class Fact(Struct, frozen=True):
    """A property of a code, from its article and its declaration."""

    kind: FactKind
    value: str
    meaning: str
    """The meaning of the value; empty if the fact allows any text."""
    source: str
    note: str
    uncertain: str
    """Why it may be wrong; empty if it's certain."""

    @property
    def is_usual(self) -> bool:
        """Whether most codes have this value, and it's certain."""
        return self.value in self.kind.usual and not self.uncertain


class ClassSummary(Struct, frozen=True):
    """A class: a range of codes with a name."""

    label: str
    """The range as part of a URL: 1xxx for 1000 to 1999, otherwise as in 0-16."""
    name: str
    low: int
    high: int

    @property
    def title(self) -> str:
        """The label and the name."""
        return f"{self.printed_label} {self.name}"

    @property
    def printed_label(self) -> str:
        """The label as pages show it: a range has an en dash."""
        return self.range if "-" in self.label else self.label

    @property
    def range(self) -> str:
        """The first and last code, or the only one."""
        return str(self.low) if self.low == self.high else f"{self.low}–{self.high}"


class CodeSummary(Struct, frozen=True, dict=True):
    """A code, as other pages show it."""

    number: int
    name: str
    """Empty if the book doesn't name the code."""
    class_label: str
    other_register: str
    """The title of its register; empty for codes of the first one."""
    facts: tuple[Fact, ...]

    @property
    def title(self) -> str:
        """The number and the name."""
        return f"{self.number} {self.name}".rstrip()

    @cached_property
    def marks(self) -> tuple[str, ...]:
        """The values to show next to the code."""
        return tuple(fact.value for fact in self.facts if fact.value in fact.kind.marked)


class GuideSummary(Struct, frozen=True):
    """A guide, as other pages show it."""

    slug: str
    title: str
    is_overview: bool
    """Whether it compares all facts of all codes."""

    @classmethod
    def of(cls, guide: Guide) -> GuideSummary:
        """Return the summary of a guide."""
        return cls(guide.slug, guide.title, guide.is_overview)


class TableSummary(Struct, frozen=True):
    """A table without its rows."""

    path: PurePosixPath
    """The path of the Markdown page."""
    slug: str
    title: str
    source: str
    retrieved: date
    license: str
    columns: tuple[Column, ...]
    choose: str
    """The label of the menu in which readers choose a column; empty if there is none."""
    survey: Survey | None

    @classmethod
    def of(cls, table: Table) -> TableSummary:
        """Return the summary of a table."""
        return cls(
            table.path,
            table.slug,
            table.title,
            table.source,
            table.retrieved,
            table.license,
            table.columns,
            table.choose,
            table.survey,
        )


class ComparedFacts(Struct, frozen=True):
    """A comparison of some facts of some codes."""

    kinds: tuple[FactKind, ...]
    codes: tuple[CodeSummary, ...]
    is_brief: bool
    """Whether to leave out notes and sources."""

    def rows(self) -> Iterator[tuple[CodeSummary, tuple[Fact | None, ...]]]:
        """Yield each code with its facts in the order of `kinds`; None for missing facts."""
        for code in self.codes:
            facts = {fact.kind.key: fact for fact in code.facts}
            yield code, tuple(facts.get(kind.key) for kind in self.kinds)


class BookSummary(Struct, frozen=True, dict=True):
    """The part of a book that all pages can show.

    Properties that all pages look up are computed only once.
    """

    title: str
    settings: Settings
    classes: tuple[ClassSummary, ...]
    """Sorted by range."""
    codes: Mapping[int, CodeSummary]
    """Sorted by number."""
    guides: tuple[GuideSummary, ...]
    tables: tuple[TableSummary, ...]
    facts: Mapping[str, FactKind]

    @cached_property
    def classes_by_label(self) -> Mapping[str, ClassSummary]:
        """Every class by its label."""
        return {code_class.label: code_class for code_class in self.classes}

    @cached_property
    def neighbors(self) -> Mapping[int, tuple[CodeSummary | None, CodeSummary | None]]:
        """The previous and next code of each code."""
        return _neighbors(self.codes)

    @cached_property
    def class_neighbors(self) -> Mapping[str, tuple[ClassSummary | None, ClassSummary | None]]:
        """The previous and next class of each class, by label."""
        return _neighbors(self.classes_by_label)

    @cached_property
    def guide_neighbors(self) -> Mapping[str, tuple[GuideSummary | None, GuideSummary | None]]:
        """The previous and next guide of each guide, by slug."""
        return _neighbors({guide.slug: guide for guide in self.guides})

    def cited(self, plain: str) -> Sequence[TextPart]:
        """Split a plain text into links and other text."""
        parts = self._cited.get(plain)
        if parts is None:
            parts = tuple(split_citations(plain, self.settings.citations))
            self._cited[plain] = parts
        return parts

    @cached_property
    def _cited(self) -> dict[str, Sequence[TextPart]]:
        """The parts of each text so far. All formats of a page contain the same texts."""
        return {}

    @cached_property
    def overview(self) -> GuideSummary | None:
        """The first guide that compares all facts of all codes."""
        return next((guide for guide in self.guides if guide.is_overview), None)

    def credits_of(
        self, documents: Iterable[PurePosixPath], numbers: Iterable[int] | None = None
    ) -> tuple[Credit, ...]:
        """Return the credits for a page with text from these documents.

        `numbers` are the codes if the page has only the texts of some.
        """
        codes = None if numbers is None else {str(number) for number in numbers}
        names = {path.as_posix() for path in documents}
        return tuple(
            credit
            for credit in self.settings.credits
            if names & {document.text for document in credit.documents}
            if codes is None or not credit.codes or codes & {word.text for word in credit.codes}
        )

    def compare(self, comparison: Comparison) -> ComparedFacts:
        """Return the content of a comparison, without unknown codes and facts.

        If it's about certain codes, facts that none of them states are left out, too.
        """
        kinds = (
            tuple(self.facts.values())
            if comparison.facts is None
            else tuple(self.facts[key.text] for key in comparison.facts if key.text in self.facts)
        )
        if comparison.codes is not None:
            numbers = [mention.number for mention in comparison.codes]
            codes = tuple(self.codes[number] for number in numbers if number in self.codes)
            stated = {fact.kind.key for code in codes for fact in code.facts}
            known = tuple(kind for kind in kinds if kind.key in stated)
            return ComparedFacts(known, codes, is_brief=False)
        keys = {kind.key for kind in kinds}
        codes = tuple(
            code
            for code in self.codes.values()
            if any(fact.kind.key in keys for fact in code.facts)
        )
        return ComparedFacts(kinds, codes, is_brief=True)


def _neighbors(items: Mapping[K, V]) -> Mapping[K, tuple[V | None, V | None]]:
    """The values before and after each key."""
    padded = (None, *items.values(), None)
    return dict(zip(items, zip(padded[:-2], padded[2:], strict=True), strict=True))
