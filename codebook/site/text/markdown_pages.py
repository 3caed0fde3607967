"""The Markdown version of each page, for terminals and for programs that read text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from codebook.book import urls
from codebook.book.book import Chapter, Code, Excerpt, ListedCode
from codebook.book.documents import CODE_COLUMN, Guide, Row, Symptom, Table
from codebook.book.summary import ClassSummary, GuideSummary, TableSummary
from codebook.cache import Cache, Packed, each, memoize
from codebook.site.redirects import Redirect
from codebook.site.routes import (
    AllCodes,
    Home,
    NotFound,
    PageEntry,
    PageList,
    PageTable,
    Route,
    Site,
    Subject,
    WithMarkdown,
)
from codebook.site.text.markup import bullets, code_span, escape, table
from codebook.site.text.scope import FileScope
from codebook.site.text.surveys import survey_blocks, survey_results
from codebook.site.words import fill


def moved_page(route: Route, to: str, site: Site) -> bytes:
    """The Markdown version of a former URL: a link to the new page."""
    scope = FileScope(site, urls.markdown_url(route.url))
    words = site.words.markdown
    text = fill(words.moved_to, page=scope.link(route.title, to))
    return f"# {words.moved}\n\n{text}\n".encode()


@memoize
def markdown_texts(cache: Cache, page_table: PageTable) -> tuple[tuple[Route, Packed[str]], ...]:
    """Each page as Markdown, for its own file and for that of all pages; see `with_urls`."""
    pages = {
        route.url: (type(route.subject).__name__, route, page_table.site)
        for route in page_table.indexed
        if isinstance(route.subject, WithMarkdown)
    }
    texts = each(cache, _text, pages, Packed[str])
    return tuple((pages[url][1], text) for url, text in texts.items())


def _text(_url: str, _kind: str, route: Route, site: Site) -> Packed[str]:
    scope = FileScope(site, None)
    blocks = [
        f"# {escape(route.title)}",
        *_blocks(route.subject, scope),
        *_end(route, scope),
    ]
    return Packed.of("\n\n".join(filter(None, blocks)) + "\n")


def _blocks(subject: Subject, scope: FileScope) -> Iterator[str]:
    """The blocks below the title. Empty blocks are left out later."""
    match subject:
        case Home():
            yield from _home(subject, scope)
        case AllCodes():
            for chapter in subject.chapters:
                yield f"## {_class_link(chapter.code_class, scope)}"
                yield from (_listed_code(code, scope) for code in chapter.codes)
        case PageList():
            yield bullets(_entry(page, scope) for page in subject.pages)
        case Chapter():
            yield from _class(subject, scope)
        case Code():
            yield from _code(subject, scope)
        case Guide():
            yield scope.body(subject.body)
        case Table():
            yield from _table(subject, scope)
        case NotFound() | Redirect():
            pass  # They have no Markdown version.
        case _:
            assert_never(subject)


def _home(home: Home, scope: FileScope) -> Iterator[str]:
    book = scope.book
    yield escape(book.settings.description)
    if home.text:
        yield scope.body(home.text.body)
    for chapter in home.chapters:
        yield f"## {_class_link(chapter.code_class, scope)}"
        yield bullets(scope.code_link(code.summary) for code in chapter.codes)
    if book.guides:
        yield f"## {scope.site.words.pages.guides}"
        yield bullets(_guide_link(guide, scope) for guide in book.guides)
    if book.tables:
        yield f"## {scope.site.words.pages.tables}"
        yield bullets(_table_link(table, scope) for table in book.tables)


def _entry(page: PageEntry, scope: FileScope) -> str:
    return scope.link(page.title, page.url) + (f": {escape(page.text)}" if page.text else "")


def _class(chapter: Chapter, scope: FileScope) -> Iterator[str]:
    code_class = chapter.code_class
    yield fill(scope.site.words.class_page.range, range=code_class.range)
    if chapter.text:
        yield scope.body(chapter.text.body)
    if chapter.codes:
        yield f"## {scope.site.words.pages.codes}"
        yield from (_listed_code(code, scope) for code in chapter.codes)


def _listed_code(code: ListedCode, scope: FileScope) -> str:
    return f"**{scope.code_link(code.summary)}**\n\n{scope.text(code.text)}"


def _code(code: Code, scope: FileScope) -> Iterator[str]:
    article = code.article
    yield escape(code.separate_lead)
    yield scope.text(code.text)
    yield bullets(_code_properties(code, scope))
    if code.facts:
        yield f"## {scope.site.words.code_page.facts}"
        yield bullets(f"**{escape(fact.kind.label)}:** {scope.fact(fact)}" for fact in code.facts)
    if article:
        parts, opening_length = article.body.parts(), article.body.opening_length
        yield from map(scope.part, parts[:opening_length])
        if code.symptoms:
            yield f"### {scope.site.words.code_page.messages}"
            yield bullets(_symptom(symptom, scope) for symptom in code.symptoms)
        yield from map(scope.part, parts[opening_length:])
    for heading, surveys in code.surveys.items():
        yield f"## {escape(heading)}"
        for excerpt, survey in surveys:
            yield f"### {_table_link(excerpt.table, scope)}"
            yield bullets(survey_results(excerpt, survey, scope))
    if code.stated_excerpts:
        yield f"## {scope.site.words.code_page.tables}"
        for excerpt in code.stated_excerpts:
            yield from _excerpt(excerpt, scope)
    if article and article.see_also:
        yield f"## {scope.site.words.code_page.see_also}"
        codes = scope.book.codes
        yield bullets(scope.code_link(codes[mention.number]) for mention in article.see_also)
    if code.guides:
        yield f"## {scope.site.words.pages.guides}"
        yield bullets(_guide_link(related.guide, scope) for related in code.guides)


def _code_properties(code: Code, scope: FileScope) -> Iterator[str]:
    words = scope.site.words
    code_class = scope.book.classes_by_label[code.summary.class_label]
    yield f"{words.markdown.class_}: {_class_link(code_class, scope)}"
    yield from (f"{words.markdown.marked}: {escape(mark)}" for mark in code.summary.marks)
    if code.article and code.article.spec:
        yield f"{words.code_page.spec}: {scope.cite(code.article.spec)}"
    if code.official_name:
        yield f"{words.code_page.official_name}: {escape(code.official_name)}"
    for former in code.article.formerly if code.article else ():
        name = escape(former.name)
        yield f"{words.code_page.formerly}: {name} ({scope.cite(former.source)})"


def _symptom(symptom: Symptom, scope: FileScope) -> str:
    words = scope.site.words
    reproduction = words.code_page.reproduction(symptom.program, symptom.reproduced)
    places = filter(None, [symptom.program, symptom.where, reproduction])
    where = escape(words.pages.separator.join(places))
    source = f"{words.table_page.source}: {scope.cite(symptom.source)}"
    return f"{code_span(symptom.message.text)} ({where}): {scope.text(symptom.cause)} {source}"


def _excerpt(excerpt: Excerpt, scope: FileScope) -> Iterator[str]:
    yield f"### {_table_link(excerpt.table, scope)}"
    for row in excerpt.rows:
        yield bullets(
            f"{escape(column.label)}: {scope.cite(cell)}"
            for column, cell in zip(excerpt.table.columns, row.cells, strict=True)
            if column.key != CODE_COLUMN and cell
        )


def _table(subject: Table, scope: FileScope) -> Iterator[str]:
    words = scope.site.words.table_page
    yield bullets(
        [
            f"{words.source}: {scope.cite(subject.source)}",
            f"{words.checked}: {subject.retrieved.isoformat()}",
            f"{words.license}: {scope.cite(subject.license)}",
        ]
    )
    yield scope.body(subject.body)
    if subject.survey:
        yield from survey_blocks(subject, subject.survey, scope)
        return
    yield f"## {scope.site.words.markdown.rows}"
    yield table(
        [escape(column.label) for column in subject.columns],
        (_cells(subject, row, scope) for row in subject.rows),
    )


def _cells(subject: Table, row: Row, scope: FileScope) -> Sequence[str]:
    number = row.code.number
    code = str(number)
    if number in scope.book.codes:
        code = scope.link(code, urls.code(scope.book.settings.codes_path, number))
    return [
        code if column.key == CODE_COLUMN else scope.cite(cell)
        for column, cell in zip(subject.columns, row.cells, strict=True)
    ]


def _end(route: Route, scope: FileScope) -> Iterator[str]:
    """The credits of the page, and its URL."""
    base = scope.book.settings.url
    credit_texts = scope.book.credits_of(route.sources, route.numbers)
    blocks = [scope.text(credit.text) for credit in credit_texts]
    blocks += [f"<{base}{route.url}>"] if base else []
    if blocks:
        yield "---"
    yield from blocks


def _class_link(code_class: ClassSummary, scope: FileScope) -> str:
    url = urls.code_class(scope.book.settings.codes_path, code_class.label)
    return scope.link(code_class.title, url)


def _guide_link(guide: GuideSummary, scope: FileScope) -> str:
    return scope.link(guide.title, urls.guide(guide.slug))


def _table_link(table: TableSummary, scope: FileScope) -> str:
    return scope.link(table.title, urls.table(table.slug))
