"""Views for several kinds of pages: long texts, lists of codes, and rows of tables."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from markupsafe import Markup, escape

from codebook.book import urls
from codebook.book.book import Chapter, ListedCode
from codebook.book.documents import (
    BETWEEN_VALUES,
    CODE_COLUMN,
    SECTION_LEVEL,
    Alert,
    Body,
    BodyPart,
    CodeBlock,
    Comparison,
    Row,
    Table,
    code_values,
)
from codebook.book.settings import FactKind
from codebook.book.summary import CodeSummary, ComparedFacts, Fact, TableSummary
from codebook.site.html.drawings import sequence_diagrams
from codebook.site.html.scope import PageScope
from codebook.site.html.views import (
    AlertView,
    Cell,
    ChapterView,
    ChoiceView,
    CodeView,
    ComparisonRow,
    ComparisonView,
    DrawingView,
    GroupView,
    Link,
    Part,
    RowView,
)
from codebook.site.words import counted
from codebook.syntax.rich_text import anchor_id

_LONG = 12
"""The number of rows that fit on a screen."""
_DIGITS = 10
"""The columns of the grid of a class, and its maximum number of rows."""


def parts(body: Body, scope: PageScope) -> tuple[Part, ...]:
    """The parts of a long text on this page."""
    found = body.parts()
    diagrams = sequence_diagrams(found, scope.book.settings.exchange, scope.words)
    return tuple(_part(part, diagrams.get(index), scope) for index, part in enumerate(found))


def contents(body: Body) -> tuple[Link, ...]:
    """Links to the sections of a long text."""
    return tuple(
        Link(heading.text, f"#{anchor_id(heading.slug)}")
        for heading in body.headings
        if heading.level == SECTION_LEVEL
    )


def _part(part: BodyPart, drawing: DrawingView | None, scope: PageScope) -> Part:
    match part:
        case Alert():
            alert = AlertView(part.kind, scope.words.alerts.title(part.kind))
            return Part(scope.html(part.text), alert)
        case Comparison():
            return Part(Markup(""), comparison=_comparison(scope.book.compare(part), scope))
        case CodeBlock():
            return Part(scope.html(part.text), drawing=drawing)
        case _:
            return Part(scope.html(part))


def fact_cell(fact: Fact, scope: PageScope) -> Cell:
    """A fact with its meaning, note, and linked source."""
    source = scope.cite(fact.source)
    return Cell(fact.value, fact.meaning, fact.note, fact.uncertain, source)


def facts_view(
    kinds: tuple[FactKind, ...], codes: tuple[CodeSummary, ...], scope: PageScope
) -> ComparisonView:
    """A comparison of these facts about these codes, without notes and sources."""
    return _comparison(ComparedFacts(kinds, codes, is_brief=True), scope)


def _comparison(compared: ComparedFacts, scope: PageScope) -> ComparisonView:
    more = more_rows(compared.codes, scope)
    return ComparisonView(
        caption=scope.route.title
        if compared.is_brief
        else scope.words.pages.separator.join(str(code.number) for code in compared.codes),
        columns=tuple(kind.label for kind in compared.kinds),
        rows=tuple(
            ComparisonRow(
                scope.code(code),
                bool(more and code.other_register),
                tuple(_compared_cell(fact, compared, scope) for fact in facts),
            )
            for code, facts in compared.rows()
        ),
        more=more,
        is_long=len(compared.codes) > _LONG,
    )


def more_rows(codes: Collection[CodeSummary | None], scope: PageScope) -> str:
    """The label of the checkbox that shows the folded rows; empty if no rows are folded.

    The rows about codes that aren't in the first register are folded if a table is long and most of
    its rows are about others. A code is None if the book doesn't have it.
    """
    titles = [code.other_register for code in codes if code and code.other_register]
    if len(codes) <= _LONG or not 0 < len(titles) < len(codes) / 2:
        return ""
    names = scope.words.pages.separator.join(dict.fromkeys(titles))
    return counted(scope.words.table_page.more, len(titles), titles=names)


def _compared_cell(fact: Fact | None, compared: ComparedFacts, scope: PageScope) -> Cell | None:
    if fact is None:
        return None
    if compared.is_brief:
        return Cell(fact.value, "", "", fact.uncertain, Markup(""))
    return fact_cell(fact, scope)


def chapter_view(chapter: Chapter, scope: PageScope) -> ChapterView:
    """A class and its codes, with URLs for this page."""
    code_class = chapter.code_class
    rows_by_ten = _grid_rows(chapter)
    return ChapterView(
        id=f"class-{code_class.label}",
        label=code_class.printed_label,
        name=code_class.name,
        range=code_class.range,
        url=scope.url(urls.code_class(scope.book.settings.codes_path, code_class.label)),
        hue=scope.html_site.hue(code_class.label),
        count=len(chapter.codes),
        codes=tuple(_code_views(chapter.codes, rows_by_ten, scope)),
        groups=tuple(
            GroupView(
                group.register_title if len(chapter.groups) > 1 else "",
                tuple(_code_views(group.codes, rows_by_ten, scope)),
            )
            for group in chapter.groups
        ),
    )


def _grid_rows(chapter: Chapter) -> Mapping[int, int]:
    """The grid row for each group of ten codes; groups without codes are left out."""
    code_class = chapter.code_class
    if code_class.high // _DIGITS - code_class.low // _DIGITS >= _DIGITS:
        return {}
    tens = sorted({code.summary.number // _DIGITS for code in chapter.codes})
    return {ten: row for row, ten in enumerate(tens, start=1)}


def _code_views(
    codes: Iterable[ListedCode], rows_by_ten: Mapping[int, int], scope: PageScope
) -> Iterator[CodeView]:
    for code in codes:
        number = code.summary.number
        link = scope.code(code.summary)
        yield CodeView(
            number=number,
            name=code.summary.name,
            url=link.url,
            id=f"code-{number}",
            marks=link.marks,
            row=rows_by_ten.get(number // _DIGITS, 0),
            text=scope.html(code.text),
        )


def row_views(
    table: Table | TableSummary,
    rows: Iterable[Row],
    scope: PageScope,
    *,
    is_page: bool,
    has_folds: bool = False,
) -> tuple[RowView, ...]:
    """The rows of a table, with the code separate from the other columns.

    `is_page` is whether they're for the page of the table, where rows can be folded.
    """
    codes = scope.book.codes
    cell_of: Callable[[str], Markup] = scope.cite
    if table.choose:
        cell_of = _bare_value_cell if is_page else _value_cell
    return tuple(
        RowView(
            code=scope.code(code) if code else None,
            number=row.code.number,
            is_folded=bool(has_folds and code and code.other_register),
            cells=tuple(
                cell_of(cell)
                for column, cell in zip(table.columns, row.cells, strict=True)
                if column.key != CODE_COLUMN
            ),
        )
        for row in rows
        for code in [codes.get(row.code.number)]
    )


def _value_cell(cell: str) -> Markup:
    """Values of code, each with its note."""
    return escape(BETWEEN_VALUES).join(
        Markup("<code>{}</code>{}").format(code, note) for code, note in code_values(cell) if code
    )


def _bare_value_cell(cell: str) -> Markup:
    """The same, but a single value is without markup: a large table has more than a thousand."""
    values = _value_cell(cell)
    return escape(cell) if values == Markup("<code>{}</code>").format(cell) else values


def column_labels(table: Table | TableSummary) -> tuple[str, ...]:
    """The labels of the columns, except for the code."""
    return tuple(column.label for column in table.columns if column.key != CODE_COLUMN)


def choice_view(table: Table | TableSummary) -> ChoiceView | None:
    """The menu in which readers choose a column; None if the table has none."""
    return ChoiceView(table.slug, table.choose) if table.choose else None
