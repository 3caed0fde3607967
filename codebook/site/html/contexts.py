"""What templates may use: one context for each template, which the context names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, get_args

from markupsafe import Markup

from codebook.site.html.views import (
    ChapterView,
    ComparisonView,
    ExcerptView,
    FactView,
    FormerView,
    Frame,
    LegendView,
    Link,
    Mark,
    NumberGlyph,
    Part,
    RowView,
)


@dataclass(frozen=True, slots=True)
class HomePage:
    """What this is, and every code."""

    template: ClassVar[str] = "home.html"

    frame: Frame
    heading: str
    parts: tuple[Part, ...]
    count: int
    """How many codes the book describes."""
    chapters: tuple[ChapterView, ...]
    legend: tuple[LegendView, ...]
    guides: tuple[Link, ...]
    tables: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class CodesPage:
    """Every code with its text, class by class."""

    template: ClassVar[str] = "codes.html"

    frame: Frame
    heading: str
    count: int
    """How many codes the book describes."""
    chapters: tuple[ChapterView, ...]
    references: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class ClassPage:
    """One class."""

    template: ClassVar[str] = "class.html"

    frame: Frame
    chapter: ChapterView
    number_glyph: NumberGlyph
    parts: tuple[Part, ...]
    facts: ComparisonView | None
    contents: tuple[Link, ...]
    previous: Link | None
    following: Link | None


@dataclass(frozen=True, slots=True)
class CodePage:
    """Everything about one code."""

    template: ClassVar[str] = "code.html"

    frame: Frame
    number: int
    number_glyph: NumberGlyph
    name: str
    marks: tuple[Mark, ...]
    chapter: Link
    contents: tuple[Link, ...]
    """Its sections."""
    text: Markup
    spec: Markup
    formerly: tuple[FormerView, ...]
    facts: tuple[FactView, ...]
    parts: tuple[Part, ...]
    excerpts: tuple[ExcerptView, ...]
    see_also: tuple[Link, ...]
    guides: tuple[Link, ...]
    compare: Link | None
    """The facts of this code and its neighbours side by side."""
    previous: Link | None
    following: Link | None


@dataclass(frozen=True, slots=True)
class GuidePage:
    """One guide."""

    template: ClassVar[str] = "guide.html"

    frame: Frame
    heading: str
    parts: tuple[Part, ...]
    contents: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class TablePage:
    """One table, whole."""

    template: ClassVar[str] = "table.html"

    frame: Frame
    heading: str
    lead: tuple[Part, ...]
    """What is said before the table; the rest follows it."""
    parts: tuple[Part, ...]
    source: Markup
    read: str
    """A date as ISO 8601 writes it."""
    license: Markup
    code_column: str
    columns: tuple[str, ...]
    rows: tuple[RowView, ...]


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """For every address that nobody has."""

    template: ClassVar[str] = "not_found.html"

    frame: Frame
    chapters: tuple[ChapterView, ...]


@dataclass(frozen=True, slots=True)
class RedirectPage:
    """An address that leads on to a page."""

    template: ClassVar[str] = "redirect.html"

    language: str
    direction: str
    title: str
    """Of the page that it redirects to."""
    url: str
    canonical: str
    """The page's whole public address where that is known."""


@dataclass(frozen=True, slots=True)
class CardView:
    """What the picture of a page says, before it is set in lines."""

    number: str
    """Empty where the page is about no code and no class."""
    name: str
    kind: str
    """What the page is, in a word or two."""
    family: str
    """The colour of the class; empty for none."""
    site_title: str


@dataclass(frozen=True, slots=True)
class Hole:
    """One column of the grid at the side of a card, in the manner of a punched card."""

    column: int
    mark: str
    """The digit that is punched, or `x` for every digit."""


@dataclass(frozen=True, slots=True)
class Card:
    """What the template of a card is given. Each text fits its place at the size beside it."""

    number: str
    """A code or the label of a class; empty for a page that is about neither."""
    number_size: int
    holes: tuple[Hole, ...]
    """The number once more, one hole for each character."""
    columns: int
    """Of the grid at the side; without a number it has three and no hole."""
    lines: tuple[str, ...]
    """The name of the page."""
    line_size: int
    kind: str
    family: str
    """From 1 to 9, which gives the card its colour and its sign; or empty."""
    site_title: str


Context = (
    HomePage | CodesPage | ClassPage | CodePage | GuidePage | TablePage | ErrorPage | RedirectPage
)

CONTEXTS: Mapping[str, type[Context]] = {context.template: context for context in get_args(Context)}
"""Each template with the one context that it is given."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page to be rendered."""

    url: str
    context: Context
    card: CardView | None
    """None for a page whose links are shown without an image."""
