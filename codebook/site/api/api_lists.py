"""What several kinds of records hold: links to pages and records, rows of tables, credits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from codebook.book import urls
from codebook.book.book import Chapter, Code
from codebook.book.documents import Guide, Table
from codebook.book.documents import Row as Line
from codebook.site.api.api_pieces import (
    ClassLink,
    CodeLink,
    Column,
    Excerpt,
    Fact,
    GuideLink,
    Links,
    PageLinks,
    Row,
    Words,
)
from codebook.site.api.api_texts import Here
from codebook.site.api.records import ClassEntry, CodeEntry, TableEntry


def links(record: str, page: str, here: Here) -> Links:
    """Where something with a record of its own is to be read."""
    return Links(here.url(record), here.url(page), here.url(urls.markdown_url(page)))


def code_link(code: Code, here: Here) -> CodeLink:
    """A code, named."""
    return CodeLink(code.number, code.name, code.title, code.marks, _code_links(code, here))


def code_entry(code: Code, here: Here) -> CodeEntry:
    """A code in a list."""
    return CodeEntry(
        code.number,
        code.name,
        code.title,
        code.text.plain,
        code.marks,
        here.book.chapter(code).code_class.label,
        _code_links(code, here),
    )


def class_link(chapter: Chapter, here: Here) -> ClassLink:
    """A class, named."""
    own = chapter.code_class
    return ClassLink(own.label, own.name, class_links(chapter, here))


def class_entry(chapter: Chapter, here: Here) -> ClassEntry:
    """A class in a list."""
    own = chapter.code_class
    return ClassEntry(own.label, own.name, own.low, own.high, class_links(chapter, here))


def class_links(chapter: Chapter, here: Here) -> Links:
    """Where a class is to be read."""
    label = chapter.code_class.label
    page = urls.code_class(here.book.settings.path, label)
    return links(urls.class_json(label), page, here)


def guide_link(guide: Guide, here: Here) -> GuideLink:
    """A guide, named."""
    page = urls.guide(guide.slug)
    where = PageLinks(here.url(page), here.url(urls.markdown_url(page)))
    return GuideLink(guide.slug, guide.title, guide.body.lead, where)


def table_entry(table: Table, here: Here) -> TableEntry:
    """A table in a list."""
    return TableEntry(table.slug, table.title, table.body.lead, table_links(table, here))


def table_links(table: Table, here: Here) -> Links:
    """Where a table is to be read."""
    page = urls.table(table.slug)
    return links(urls.table_json(table.slug), page, here)


def excerpt(table: Table, lines: Sequence[Line], here: Here) -> Excerpt:
    """Some rows of a table."""
    return Excerpt(
        table.slug,
        table.title,
        here.cited(table.source),
        table.read,
        here.cited(table.licence),
        columns(table),
        rows(table, lines, here),
        table_links(table, here),
    )


def columns(table: Table) -> tuple[Column, ...]:
    """The columns of a table."""
    return tuple(Column(column.key, column.label) for column in table.columns)


def rows(table: Table, lines: Sequence[Line], here: Here) -> tuple[Row, ...]:
    """Rows of a table, with what leads to their codes."""
    keys = [column.key for column in table.columns]
    return tuple(_row(keys, line, here) for line in lines)


def facts(code: Code, here: Here) -> tuple[Fact, ...]:
    """What is known of a code, each with its source."""
    return tuple(
        Fact(
            each.kind.key,
            each.kind.label,
            each.kind.about,
            each.value,
            each.meaning,
            each.note,
            each.uncertain,
            here.cited(each.source),
        )
        for each in code.facts
    )


def credit(shown: Iterable[PurePosixPath], here: Here) -> tuple[Words, ...]:
    """Whose words a record holds that is made from these documents."""
    return tuple(here.words(each.text) for each in here.book.credits_of(shown))


def _code_links(code: Code, here: Here) -> Links:
    first = here.book.settings.path
    record, page = urls.code_json(first, code.number), urls.code(first, code.number)
    return links(record, page, here)


def _row(keys: Sequence[str], line: Line, here: Here) -> Row:
    cells = dict(zip(keys, line.cells, strict=True))
    citations = {key: here.citations(each) for key, each in cells.items()}
    number, first = line.code.number, here.book.settings.path
    is_known = number in here.book.codes
    return Row(
        number,
        cells,
        {key: found for key, found in citations.items() if found},
        here.url(urls.code(first, number)) if is_known else "",
        here.url(urls.code_json(first, number)) if is_known else "",
    )
