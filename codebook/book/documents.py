"""The types of parsed documents, before they are checked against each other.

Documents are immutable and complete. They contain spans wherever a later check can report
something.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import PurePosixPath

from msgspec import Struct

from codebook.book.layout import CODES, TABLES, is_register, label_of, range_of
from codebook.book.settings import FactKind, Settings, Word
from codebook.cache import Packed
from codebook.diagnostics.source import Span
from codebook.syntax.rich_text import Heading, LinkTarget, Text

CODE_COLUMN = "code"
"""The key of the column that contains the codes of a table."""


BETWEEN_VALUES = "; "
"""Separates several values of code in a cell."""
SECTION_LEVEL = 2
"""The level of the headings of sections."""


class Mention(Struct, frozen=True):
    """A reference to a code by its number."""

    number: int
    span: Span


# --- the register ---------------------------------------------------------------------------


class CodeClass(Struct, frozen=True):
    """A class in the list of a register: a name and a range."""

    name: str
    low: int
    high: int
    span: Span

    @property
    def label(self) -> str:
        """The range as part of a URL: 1xxx for 1000 to 1999, otherwise as in 0-16."""
        return label_of(self.low, self.high)

    def __contains__(self, number: int) -> bool:
        """Whether the number is in the range."""
        return self.low <= number <= self.high


class Entry(Struct, frozen=True):
    """A code in a register."""

    number: int
    name: str
    """Empty if the register has only the number."""
    text: Text
    span: Span


class Section(Struct, frozen=True):
    """The entries of a class, in source order."""

    code_class: CodeClass
    slugs: tuple[str, ...]
    """The slugs of its heading, the anchors of links to the class."""
    entries: tuple[Entry, ...]
    span: Span


class Register(Struct, frozen=True, tag=True, dict=True):
    """The classes and codes of a book, with a short text for each code."""

    path: PurePosixPath
    title: str
    trail: tuple[Text, ...]
    """The links of the breadcrumb above the title, all internal."""
    classes: tuple[CodeClass, ...]
    sections: tuple[Section, ...]
    references: tuple[Text, ...]
    targets: tuple[LinkTarget, ...]
    unclassified: frozenset[int] = frozenset()
    """Codes in entries with errors, or under a heading that doesn't match a class. They have no
    page."""
    candidates: tuple[range, ...] = ()
    """For each misplaced or unclear number, the numbers that would be correct there."""
    is_whole: bool = True
    """Whether all sections are known: the title and the list of classes exist, and no unclosed
    fence hides the rest."""
    has_unclear_classes: bool = False
    """Whether a line of the list of classes has an error."""

    @cached_property
    def misplaced(self) -> frozenset[int]:
        """The codes outside the range of their section's class."""
        return frozenset(
            entry.number
            for section in self.sections
            for entry in section.entries
            if entry.number not in section.code_class
        )

    @cached_property
    def has_doubtful_ranges(self) -> bool:
        """Whether the range of a class overlaps another one, or isn't that of its codes."""
        classes = sorted(self.classes, key=lambda known: known.low)
        overlaps = any(one.high >= other.low for one, other in pairwise(classes))
        return overlaps or bool(self.misplaced)

    def may_hide_code(self, number: int) -> bool:
        """Whether the code may be missing only because of an error in the register."""
        return (
            not self.is_whole
            or number in self.unclassified
            or any(number in numbers for numbers in self.candidates)
        )

    @property
    def may_hide_codes(self) -> bool:
        """Whether any codes may be missing only because of an error in the register."""
        return (
            not self.is_whole
            or self.has_unclear_classes
            or bool(self.unclassified or self.candidates or self._without_section)
        )

    def lacks_section(self, number: int) -> bool:
        """Whether the class of the code has no section."""
        return any(number in known for known in self._without_section)

    @cached_property
    def _without_section(self) -> tuple[CodeClass, ...]:
        described = {section.code_class for section in self.sections}
        return tuple(known for known in self.classes if known not in described)

    def may_hide_class(self, label: str) -> bool:
        """Whether the class may be missing only because of an error in the register."""
        numbers = range_of(label)
        return (
            not self.is_whole
            or self.has_unclear_classes
            or any(number in numbers for number in self.unclassified | self.misplaced)
        )


# --- articles, guides, tables -----------------------------------------------------------------


class Comparison(Struct, frozen=True, tag=True):
    """A table of some facts of some codes in a text."""

    codes: tuple[Mention, ...] | None
    """None for all codes with one of the facts."""
    facts: tuple[Word, ...] | None
    """None for all facts of the book."""


class CodeBlock(Struct, frozen=True, tag=True):
    """A code block, separate from other text because it can become part of a diagram."""

    language: str
    content: str
    text: Text
    """The block as formatted text."""
    section: str
    """The slug of the heading above it; empty before the first heading."""


class Alert(Struct, frozen=True, tag=True):
    """A part of a text that is set apart, such as a warning."""

    kind: str
    """note, tip, important, warning, or caution."""
    text: Text


BodyPart = Text | Comparison | CodeBlock | Alert
"""A part of a long text."""


class Body(Struct, frozen=True):
    """The long text of a document."""

    packed: Packed[tuple[BodyPart, ...]]
    comparisons: tuple[Comparison, ...]
    """The parts that are comparisons."""
    headings: tuple[Heading, ...]
    targets: tuple[LinkTarget, ...]
    lead: str
    """The plain text between the title and the first heading, without alerts; may be empty."""
    opening_length: int
    """The number of parts up to the end of the first section."""
    is_whole: bool = True
    """Whether all headings are known; an unclosed fence can hide some."""

    def parts(self) -> tuple[BodyPart, ...]:
        """All parts, in order."""
        return self.packed.unpack(tuple[BodyPart, ...])


class StatedFact(Struct, frozen=True):
    """A fact in an article."""

    key: Word
    value: str
    source: str
    note: str
    uncertain: str
    value_span: Span


class Symptom(Struct, frozen=True):
    """A message that people see when they get a code, such as a line of a log."""

    message: Word
    program: str
    """The program that writes the message."""
    where: str
    """Where the message appears."""
    cause: Text
    source: str
    reproduced: str
    """The version of the program that wrote the message in a test; may be empty."""


class FormerName(Struct, frozen=True):
    """A former name of a code, with its source."""

    name: str
    source: str


class Article(Struct, frozen=True, tag=True):
    """The long text and the facts of a code."""

    path: PurePosixPath
    code: Mention
    name: str
    known_as: Word
    """The name that people know, if it's a different one; may be empty."""
    summary: Word
    """What the code means, in a sentence of plain text; may be empty."""
    spec: str
    formerly: tuple[FormerName, ...]
    see_also: tuple[Mention, ...]
    keywords: tuple[str, ...]
    """Additional search terms for the code."""
    aliases: tuple[Word, ...] | None
    """The slugs that redirect to its page; None for the slugs of its current and former names."""
    stated_facts: tuple[StatedFact, ...]
    symptoms: tuple[Symptom, ...]
    body: Body
    has_valid_head: bool = True
    """Whether no key of the front matter has an error, which can hide names."""


class ClassText(Struct, frozen=True, tag=True):
    """The text of a class, and the search result for its unassigned codes."""

    path: PurePosixPath
    label: Word
    unassigned: str
    """A sentence with {number} as a placeholder for the code; may be empty."""
    body: Body


class Guide(Struct, frozen=True, tag=True):
    """A guide, or the text of the home page."""

    path: PurePosixPath
    title: str
    keywords: tuple[str, ...]
    """Additional search terms."""
    body: Body
    span: Span
    """The whole file."""

    @property
    def slug(self) -> str:
        """The last part of its URL."""
        return self.path.stem

    @property
    def is_overview(self) -> bool:
        """Whether it compares all facts of all codes."""
        comparisons = self.body.comparisons
        return any(part.codes is None and part.facts is None for part in comparisons)


_VALUE = re.compile(r"(?P<code>.*?)(?P<note> \([^()]*\))?", re.DOTALL)


def code_values(cell: str) -> Iterator[tuple[str, str]]:
    """Yield the values of code in a cell, each with its note, which begins with a space."""
    for value in cell.split(BETWEEN_VALUES):
        if match := _VALUE.fullmatch(value):
            yield match["code"], match["note"] or ""


class Row(Struct, frozen=True):
    """A row of a table."""

    code: Mention
    cells: tuple[str, ...]
    """A cell for each column of the table, including the code."""
    written: str = ""
    """The code as written if it isn't a number without leading zeros, which no page can have; only
    in a survey."""


class Column(Struct, frozen=True):
    """A column of a table."""

    key: str
    label: str


class Outcome(Struct, frozen=True):
    """What a subject of a survey can do."""

    key: str
    mark: str
    """One character, which stands for it in a matrix."""
    text: str
    color: int
    """The number of its color, from 1."""
    can_deviate: bool
    """Whether it can differ from what is expected."""


class Subject(Struct, frozen=True):
    """Something whose behavior a survey measured, such as a program."""

    key: str
    name: str
    version: str
    """May be empty."""

    @property
    def label(self) -> str:
        """The name and the version."""
        return f"{self.name} {self.version}".rstrip()


class Survey(Struct, frozen=True):
    """What makes a table a survey: it says what each subject did with each code."""

    section: str
    """The heading of the section on pages of codes."""
    repeat: str
    """The command that repeats a row, with {scenario} as a placeholder."""
    outcomes: tuple[Outcome, ...]
    subjects: tuple[Subject, ...]
    """In the order of the last columns of the table."""


class Table(Struct, frozen=True, tag=True):
    """A CSV file with a code in each row, and the page that describes it."""

    path: PurePosixPath
    """The path of the Markdown page."""
    title: str
    source: str
    retrieved: date
    retrieved_span: Span
    license: str
    columns: tuple[Column, ...]
    choose: str
    """The label of the menu in which readers choose a column; empty if there is none."""
    survey: Survey | None
    """None unless the table is a survey."""
    rows: tuple[Row, ...]
    body: Body
    span: Span
    """The whole file of the page."""

    @property
    def slug(self) -> str:
        """The last part of its URL."""
        return self.path.stem


class Documents(Struct, frozen=True, dict=True):
    """All parsed documents. Properties that many checks look up are computed only once."""

    settings: Settings
    facts: tuple[FactKind, ...]
    home: Guide | None
    registers: tuple[Register, ...]
    articles: tuple[Article, ...]
    class_texts: tuple[ClassText, ...]
    guides: tuple[Guide, ...]
    tables: tuple[Table, ...]
    unparsed: frozenset[PurePosixPath] = frozenset()
    """Files that exist but could not be parsed. Checks that need their content are skipped."""
    published: tuple[Word, ...] | None = None
    """The published URLs; None if the book has no list of them."""
    folder: str = "content"
    """The display path of the content folder."""

    @cached_property
    def pages(self) -> tuple[Article | ClassText | Guide | Table, ...]:
        """All documents with a body."""
        home = (self.home,) if self.home else ()
        return (*home, *self.articles, *self.class_texts, *self.guides, *self.tables)

    @cached_property
    def by_path(self) -> Mapping[PurePosixPath, Article | ClassText | Guide | Table | Register]:
        """All registers and documents with a body."""
        return {document.path: document for document in (*self.pages, *self.registers)}

    @cached_property
    def articles_by_number(self) -> Mapping[int, Article]:
        """The article of each code."""
        return {article.code.number: article for article in self.articles}

    @cached_property
    def bodies(self) -> tuple[Body, ...]:
        """The bodies of all documents."""
        return tuple(page.body for page in self.pages)

    def hiding_code(self, number: int) -> tuple[str, ...]:
        """The display paths of registers whose errors explain why the code is missing."""
        hiding = [
            register.path
            for register in self.registers
            if register.may_hide_code(number) or register.lacks_section(number)
        ]
        return self._registers_or_folder(hiding)

    def may_describe(self, number: int) -> bool:
        """Whether a register with errors or an unparsed register may describe the code."""
        return bool(self.unparsed_registers) or any(
            register.may_hide_code(number) for register in self.registers
        )

    def hiding_class(self, label: str) -> tuple[str, ...]:
        """The display paths of registers whose errors explain why the class is missing."""
        hiding = [known.path for known in self.registers if known.may_hide_class(label)]
        return self._registers_or_folder(hiding)

    @cached_property
    def hiding_names(self) -> tuple[str, ...]:
        """The display paths of files whose errors may explain why a name of a code is missing."""
        registers = [known.path for known in self.registers if known.may_hide_codes]
        articles = [article.path for article in self.articles if not article.has_valid_head]
        unparsed = [path for path in sorted(self.unparsed) if path.parent.name in {CODES, TABLES}]
        return (*self._registers_or_folder(registers), *self.show(*articles, *unparsed))

    def _registers_or_folder(self, hiding: Iterable[PurePosixPath]) -> tuple[str, ...]:
        """The display paths, or that of the folder if it has no register at all."""
        has_register = self.registers or self.unparsed_registers
        return self.show(*self.unparsed_registers, *hiding) if has_register else (self.folder,)

    @cached_property
    def unparsed_registers(self) -> tuple[PurePosixPath, ...]:
        """The registers that could not be parsed."""
        return tuple(path for path in sorted(self.unparsed) if is_register(path))

    def show(self, *paths: PurePosixPath) -> tuple[str, ...]:
        """Return the display paths of files, without duplicates."""
        return tuple(dict.fromkeys(f"{self.folder}/{path}" for path in paths))

    def misnamed(self, path: PurePosixPath) -> Sequence[PurePosixPath]:
        """The unparsed files that look like this document with a wrong name or folder."""
        files = self._misnamed
        return sorted({*files.get(path, ()), *files.get(path.name, ())})

    @cached_property
    def _misnamed(self) -> Mapping[PurePosixPath | str, Sequence[PurePosixPath]]:
        """The unparsed files by the paths and names that were probably meant."""
        misnamed: defaultdict[PurePosixPath | str, list[PurePosixPath]] = defaultdict(list)
        for file in self.unparsed:
            name = re.sub(r"[^a-z0-9]+", "-", file.stem.lower())
            misnamed[file.with_name(f"{name}{file.suffix}")].append(file)
            misnamed[file.name].append(file)
        return misnamed

    def was_published(self, url: str) -> bool:
        """Whether the list of published URLs contains this URL."""
        return url in self._published_urls

    @cached_property
    def _published_urls(self) -> frozenset[str]:
        return frozenset(published.text for published in self.published or ())

    @property
    def targets(self) -> tuple[LinkTarget, ...]:
        """The targets of all internal links."""
        return (
            *(target for credit in self.settings.credits for target in credit.targets),
            *(moved.target for moved in self.settings.moved),
            *(target for register in self.registers for target in register.targets),
            *(target for body in self.bodies for target in body.targets),
            *(
                target
                for article in self.articles
                for symptom in article.symptoms
                for target in symptom.cause.targets
            ),
        )
