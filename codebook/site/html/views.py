"""What contexts hold: the pieces that pages are put together from.

Everything is ready to be printed: sorted, grouped, counted and addressed. A `Markup` is HTML that
was made safe; every `str` is plain text, which the template escapes. A missing link is None, any
other missing thing is empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Mark:
    """What a reader is to know of a code before going there."""

    text: str
    rank: int
    """Its place among the marks of the book, from 1: each has a look of its own."""


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    text: str
    url: str
    marks: tuple[Mark, ...] = ()
    hue: int = 0
    """The colour of the class that it leads into; 0 for none."""


@dataclass(frozen=True, slots=True)
class MenuLink:
    """A class, as every page leads to it."""

    text: str
    name: str
    url: str
    hue: int
    is_current: bool
    """Whether the page is the class's own or that of one of its codes."""


@dataclass(frozen=True, slots=True)
class FormatLink:
    """What a page says in another form."""

    name: str
    media_type: str
    url: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What is around the content of every page."""

    language: str
    """Of the book."""
    direction: str
    """The writing direction of the book: ltr or rtl."""
    interface_language: str
    """The language of the interface; empty if it is that of the book."""
    interface_direction: str
    site_title: str
    title: str
    """Of the page alone; it is never the same on two pages."""
    description: str
    canonical: str
    """The page's whole public address; empty where that is not known, or not to be indexed."""
    indexed: bool
    kind: str
    """What Open Graph calls the page: website or article."""
    card: str
    """The whole public address of the page's picture; empty where there is none."""
    structured: Markup
    """What the page is, as JSON-LD."""
    hue: int
    """The colour of the class that the page is about; 0 for none."""
    formats: tuple[FormatLink, ...]
    search: str
    """The address of what tells a browser how to search the site; empty where there is nothing."""
    manifest: str
    icon: str
    """The address of the picture for browsers that draw no SVG; empty where there is none."""
    touch_icon: str
    """The address of the picture for home screens; empty where there is none."""
    assets: Mapping[str, str]
    """The address of each asset by its plain name."""
    home: Link
    all_codes: Link
    menu: tuple[MenuLink, ...]
    """The classes."""
    trail: tuple[Link, ...]
    """The pages above this one."""
    credits: tuple[Markup, ...]
    edits: tuple[Link, ...]
    """Where each document that the page shows can be edited."""
    changed: str
    """The day on which the page's own text last changed; empty where that is not known."""


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
    is_long: bool
    """Whether one would rather search it than read it."""


@dataclass(frozen=True, slots=True)
class ArrowView:
    """One message of a drawing; lengths are in pixels."""

    y: int
    label_y: int
    note_y: int
    label: str
    note: str
    """A second line; empty where there is none."""
    is_response: bool


@dataclass(frozen=True, slots=True)
class DrawingView:
    """Messages between two parties, one below the other."""

    client: str
    server: str
    height: int
    floor: int
    """Where the lines of the two parties end."""
    words: str
    """The same for those who do not see it."""
    arrows: tuple[ArrowView, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a long text: HTML, with a drawing before it, or a comparison."""

    html: Markup
    comparison: ComparisonView | None = None
    drawing: DrawingView | None = None


@dataclass(frozen=True, slots=True)
class CodeView:
    """A code in a list."""

    number: int
    name: str
    url: str
    id: str
    marks: tuple[Mark, ...]
    row: int
    """Its row in the picture of its class, from 1; 0 where that has no columns for digits."""
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
    hue: int
    count: int
    codes: tuple[CodeView, ...]
    """In order of number."""
    groups: tuple[GroupView, ...]


@dataclass(frozen=True, slots=True)
class NumberGlyph:
    """A number as holes in a card: a column of ten places for each of its characters."""

    width: int
    """Of the drawing, which is 90 high."""
    columns: str
    """The path down all columns."""
    holes: str
    """The path through the holes."""


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
    """A cell of a row, beside the labels of all columns that say the same."""

    labels: str
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
class LegendView:
    """One mark, and what it says."""

    mark: Mark
    meaning: str
