"""The book as records: an index, and a file for each code, class and table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import PurePosixPath

from codebook.book import urls
from codebook.book.book import Book, Chapter, Code
from codebook.book.documents import Table
from codebook.book.settings import FactKind as Declared
from codebook.cache.memory import Cache
from codebook.site.api.api_bytes import written
from codebook.site.api.api_lists import (
    class_entry,
    class_link,
    class_links,
    code_entry,
    code_link,
    columns,
    credit,
    excerpt,
    facts,
    guide_link,
    links,
    rows,
    table_entry,
    table_links,
)
from codebook.site.api.api_pieces import FactKind, FactValue, FormerName
from codebook.site.api.api_texts import Here
from codebook.site.api.records import (
    ClassRecord,
    CodeLinks,
    CodeRecord,
    IndexLinks,
    IndexRecord,
    TableRecord,
)
from codebook.site.routes import Route

_Neighbours = tuple[Code | None, Code | None]


def records(
    listed: Sequence[Route], book: Book, outline: Book, memory: Cache
) -> Mapping[PurePosixPath, bytes]:
    """The file of every record."""
    here = Here(book, urls.API_INDEX)
    said = [(page.summary, page.documents if page.about is None else ()) for page in listed]
    made = {here.address: memory.recall(("index",), said, partial(_start, listed, here), outline)}
    named: list[Code | None] = [None, *outline.codes.values(), None]
    neighbours = dict(zip(outline.codes, zip(named, named[2:], strict=False), strict=False))
    for page in listed:
        if isinstance(page.about, Code | Chapter | Table):
            beside = neighbours[page.about.number] if isinstance(page.about, Code) else (None, None)
            make = partial(_file, page, beside, Here(outline, page.record))
            key = ("record", page.record)
            made[page.record] = memory.recall(key, (page, beside), make, outline)
    return {urls.output_path(address): data for address, data in made.items()}


def _start(listed: Iterable[Route], here: Here) -> bytes:
    return written(_index(listed, here))


def _file(page: Route, beside: _Neighbours, here: Here) -> bytes:
    match page.about:
        case Code():
            return written(_code(page.about, *beside, page.documents, here))
        case Chapter():
            return written(_class(page.about, page.documents, here))
        case Table():
            return written(_table(page.about, page.documents, here))
        case _:
            raise ValueError(page.address)


def _index(listed: Iterable[Route], here: Here) -> IndexRecord:
    book = here.book
    page = urls.codes(book.settings.path)
    own = links(urls.API_INDEX, page, here)
    shown = [path for each in listed if each.about is None for path in each.documents]
    return IndexRecord(
        schema=here.url(urls.schema("index")),
        title=book.title,
        description=book.settings.description,
        language=book.settings.language,
        codes=tuple(code_entry(code, here) for code in book.codes.values()),
        classes=tuple(class_entry(chapter, here) for chapter in book.chapters),
        guides=tuple(guide_link(guide, here) for guide in book.guides),
        tables=tuple(table_entry(table, here) for table in book.tables),
        facts=tuple(map(_kind, book.facts.values())),
        credits=credit(shown, here),
        links=IndexLinks(
            own.itself,
            own.page,
            own.markdown,
            here.url(urls.HOME),
            here.url(urls.OPENAPI),
        ),
    )


def _kind(kind: Declared) -> FactKind:
    values = (
        FactValue(value, meaning, value in kind.marked) for value, meaning in kind.values.items()
    )
    return FactKind(kind.key, kind.label, kind.about, tuple(values))


def _code(
    code: Code,
    before: Code | None,
    after: Code | None,
    documents: Sequence[PurePosixPath],
    here: Here,
) -> CodeRecord:
    book, article = here.book, code.article
    page = urls.code(book.settings.path, code.number)
    return CodeRecord(
        schema=here.url(urls.schema("code")),
        number=code.number,
        name=code.name,
        title=code.title,
        code_class=class_link(book.chapter(code), here),
        text=here.words(code.text),
        marks=code.marks,
        former_names=tuple(
            FormerName(each.name, here.cited(each.source))
            for each in (article.formerly if article else ())
        ),
        spec=here.cited(article.spec if article else ""),
        keywords=article.keywords if article else (),
        facts=facts(code, here),
        article=here.body(article.body if article else None, page),
        tables=tuple(excerpt(each.table, each.rows, here) for each in code.excerpts),
        see_also=tuple(
            code_link(book.codes[mention.number], here)
            for mention in (article.see_also if article else ())
        ),
        guides=tuple(guide_link(guide, here) for guide in code.guides),
        previous=code_link(before, here) if before else None,
        following=code_link(after, here) if after else None,
        credits=credit(documents, here),
        links=_code_links(code, page, here),
    )


def _code_links(code: Code, page: str, here: Here) -> CodeLinks:
    own = links(here.address, page, here)
    short = urls.short_url(code.number)
    names = (
        here.url(each.address)
        for each in here.book.redirects
        if each.to == page and not each.is_former and each.address != short
    )
    return CodeLinks(own.itself, own.page, own.markdown, here.url(short), tuple(names))


def _class(chapter: Chapter, documents: Sequence[PurePosixPath], here: Here) -> ClassRecord:
    own, text = chapter.code_class, chapter.text
    page = urls.code_class(here.book.settings.path, own.label)
    return ClassRecord(
        schema=here.url(urls.schema("class")),
        label=own.label,
        name=own.name,
        low=own.low,
        high=own.high,
        text=here.body(text.body if text else None, page),
        unassigned=here.cited(text.unassigned if text else ""),
        codes=tuple(code_entry(code, here) for code in chapter.codes),
        credits=credit(documents, here),
        links=class_links(chapter, here),
    )


def _table(table: Table, documents: Sequence[PurePosixPath], here: Here) -> TableRecord:
    page = urls.table(table.slug)
    return TableRecord(
        schema=here.url(urls.schema("table")),
        slug=table.slug,
        title=table.title,
        lead=table.body.lead,
        source=here.cited(table.source),
        read=table.read,
        licence=here.cited(table.licence),
        columns=columns(table),
        rows=rows(table, table.rows, here),
        text=here.body(table.body, page),
        credits=credit(documents, here),
        links=table_links(table, here),
    )
