"""Views that several kinds of page hold: long texts, lists of codes, rows of tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup

from codebook.book import urls
from codebook.book.book import Chapter, Code, Fact
from codebook.book.documents import CODE_COLUMN, Body, CodeBlock, Comparison, Row, Table
from codebook.book.settings import FactKind
from codebook.site.html.drawings import drawings
from codebook.site.html.site import Here
from codebook.site.html.views import (
    Cell,
    ChapterView,
    CodeView,
    ComparisonRow,
    ComparisonView,
    DrawingView,
    GroupView,
    Link,
    Part,
    RowView,
)
from codebook.syntax.rich_text import Text, anchor_id

_LONG = 12
"""Rows that are still seen at once."""
_DIGITS = 10
"""Columns of the picture of a class, and the most rows that it may have."""
_SECTION = 2
"""The level of the headings that divide a page."""


def parts(body: Body, here: Here) -> tuple[Part, ...]:
    """A long text as this page shows it."""
    drawn = drawings(body, here.book.settings.exchange)
    return tuple(_part(part, drawn.get(place), here) for place, part in enumerate(body.parts))


def contents(body: Body) -> tuple[Link, ...]:
    """The sections of a long text, for a page that lists them."""
    return tuple(
        Link(heading.text, f"#{anchor_id(heading.slug)}")
        for heading in body.headings
        if heading.level == _SECTION
    )


def _part(part: Text | Comparison | CodeBlock, drawing: DrawingView | None, here: Here) -> Part:
    match part:
        case Comparison():
            return Part(Markup(""), comparison=_comparison(part, here))
        case CodeBlock():
            return Part(here.html(part.text), drawing=drawing)
        case _:
            return Part(here.html(part))


def cell(fact: Fact, here: Here, *, brief: bool = False) -> Cell:
    """One fact, its source linked; a brief one leaves note and source to the code's own page."""
    if brief:
        return Cell(fact.value, "", "", fact.uncertain, Markup(""))
    return Cell(fact.value, fact.meaning, fact.note, fact.uncertain, here.cite(fact.source))


def chapter_view(chapter: Chapter, here: Here) -> ChapterView:
    """A class with its codes, as this page links to them."""
    code_class = chapter.code_class
    rows_of = _rows(chapter)
    return ChapterView(
        id=f"class-{code_class.label}",
        label=code_class.label,
        name=code_class.name,
        range=f"{code_class.low}–{code_class.high}",
        url=here.url(urls.code_class(here.book.settings.path, code_class.label)),
        hue=here.site.hue(code_class),
        count=len(chapter.codes),
        codes=tuple(_code(code, rows_of, here) for code in chapter.codes),
        groups=tuple(_groups(chapter, rows_of, here)),
    )


def _rows(chapter: Chapter) -> Mapping[int, int]:
    """The row of each ten in the picture of a class; tens without a code have none."""
    own = chapter.code_class
    if own.high // _DIGITS - own.low // _DIGITS >= _DIGITS:
        return {}
    tens = sorted({code.number // _DIGITS for code in chapter.codes})
    return {ten: row for row, ten in enumerate(tens, start=1)}


def rows(table: Table, chosen: Sequence[Row], here: Here) -> tuple[RowView, ...]:
    """Rows of a table; the code's column is told apart from the others."""
    place = [column.key for column in table.columns].index(CODE_COLUMN)
    return tuple(
        RowView(
            code=here.code(here.book.codes[row.code.number])
            if row.code.number in here.book.codes
            else None,
            number=row.code.number,
            cells=tuple(here.cite(each) for at, each in enumerate(row.cells) if at != place),
        )
        for row in chosen
    )


def labels(table: Table) -> tuple[str, ...]:
    """The labels of the columns, that of the code left out."""
    return tuple(column.label for column in table.columns if column.key != CODE_COLUMN)


def _groups(chapter: Chapter, rows_of: Mapping[int, int], here: Here) -> Iterator[GroupView]:
    several = len(chapter.groups) > 1
    for group in chapter.groups:
        codes = tuple(_code(code, rows_of, here) for code in group.codes)
        yield GroupView(group.register.title if several else "", codes)


def _code(code: Code, rows_of: Mapping[int, int], here: Here) -> CodeView:
    link = here.code(code)
    return CodeView(
        number=code.number,
        name=code.name,
        url=link.url,
        id=f"code-{code.number}",
        marks=link.marks,
        row=rows_of.get(code.number // _DIGITS, 0),
        text=here.html(code.text),
    )


def side_by_side(
    codes: Sequence[Code], kinds: Sequence[FactKind], here: Here, *, brief: bool
) -> ComparisonView:
    """These facts of these codes; brief ones leave note and source to the code's own page."""
    return ComparisonView(
        columns=tuple(kind.label for kind in kinds),
        rows=tuple(_comparison_row(code, kinds, here, brief=brief) for code in codes),
        is_long=len(codes) > _LONG,
    )


def _comparison_row(
    code: Code, kinds: Sequence[FactKind], here: Here, *, brief: bool
) -> ComparisonRow:
    facts = {fact.kind.key: fact for fact in code.facts}
    return ComparisonRow(
        here.code(code),
        tuple(
            cell(facts[kind.key], here, brief=brief) if kind.key in facts else None
            for kind in kinds
        ),
    )


def _comparison(comparison: Comparison, here: Here) -> ComparisonView:
    codes, kinds = here.book.compared(comparison), here.book.kinds(comparison)
    return side_by_side(codes, kinds, here, brief=comparison.codes is None)
