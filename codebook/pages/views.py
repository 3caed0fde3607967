"""What templates may use: one context for each template, and the views that contexts hold.

Everything is ready to be printed: sorted, grouped, counted and addressed. A `Markup` is HTML that
was made safe; every `str` is plain text, which the template escapes. A missing link is None, any
other missing thing is empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    text: str
    url: str
    marks: tuple[str, ...] = ()
    """What a reader is to know of a code before going there."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What is around the content of every page."""

    language: str
    site_title: str
    title: str
    """Of the page alone; it is never the same on two pages."""
    description: str
    canonical: str
    """The page's whole public address; empty where that is not known, or not to be indexed."""
    indexed: bool
    assets: Mapping[str, str]
    """The address of each asset by its plain name."""
    home: Link
    all_codes: Link
    menu: tuple[Link, ...]
    """The classes."""
    trail: tuple[Link, ...]
    """The pages above this one."""
    credits: tuple[Markup, ...]
    edits: tuple[Link, ...]
    """Where each document that the page shows can be edited."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One fact of one code."""

    value: str
    meaning: str
    note: str
    uncertain: str
    """Why the fact may be wrong; empty where it is certain."""
    source: Markup


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """The facts of one code, in the order of the columns."""

    code: Link
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """Codes side by side."""

    columns: tuple[str, ...]
    rows: tuple[ComparisonRow, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a long text: HTML or a comparison, the other one missing."""

    html: Markup
    comparison: ComparisonView | None


@dataclass(frozen=True, slots=True)
class CodeView:
    """A code in a list."""

    number: int
    name: str
    url: str
    id: str
    marks: tuple[str, ...]
    text: Markup


@dataclass(frozen=True, slots=True)
class GroupView:
    """The codes of one class that one register describes."""

    title: str
    """The register's, empty where only one describes codes of the class."""
    codes: tuple[CodeView, ...]


@dataclass(frozen=True, slots=True)
class ChapterView:
    """A class with its codes."""

    id: str
    label: str
    name: str
    range: str
    url: str
    count: int
    groups: tuple[GroupView, ...]


@dataclass(frozen=True, slots=True)
class FactView:
    """One fact of a code, as a list of facts shows it."""

    label: str
    about: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class FormerView:
    """What a code was once called."""

    name: str
    source: Markup


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of a table; the code's cell is a link where the code has a page."""

    code: Link | None
    number: int
    cells: tuple[Markup, ...]
    """Those of the other columns."""


@dataclass(frozen=True, slots=True)
class PairView:
    """One cell of a row, beside the label of its column."""

    label: str
    cell: Markup


@dataclass(frozen=True, slots=True)
class ExcerptView:
    """What one table says of one code: pairs where that is one row, else columns and rows."""

    table: Link
    pairs: tuple[PairView, ...]
    columns: tuple[str, ...]
    """The labels of the columns, that of the code left out."""
    rows: tuple[tuple[Markup, ...], ...]


@dataclass(frozen=True, slots=True)
class HomePage:
    """`home.html`: what this is, and every code."""

    frame: Frame
    heading: str
    parts: tuple[Part, ...]
    chapters: tuple[ChapterView, ...]
    guides: tuple[Link, ...]
    tables: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class CodesPage:
    """`codes.html`: every code with its text, class by class."""

    frame: Frame
    heading: str
    chapters: tuple[ChapterView, ...]
    references: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class ClassPage:
    """`class.html`: one class."""

    frame: Frame
    chapter: ChapterView
    previous: Link | None
    following: Link | None


@dataclass(frozen=True, slots=True)
class CodePage:
    """`code.html`: everything about one code."""

    frame: Frame
    number: int
    name: str
    marks: tuple[str, ...]
    chapter: Link
    text: Markup
    spec: Markup
    formerly: tuple[FormerView, ...]
    facts: tuple[FactView, ...]
    parts: tuple[Part, ...]
    excerpts: tuple[ExcerptView, ...]
    see_also: tuple[Link, ...]
    guides: tuple[Link, ...]
    previous: Link | None
    following: Link | None


@dataclass(frozen=True, slots=True)
class GuidePage:
    """`guide.html`: one guide."""

    frame: Frame
    heading: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class TablePage:
    """`table.html`: one table, whole."""

    frame: Frame
    heading: str
    parts: tuple[Part, ...]
    source: Markup
    read: str
    """A date as ISO 8601 writes it."""
    licence: Markup
    code_column: str
    columns: tuple[str, ...]
    rows: tuple[RowView, ...]


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """`not_found.html`: for every address that nobody has."""

    frame: Frame
    chapters: tuple[ChapterView, ...]


Context = HomePage | CodesPage | ClassPage | CodePage | GuidePage | TablePage | ErrorPage

CONTEXTS: Mapping[str, type[Context]] = {
    "home.html": HomePage,
    "codes.html": CodesPage,
    "class.html": ClassPage,
    "code.html": CodePage,
    "guide.html": GuidePage,
    "table.html": TablePage,
    "not_found.html": ErrorPage,
}
"""Each template with the one context that it is given."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page to be rendered."""

    address: str
    template: str
    context: Context
