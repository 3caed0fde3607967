"""Views that several kinds of page hold: long texts, lists of codes, rows of tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from codebook import addresses
from codebook.book import Chapter, Code, Fact, Group
from codebook.pages.site import Here
from codebook.pages.views import (
    Cell,
    ChapterView,
    CodeView,
    ComparisonRow,
    ComparisonView,
    GroupView,
    Part,
    RowView,
)
from codebook.records import CODE_COLUMN, Body, Comparison, Row, Table


def parts(body: Body, here: Here) -> tuple[Part, ...]:
    """A long text as this page shows it."""
    return tuple(
        Part(Markup(""), _comparison(part, here))
        if isinstance(part, Comparison)
        else Part(here.html(part), None)
        for part in body.parts
    )


def cell(fact: Fact, here: Here, *, brief: bool = False) -> Cell:
    """One fact, its source linked; a brief one leaves note and source to the code's own page."""
    if brief:
        return Cell(fact.value, "", "", fact.uncertain, Markup(""))
    return Cell(fact.value, fact.meaning, fact.note, fact.uncertain, here.cite(fact.source))


def chapter_view(chapter: Chapter, here: Here) -> ChapterView:
    """A class with its codes, as this page links to them."""
    code_class = chapter.code_class
    return ChapterView(
        id=f"class-{code_class.label}",
        label=code_class.label,
        name=code_class.name,
        range=f"{code_class.low}–{code_class.high}",
        url=here.url(addresses.code_class(here.book.settings.path, code_class.label)),
        count=len(chapter.codes),
        groups=tuple(_groups(chapter.groups, here)),
    )


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


def _groups(groups: Sequence[Group], here: Here) -> Iterator[GroupView]:
    several = len(groups) > 1
    for group in groups:
        codes = tuple(_code(code, here) for code in group.codes)
        yield GroupView(group.register.title if several else "", codes)


def _code(code: Code, here: Here) -> CodeView:
    link = here.code(code)
    return CodeView(
        code.number, code.name, link.url, f"code-{code.number}", code.marks, here.html(code.text)
    )


def _comparison(comparison: Comparison, here: Here) -> ComparisonView:
    kinds = here.book.kinds(comparison)
    brief = comparison.codes is None
    found = [
        (code, {fact.kind.key: fact for fact in code.facts})
        for code in here.book.compared(comparison)
    ]
    return ComparisonView(
        columns=tuple(kind.label for kind in kinds),
        rows=tuple(
            ComparisonRow(
                here.code(code),
                tuple(
                    cell(facts[kind.key], here, brief=brief) if kind.key in facts else None
                    for kind in kinds
                ),
            )
            for code, facts in found
        ),
    )
