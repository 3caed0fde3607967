"""The JSON API: an index, and a record for each code, class, and table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import assert_never

from msgspec import Struct

from codebook.book import urls
from codebook.book.book import Chapter, Code
from codebook.book.documents import Column, Row, Survey, Symptom, Table
from codebook.book.settings import FactKind
from codebook.book.summary import ClassSummary, CodeSummary, Fact, GuideSummary, TableSummary
from codebook.book.surveys import scenarios
from codebook.site import survey_text
from codebook.site.api import records
from codebook.site.api.records import encode
from codebook.site.api.texts import RecordScope
from codebook.site.routes import AllCodes, Home, PageTable, Route, Site, WithRecord
from codebook.syntax.rich_text import anchor_id


class IndexTexts(Struct, frozen=True):
    """The texts of pages in the index of all records."""

    leads: Mapping[str, str]
    """The lead of each page, by URL; for a code, its text in the register."""
    sources: tuple[PurePosixPath, ...]
    """The documents that they come from."""


def index_texts(page_table: PageTable) -> IndexTexts:
    """The texts of pages in the index of all records."""
    sources = (
        path
        for route in page_table.routes
        if isinstance(route.subject, Home | AllCodes)
        for path in route.sources
    )
    leads = {
        route.url: route.subject.text.plain if isinstance(route.subject, Code) else route.lead
        for route in page_table.indexed
    }
    return IndexTexts(leads, tuple(sources))


def index_file(texts: IndexTexts, site: Site) -> bytes:
    """The index of all records."""
    leads, sources = texts.leads, texts.sources
    book, scope = site.book, RecordScope(site, urls.API_INDEX)
    links = _links(urls.API_INDEX, urls.codes(book.settings.codes_path), scope)
    index = records.IndexRecord(
        schema=scope.url(urls.schema("index")),
        title=book.title,
        description=book.settings.description,
        language=book.settings.language,
        codes=tuple(
            _code_entry(code, leads[urls.code(book.settings.codes_path, code.number)], scope)
            for code in book.codes.values()
        ),
        classes=tuple(_class_entry(code_class, scope) for code_class in book.classes),
        guides=tuple(
            _guide_link(guide, leads[urls.guide(guide.slug)], scope) for guide in book.guides
        ),
        tables=tuple(
            _table_entry(table, leads[urls.table(table.slug)], scope) for table in book.tables
        ),
        facts=tuple(map(_fact_kind, book.facts.values())),
        credits=_credits(sources, scope),
        links=records.IndexLinks(
            links.itself,
            links.page,
            links.markdown,
            scope.url(urls.HOME),
            scope.url(urls.OPENAPI),
        ),
    )
    return encode(index)


def record_file(json_url: str, subject: WithRecord, route: Route, site: Site) -> bytes:
    """The record for the subject of a route."""
    scope = RecordScope(site, json_url)
    match subject:
        case Code():
            return encode(_code_record(subject, route, scope))
        case Chapter():
            return encode(_class_record(subject, route, scope))
        case Table():
            return encode(_table_record(subject, route, scope))
        case _:
            assert_never(subject)


def _code_record(code: Code, route: Route, scope: RecordScope) -> records.CodeRecord:
    book, article = scope.book, code.article
    code_class = book.classes_by_label[code.summary.class_label]
    before, after = book.neighbors[code.number]
    return records.CodeRecord(
        schema=scope.url(urls.schema("code")),
        number=code.number,
        name=code.name,
        title=code.title,
        code_class=records.ClassLink(
            code_class.label, code_class.name, _class_links(code_class, scope)
        ),
        official_name=code.official_name,
        summary=code.lead,
        text=scope.words(code.text),
        marks=code.summary.marks,
        former_names=tuple(
            records.FormerName(former.name, scope.cited(former.source))
            for former in (article.formerly if article else ())
        ),
        spec=scope.cited(article.spec if article else ""),
        keywords=article.keywords if article else (),
        facts=tuple(_fact(fact, scope) for fact in code.facts),
        symptoms=tuple(_symptom(symptom, scope) for symptom in code.symptoms),
        article=scope.long_text(article.body if article else None, route.url),
        tables=tuple(_excerpt(excerpt.table, excerpt.rows, scope) for excerpt in code.excerpts),
        see_also=tuple(
            _code_link(book.codes[mention.number], scope)
            for mention in (article.see_also if article else ())
        ),
        guides=tuple(_guide_link(related.guide, related.lead, scope) for related in code.guides),
        previous=_code_link(before, scope) if before else None,
        following=_code_link(after, scope) if after else None,
        credits=_credits(route.sources, scope, route.numbers),
        links=_all_code_links(code.summary, scope),
    )


def _all_code_links(code: CodeSummary, scope: RecordScope) -> records.CodeLinks:
    links = _code_links(code, scope)
    return records.CodeLinks(
        links.itself,
        links.page,
        links.markdown,
        scope.url(urls.short_url(code.number)),
        tuple(map(scope.url, scope.site.name_urls(code))),
    )


def _class_record(chapter: Chapter, route: Route, scope: RecordScope) -> records.ClassRecord:
    code_class, text = chapter.code_class, chapter.text
    return records.ClassRecord(
        schema=scope.url(urls.schema("class")),
        label=code_class.label,
        name=code_class.name,
        low=code_class.low,
        high=code_class.high,
        text=scope.long_text(text.body if text else None, route.url),
        unassigned=scope.cited(text.unassigned if text else ""),
        codes=tuple(_code_entry(code.summary, code.text.plain, scope) for code in chapter.codes),
        credits=_credits(route.sources, scope, route.numbers),
        links=_class_links(code_class, scope),
    )


def _table_record(table: Table, route: Route, scope: RecordScope) -> records.TableRecord:
    return records.TableRecord(
        schema=scope.url(urls.schema("table")),
        slug=table.slug,
        title=table.title,
        lead=table.body.lead,
        source=scope.cited(table.source),
        read=table.retrieved,
        license=scope.cited(table.license),
        licence=scope.cited(table.license),
        columns=_columns(table.columns),
        rows=_rows(table.columns, table.rows, scope),
        survey=_survey(table, table.survey, scope) if table.survey else None,
        text=scope.long_text(table.body, route.url),
        credits=_credits(route.sources, scope),
        links=_table_links(table.slug, scope),
    )


def _links(json_url: str, page: str, scope: RecordScope) -> records.Links:
    """The URLs of a subject that has a record."""
    markdown_url = scope.url(urls.markdown_url(page))
    return records.Links(scope.url(json_url), scope.url(page), markdown_url)


def _code_links(code: CodeSummary, scope: RecordScope) -> records.Links:
    prefix = scope.book.settings.codes_path
    return _links(urls.code_json(prefix, code.number), urls.code(prefix, code.number), scope)


def _code_link(code: CodeSummary, scope: RecordScope) -> records.CodeLink:
    links = _code_links(code, scope)
    return records.CodeLink(code.number, code.name, code.title, code.marks, links)


def _code_entry(code: CodeSummary, text: str, scope: RecordScope) -> records.CodeEntry:
    return records.CodeEntry(
        code.number,
        code.name,
        code.title,
        text,
        code.marks,
        code.class_label,
        _code_links(code, scope),
    )


def _class_links(code_class: ClassSummary, scope: RecordScope) -> records.Links:
    page = urls.code_class(scope.book.settings.codes_path, code_class.label)
    return _links(urls.class_json(code_class.label), page, scope)


def _class_entry(code_class: ClassSummary, scope: RecordScope) -> records.ClassEntry:
    return records.ClassEntry(
        code_class.label,
        code_class.name,
        code_class.low,
        code_class.high,
        _class_links(code_class, scope),
    )


def _guide_link(guide: GuideSummary, lead: str, scope: RecordScope) -> records.GuideLink:
    page = urls.guide(guide.slug)
    links = records.PageLinks(scope.url(page), scope.url(urls.markdown_url(page)))
    return records.GuideLink(guide.slug, guide.title, lead, links)


def _survey(table: Table, survey: Survey, scope: RecordScope) -> records.Survey:
    page = urls.table(table.slug)
    return records.Survey(
        tuple(records.Outcome(it.key, it.mark, it.text, it.can_deviate) for it in survey.outcomes),
        tuple(records.Subject(it.key, it.name, it.version) for it in survey.subjects),
        tuple(
            records.Scenario(
                it.id,
                it.code,
                it.group,
                tuple(outcome.key for outcome in it.expected),
                tuple(
                    subject.key
                    for subject, result in zip(survey.subjects, it.results, strict=True)
                    if result.deviates
                ),
                survey_text.command(it, survey),
                scope.url(f"{page}#{anchor_id(it.id)}"),
            )
            for it in scenarios(survey, table.columns, table.rows)
        ),
    )


def _table_links(slug: str, scope: RecordScope) -> records.TableLinks:
    page = urls.table(slug)
    return records.TableLinks(
        scope.url(urls.table_json(slug)),
        scope.url(page),
        scope.url(urls.markdown_url(page)),
        scope.url(urls.table_csv(slug)),
    )


def _table_entry(table: TableSummary, lead: str, scope: RecordScope) -> records.TableEntry:
    return records.TableEntry(table.slug, table.title, lead, _table_links(table.slug, scope))


def _excerpt(table: TableSummary, rows: Iterable[Row], scope: RecordScope) -> records.Excerpt:
    return records.Excerpt(
        table.slug,
        table.title,
        scope.cited(table.source),
        table.retrieved,
        scope.cited(table.license),
        scope.cited(table.license),
        _columns(table.columns),
        _rows(table.columns, rows, scope),
        _table_links(table.slug, scope),
    )


def _columns(columns: Iterable[Column]) -> tuple[records.Column, ...]:
    return tuple(records.Column(column.key, column.label) for column in columns)


def _rows(
    columns: Sequence[Column], rows: Iterable[Row], scope: RecordScope
) -> tuple[records.Row, ...]:
    """The rows of a table, each with the URLs of its code."""
    keys = [column.key for column in columns]
    return tuple(_row(keys, row, scope) for row in rows)


def _row(keys: Sequence[str], row: Row, scope: RecordScope) -> records.Row:
    cells = dict(zip(keys, row.cells, strict=True))
    citations = {key: scope.citations(cell) for key, cell in cells.items()}
    number, prefix = row.code.number, scope.book.settings.codes_path
    is_known = number in scope.book.codes and not row.written
    return records.Row(
        number,
        cells,
        {key: links for key, links in citations.items() if links},
        scope.url(urls.code(prefix, number)) if is_known else "",
        scope.url(urls.code_json(prefix, number)) if is_known else "",
    )


def _fact(fact: Fact, scope: RecordScope) -> records.Fact:
    return records.Fact(
        fact.kind.key,
        fact.kind.label,
        fact.kind.about,
        fact.value,
        fact.meaning,
        fact.note,
        fact.uncertain,
        scope.cited(fact.source),
    )


def _symptom(symptom: Symptom, scope: RecordScope) -> records.Symptom:
    return records.Symptom(
        symptom.message.text,
        symptom.program,
        symptom.where,
        scope.words(symptom.cause),
        symptom.reproduced,
        scope.cited(symptom.source),
    )


def _fact_kind(kind: FactKind) -> records.FactKind:
    values = (
        records.FactValue(value, meaning, value in kind.marked)
        for value, meaning in kind.values.items()
    )
    return records.FactKind(kind.key, kind.label, kind.about, tuple(values))


def _credits(
    sources: Iterable[PurePosixPath], scope: RecordScope, numbers: Iterable[int] | None = None
) -> tuple[records.Words, ...]:
    """The credits for the texts of these documents, or only for those of some codes."""
    return tuple(scope.words(credit.text) for credit in scope.book.credits_of(sources, numbers))
