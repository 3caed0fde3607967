"""The contexts of the templates: the variables that each template can use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, get_args

from markupsafe import Markup
from msgspec import Struct

from codebook.site.html.views import (
    ChapterView,
    ChoiceView,
    ComparisonView,
    EntryView,
    ExcerptView,
    FactView,
    FormerView,
    Frame,
    LegendView,
    Link,
    Mark,
    MatrixView,
    NumberGlyph,
    OriginView,
    OutcomeView,
    Part,
    RowView,
    ScenarioColumns,
    ScenarioView,
    SurveySection,
    SymptomView,
)


class HomePage(Struct, frozen=True):
    """The home page: the introduction and the grid of codes."""

    template: ClassVar[str] = "home.html"

    frame: Frame
    heading: str
    parts: tuple[Part, ...]
    count: int
    """The number of codes in the book."""
    chapters: tuple[ChapterView, ...]
    legend: tuple[LegendView, ...]
    guides: tuple[Link, ...]
    """The first guides, and the page of all guides; empty if there are none."""
    tables: tuple[Link, ...]
    """The tables, and the page of all tables; empty if there are none."""


class CodesPage(Struct, frozen=True):
    """The page of all codes with their texts, grouped by class."""

    template: ClassVar[str] = "codes.html"

    frame: Frame
    heading: str
    count: int
    """The number of codes in the book."""
    chapters: tuple[ChapterView, ...]
    references: tuple[Markup, ...]


class ListPage(Struct, frozen=True):
    """The page of all guides or of all tables."""

    template: ClassVar[str] = "list.html"

    frame: Frame
    entries: tuple[EntryView, ...]


class ClassPage(Struct, frozen=True):
    """The page of a class."""

    template: ClassVar[str] = "class.html"

    frame: Frame
    chapter: ChapterView
    number_glyph: NumberGlyph
    parts: tuple[Part, ...]
    facts: ComparisonView | None
    contents: tuple[Link, ...]
    previous: Link | None
    following: Link | None


class CodePage(Struct, frozen=True):
    """The page of a code."""

    template: ClassVar[str] = "code.html"

    frame: Frame
    number: int
    number_glyph: NumberGlyph
    name: str
    marks: tuple[Mark, ...]
    chapter: Link
    contents: tuple[Link, ...]
    """The sections of the page."""
    lead: str
    """The summary; empty if the text is all there is."""
    text: Markup
    """The text in the register."""
    official_name: str
    """Empty if it's the name of the code."""
    spec: Markup
    choices: tuple[ChoiceView, ...]
    """The menus in which readers choose a row of an excerpt."""
    formerly: tuple[FormerView, ...]
    facts: tuple[FactView, ...]
    usual: tuple[FactView, ...]
    """The facts that are the same for most codes, if there are other facts."""
    opening: tuple[Part, ...]
    """The first section of the article, and the text above it."""
    symptoms: tuple[SymptomView, ...]
    parts: tuple[Part, ...]
    """The other sections of the article."""
    surveys: tuple[SurveySection, ...]
    excerpts: tuple[ExcerptView, ...]
    see_also: tuple[Link, ...]
    guides: tuple[Link, ...]
    compare: Link | None
    """A comparison of this code with its related codes."""
    previous: Link | None
    following: Link | None


class GuidePage(Struct, frozen=True):
    """The page of a guide."""

    template: ClassVar[str] = "guide.html"

    frame: Frame
    heading: str
    lead: tuple[Part, ...]
    """The text above the contents; `parts` is the rest."""
    contents: tuple[Link, ...]
    parts: tuple[Part, ...]
    previous: Link | None
    following: Link | None


class TablePage(Struct, frozen=True):
    """The page of a table."""

    template: ClassVar[str] = "table.html"

    frame: Frame
    heading: str
    lead: tuple[Part, ...]
    """The text above the table; `parts` is the text below it."""
    contents: tuple[Link, ...]
    """The sections below the table."""
    parts: tuple[Part, ...]
    origin: OriginView
    choice: ChoiceView | None
    more: str
    """The label of the checkbox that shows the folded rows; empty if there are none."""
    code_column: str
    columns: tuple[str, ...]
    """The labels of the columns, except for the code."""
    rows: tuple[RowView, ...]


class SurveyPage(Struct, frozen=True):
    """The page of a survey."""

    template: ClassVar[str] = "survey.html"

    frame: Frame
    heading: str
    lead: tuple[Part, ...]
    """The text above the results; `parts` is the text below the scenarios."""
    contents: tuple[Link, ...]
    parts: tuple[Part, ...]
    origin: OriginView
    legend: tuple[OutcomeView, ...]
    """The outcomes, and how a deviation from what was expected is marked."""
    matrices: tuple[MatrixView, ...]
    columns: ScenarioColumns
    scenarios: tuple[ScenarioView, ...]


class ErrorPage(Struct, frozen=True):
    """The error page for URLs that don't exist."""

    template: ClassVar[str] = "not_found.html"

    frame: Frame
    count: int
    """The number of codes in the book."""
    chapters: tuple[ChapterView, ...]


class RedirectPage(Struct, frozen=True):
    """A page that redirects to another page."""

    template: ClassVar[str] = "redirect.html"

    language: str
    direction: str
    title: str
    """The title of the target page."""
    url: str
    assets: Mapping[str, str]
    """The URL of the script that redirects by its plain name."""
    canonical: str
    """The absolute URL of the target page if the base URL is known; otherwise its relative URL."""


class CardView(Struct, frozen=True):
    """The texts of a card, before they are broken into lines."""

    number: str
    """Empty unless the page is about a code or a class."""
    name: str
    summary: str
    """May be empty."""
    kind: str
    """The kind of page in a word or two."""
    position: int
    """The position of the class among the classes, from 1; 0 if the page belongs to none."""
    site_title: str


class Hole(Struct, frozen=True):
    """A column of the grid on the right side of a card, which looks like a punched card."""

    column: int
    mark: str
    """The digit whose hole is filled, or `x` for all of them. A dash has no column."""


class ClassRow(Struct, frozen=True):
    """A row of the grid of classes on the home page's card and on the icon."""

    row: int
    color: str
    """The color of the class; empty if the book has no more classes."""


class Card(Struct, frozen=True):
    """The context of the card template. Each text fits its area at the given size."""

    template: ClassVar[str] = "card.svg"

    number: str
    """A code or the label of a class; empty for other pages."""
    number_size: int
    number_bottom: int
    """The baseline of the number."""
    holes: tuple[Hole, ...]
    """A column for each character of the number."""
    columns: int
    """The number of columns in the grid; 3 if there is no number."""
    height: int
    """The number of rows in the grid."""
    rows: tuple[ClassRow, ...]
    """The rows of the grid if there is no number."""
    lines: tuple[str, ...]
    """The name of the page."""
    line_size: int
    lines_top: int
    summary: tuple[str, ...]
    summary_top: int
    kind: str
    color: str
    """The color of the class; empty if the page belongs to none."""
    symbol: str
    """The number of the symbol of the class; empty if the page belongs to none."""
    site_title: str
    site_title_bottom: int


class Icon(Struct, frozen=True):
    """The context of the icon template."""

    template: ClassVar[str] = "icon.svg"

    rows: tuple[ClassRow, ...]


Image = Card | Icon

IMAGES = frozenset(image.template for image in get_args(Image))
"""The templates of images."""

Context = (
    HomePage
    | CodesPage
    | ListPage
    | ClassPage
    | CodePage
    | GuidePage
    | TablePage
    | SurveyPage
    | ErrorPage
    | RedirectPage
)

CONTEXTS: Mapping[str, type[Context]] = {context.template: context for context in get_args(Context)}
"""The context of each template."""
