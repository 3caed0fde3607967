"""Each page as Markdown, whole, for terminals and for programs that read text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from codebook.book import urls
from codebook.book.book import Book, Chapter, Code, Excerpt
from codebook.book.documents import CODE_COLUMN, Guide, Row, Table
from codebook.cache.memory import Cache
from codebook.site.routes import Kind, Route
from codebook.site.text import markup


def twins(
    listed: Sequence[Route], book: Book, outline: Book, memory: Cache
) -> Mapping[PurePosixPath, bytes]:
    """The Markdown of every page, by the path of its file; a page that moved says where it is."""
    made = {
        urls.output_path(here): twin(page, book, outline, here, memory)
        for page in listed
        for here in [urls.markdown_url(page.address)]
    }
    titles = {page.address: page.title for page in listed}
    for each in book.redirects:
        if each.is_former:
            here = urls.markdown_url(each.address)
            url = urls.absolute_or_relative(book.settings.url, here, each.to)
            there = markup.link(titles[each.to.partition("#")[0]], url)
            text = f"# Moved\n\nThis page is now at {there}.\n"
            made[urls.output_path(here)] = text.encode()
    return made


def twin(page: Route, book: Book, outline: Book, here: str, memory: Cache) -> bytes:
    """One page as Markdown, in the file at `here`."""
    shown = (book.home, book.chapters) if page.about is None else None
    key = ("twin", here, page.address)
    return memory.recall(key, (page, shown), lambda: _twin(page, shown, outline, here), outline)


_Shown = tuple[Guide | None, Sequence[Chapter]]
"""What a page shows that is about no single thing: the text of the home page, and every class."""


def _twin(page: Route, shown: _Shown | None, book: Book, here: str) -> bytes:
    title = f"# {markup.words(page.title)}"
    blocks = [title, *_blocks(page, shown, book, here), *_end(page, book, here)]
    return ("\n\n".join(filter(None, blocks)) + "\n").encode()


def _blocks(page: Route, shown: _Shown | None, book: Book, here: str) -> Iterator[str]:
    match page.about:
        case Chapter():
            yield from _class(page.about, book, here)
        case Code():
            yield from _code(page.about, book, here)
        case Guide():
            yield markup.body_markdown(page.about.body, book, here)
        case Table():
            yield from _table(page.about, book, here)
        case None if shown and page.kind is Kind.HOME:
            yield from _home(*shown, book, here)
        case None if shown:
            yield from _codes(shown[1], book, here)


def _codes(chapters: Iterable[Chapter], book: Book, here: str) -> Iterator[str]:
    for chapter in chapters:
        yield f"## {_chapter_link(chapter, book, here)}"
        yield from (_described(code, book, here) for code in chapter.codes)


def _home(text: Guide | None, chapters: Iterable[Chapter], book: Book, here: str) -> Iterator[str]:
    yield markup.words(book.settings.description)
    if text:
        yield markup.body_markdown(text.body, book, here)
    for chapter in chapters:
        yield f"## {_chapter_link(chapter, book, here)}"
        yield _list(markup.code_link(code, book, here) for code in chapter.codes)
    if book.guides:
        yield "## Guides"
        yield _list(_guide_link(guide, book, here) for guide in book.guides)
    if book.tables:
        yield "## Tables"
        yield _list(_table_link(table, book, here) for table in book.tables)


def _class(chapter: Chapter, book: Book, here: str) -> Iterator[str]:
    own = chapter.code_class
    yield f"The codes from {own.low} to {own.high}."
    if chapter.text:
        yield markup.body_markdown(chapter.text.body, book, here)
    if chapter.codes:
        yield "## The codes"
        yield from (_described(code, book, here) for code in chapter.codes)


def _described(code: Code, book: Book, here: str) -> str:
    text = markup.text_markdown(code.text, book, here)
    return f"**{markup.code_link(code, book, here)}**\n\n{text}"


def _code(code: Code, book: Book, here: str) -> Iterator[str]:
    article = code.article
    yield markup.text_markdown(code.text, book, here)
    names = [f"Class: {_chapter_link(book.chapter(code), book, here)}"]
    names += [f"Marked: {markup.words(mark)}" for mark in code.marks]
    if article and article.spec:
        names.append(f"Defined in: {markup.citation(article.spec, book)}")
    for each in article.formerly if article else ():
        source = markup.citation(each.source, book)
        names.append(f"Formerly called: {markup.words(each.name)} ({source})")
    yield _list(names)
    if code.facts:
        yield "## At a glance"
        yield _list(
            f"**{markup.words(fact.kind.label)}:** {markup.sentences(fact, book)}"
            for fact in code.facts
        )
    if article:
        yield markup.body_markdown(article.body, book, here)
    if code.excerpts:
        yield "## In the tables"
        for excerpt in code.excerpts:
            yield from _excerpt(excerpt, book, here)
    if article and article.see_also:
        yield "## See also"
        yield _list(
            markup.code_link(book.codes[each.number], book, here) for each in article.see_also
        )
    if code.guides:
        yield "## Guides"
        yield _list(_guide_link(guide, book, here) for guide in code.guides)


def _excerpt(excerpt: Excerpt, book: Book, here: str) -> Iterator[str]:
    table = excerpt.table
    yield f"### {_table_link(table, book, here)}"
    for row in excerpt.rows:
        yield _list(
            f"{markup.words(column.label)}: {markup.citation(each, book)}"
            for column, each in zip(table.columns, row.cells, strict=True)
            if column.key != CODE_COLUMN and each
        )


def _table(table: Table, book: Book, here: str) -> Iterator[str]:
    yield _list(
        [
            f"Source: {markup.citation(table.source, book)}",
            f"Read on: {table.read.isoformat()}",
            f"Licence: {markup.citation(table.licence, book)}",
        ]
    )
    yield markup.body_markdown(table.body, book, here)
    yield "## The table"
    yield markup.table(
        [markup.words(column.label) for column in table.columns],
        (_cells(table, row, book, here) for row in table.rows),
    )


def _cells(table: Table, row: Row, book: Book, here: str) -> list[str]:
    number = row.code.number
    address = urls.code(book.settings.path, number)
    code = _page_link(str(number), address, book, here) if number in book.codes else str(number)
    return [
        code if column.key == CODE_COLUMN else markup.citation(each, book)
        for column, each in zip(table.columns, row.cells, strict=True)
    ]


def _end(page: Route, book: Book, here: str) -> Iterator[str]:
    """Whose words the page holds, and where it is to be found."""
    credited = book.credits_of(page.documents)
    found = [markup.text_markdown(credit.text, book, here) for credit in credited]
    if book.settings.url:
        found.append(f"<{book.settings.url}{page.address}>")
    if found:
        yield "---"
    yield from found


def _chapter_link(chapter: Chapter, book: Book, here: str) -> str:
    own = chapter.code_class
    address = urls.code_class(book.settings.path, own.label)
    return _page_link(f"{own.label} {own.name}", address, book, here)


def _guide_link(guide: Guide, book: Book, here: str) -> str:
    return _page_link(guide.title, urls.guide(guide.slug), book, here)


def _table_link(table: Table, book: Book, here: str) -> str:
    return _page_link(table.title, urls.table(table.slug), book, here)


def _page_link(title: str, address: str, book: Book, here: str) -> str:
    return markup.link(title, urls.absolute_or_relative(book.settings.url, here, address))


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)
