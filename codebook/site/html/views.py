"""The values in contexts, from which templates build pages.

Everything is ready to print: sorted, grouped, counted, and with final URLs. A `Markup` is safe
HTML; a `str` is plain text, which Jinja escapes. A missing link is None; any other missing value is
empty.
"""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup
from msgspec import Struct


class Mark(Struct, frozen=True):
    """A label that is shown next to a code wherever it is named."""

    text: str
    rank: int
    """The position among the marks of the book, from 1, which determines the style."""


class Link(Struct, frozen=True):
    """A link."""

    text: str
    url: str
    marks: tuple[Mark, ...] = ()
    hue: int = 0
    """The color of the class that the link points to; 0 if there is none."""


class MenuLink(Struct, frozen=True):
    """A link to a class in the menu of a page."""

    text: str
    url: str
    hue: int
    is_current: bool
    """Whether this is the page of the class or of one of its codes."""


class SectionLink(Struct, frozen=True):
    """A link to the page of all guides or of all tables in the menu of a page."""

    text: str
    url: str
    is_current: bool
    """Whether this is that page or one that it lists."""


class FormatLink(Struct, frozen=True):
    """A link to the content of a page in another format."""

    name: str
    media_type: str
    url: str


class Frame(Struct, frozen=True):
    """The metadata, header, and footer of a page."""

    language: str
    """The language of the book."""
    direction: str
    """The writing direction of the book: ltr or rtl."""
    interface_language: str
    """The language of the interface; empty if it's the language of the book."""
    interface_direction: str
    site_title: str
    title: str
    """The title of the page, without the site title; unique within the site."""
    description: str
    canonical: str
    """The absolute URL of the page; empty without a base URL, or if the page isn't indexed."""
    indexed: bool
    kind: str
    """The Open Graph type: `website` or `article`."""
    card: str
    """The absolute URL of the page's card; empty if there is none."""
    structured: Markup
    """The JSON-LD of the page."""
    hue: int
    """The color of the class that the page is about; 0 if there is none."""
    formats: tuple[FormatLink, ...]
    search: str
    """The URL of the OpenSearch description; empty if there is none."""
    manifest: str
    icon: str
    """The URL of the icon for browsers without support for SVG icons; empty if there is none."""
    touch_icon: str
    """The URL of the icon for home screens; empty if there is none."""
    assets: Mapping[str, str]
    """The URL of each asset by its plain name."""
    home: Link
    all_codes: Link
    menu: tuple[MenuLink, ...]
    """The links to classes."""
    sections: tuple[SectionLink, ...]
    """The links to the pages of all guides and of all tables, if there are any."""
    trail: tuple[Link, ...]
    """The breadcrumbs, without the page itself."""
    credits: tuple[Markup, ...]
    edits: tuple[Link, ...]
    """Links to edit the sources of the page."""
    changed: str
    """The date when the text of the page last changed; empty if unknown."""


class Cell(Struct, frozen=True):
    """A fact about a code."""

    value: str
    meaning: str
    note: str
    uncertain: str
    """Why the fact might be wrong; empty if it isn't in doubt."""
    source: Markup


class ComparisonRow(Struct, frozen=True):
    """The facts about a code, in the order of the columns."""

    code: Link
    is_folded: bool
    cells: tuple[Cell | None, ...]


class ComparisonView(Struct, frozen=True):
    """A comparison of codes: a table with a row for each."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[ComparisonRow, ...]
    more: str
    """The label of the checkbox that shows the folded rows; empty if there are none."""
    is_long: bool
    """Whether the table has so many rows that it gets a filter."""


class ArrowView(Struct, frozen=True):
    """A message in a sequence diagram. Lengths are in pixels."""

    y: int
    label_y: int
    note_y: int
    label: str
    note: str
    """The second line; empty if there is none."""
    is_response: bool


class DrawingView(Struct, frozen=True):
    """A sequence diagram of messages between a client and a server."""

    client: str
    server: str
    height: int
    floor: int
    """The lower end of both lifelines."""
    words: str
    """The text alternative."""
    arrows: tuple[ArrowView, ...]


class AlertView(Struct, frozen=True):
    """An alert: its kind, which determines the color, and its title."""

    kind: str
    title: str


class Part(Struct, frozen=True):
    """A part of a long text: HTML, which may be an alert or follow a diagram, or a comparison."""

    html: Markup
    alert: AlertView | None = None
    comparison: ComparisonView | None = None
    drawing: DrawingView | None = None


class CodeView(Struct, frozen=True):
    """A code in a list."""

    number: int
    name: str
    url: str
    id: str
    marks: tuple[Mark, ...]
    row: int
    """The row in the grid of the class, from 1; 0 if the grid has no column for each digit."""
    text: Markup


class GroupView(Struct, frozen=True):
    """The codes of a class that are in the same register."""

    title: str
    """The title of the register; empty if all codes of the class are in the same one."""
    codes: tuple[CodeView, ...]


class ChapterView(Struct, frozen=True):
    """A class with its codes."""

    id: str
    label: str
    name: str
    range: str
    url: str
    hue: int
    count: int
    codes: tuple[CodeView, ...]
    """Sorted by number."""
    groups: tuple[GroupView, ...]


class NumberGlyph(Struct, frozen=True):
    """A number as holes in a punched card: a column of ten positions for each character."""

    width: int
    """The width of the drawing. Its height is 90."""
    columns: str
    """The SVG path of all positions."""
    holes: str
    """The SVG path of the holes."""
    is_long: bool
    """Whether the number needs a smaller font."""


class FactView(Struct, frozen=True):
    """A fact in the list on the page of a code."""

    label: str
    about: str
    cell: Cell


class SymptomView(Struct, frozen=True):
    """A message that people see when they get a code."""

    message: str
    program: str
    where: str
    cause: Markup
    reproduced: str
    """Which version of the program wrote the message in a test; may be empty."""
    source: Markup


class FormerView(Struct, frozen=True):
    """A former name of a code."""

    name: str
    source: Markup


class RowView(Struct, frozen=True):
    """A row of a table. `code` is None if the code has no page."""

    code: Link | None
    number: int
    is_folded: bool
    cells: tuple[Markup, ...]
    """The cells of the other columns."""


class ChoiceView(Struct, frozen=True):
    """A menu in which readers choose a column of a table."""

    table: str
    """The name of the table."""
    label: str


class PairView(Struct, frozen=True):
    """A cell with its label, or with the labels of all columns that have the same value."""

    labels: str
    cell: Markup


class ExcerptView(Struct, frozen=True):
    """The rows of a table about a code: pairs if there is a single row, else columns and rows.

    If there are too many rows, `more` is a link to them instead.
    """

    table: Link
    more: Link | None
    choice: ChoiceView | None
    """The menu in which readers choose one of the pairs."""
    pairs: tuple[PairView, ...]
    columns: tuple[str, ...]
    """The labels of the columns, except for the code."""
    rows: tuple[tuple[Markup, ...], ...]


class OriginView(Struct, frozen=True):
    """Where the rows of a table come from, and where to get them."""

    source: Markup
    read: str
    """The date when the source was checked, in ISO 8601 format."""
    license: Markup
    csv: str
    """The URL of the rows as CSV; `json` is that of the record."""
    json: str


class ScenarioColumns(Struct, frozen=True):
    """The labels of the columns of a survey."""

    code: str
    group: str
    scenario: str
    section: str
    expected: str


class OutcomeView(Struct, frozen=True):
    """An outcome of a survey, or what else one of its subjects did."""

    mark: str
    """Empty if nothing was measured."""
    text: str
    hue: int
    """The number of its color; 0 if there is none."""
    deviates: bool
    """Whether it differs from what was expected."""


class SubjectView(Struct, frozen=True):
    """A row of a matrix: what a subject did with each code."""

    name: str
    version: str
    """May be empty."""
    cells: tuple[OutcomeView, ...]


class MatrixView(Struct, frozen=True):
    """The results of a group of scenarios: a column for each of them."""

    title: str
    codes: tuple[Link, ...]
    """The codes, with links to their scenarios."""
    subjects: tuple[SubjectView, ...]
    is_open: bool


class ScenarioView(Struct, frozen=True):
    """A row of a survey, with everything but its results."""

    id: str
    name: str
    code: str
    code_url: str
    """Empty if the code has no page."""
    group: str
    section: Markup
    expected: str
    command: str


class SharesView(Struct, frozen=True):
    """Scenarios about a code in which the same subjects had the same outcomes."""

    scenarios: tuple[Link, ...]
    expected: str
    """The outcomes that don't differ from what was expected, in words, with the subjects or their
    number; may be empty."""
    deviating: str
    """The other outcomes; may be empty."""


class SurveyView(Struct, frozen=True):
    """The rows of a survey about a code."""

    table: Link
    rows: tuple[SharesView, ...]
    more: Link | None
    """A link to the rows that aren't shown because there are too many."""


class SurveySection(Struct, frozen=True):
    """A section on the page of a code, with the surveys that share its heading."""

    id: str
    heading: str
    surveys: tuple[SurveyView, ...]


class EntryView(Struct, frozen=True):
    """A page in the list of all guides or of all tables."""

    page: Link
    text: str
    """The first sentences; may be empty."""


class LegendView(Struct, frozen=True):
    """A mark and its meaning."""

    mark: Mark
    meaning: str
