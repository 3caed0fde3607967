"""Create the context of each page from its route, with a function for each kind of page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from markupsafe import Markup

from codebook.book import urls
from codebook.book.book import Chapter, Code, Excerpt
from codebook.book.documents import CODE_COLUMN, Body, Guide, Register, Survey, Symptom, Table
from codebook.book.layout import csv_path
from codebook.book.summary import CodeSummary, Fact
from codebook.book.surveys import scenarios
from codebook.cache import Cache
from codebook.site.html.contexts import (
    ClassPage,
    CodePage,
    CodesPage,
    Context,
    ErrorPage,
    GuidePage,
    HomePage,
    ListPage,
    RedirectPage,
    SurveyPage,
    TablePage,
)
from codebook.site.html.drawings import number_glyph
from codebook.site.html.frame import Edit, frame
from codebook.site.html.parts import (
    chapter_view,
    choice_view,
    column_labels,
    contents,
    fact_cell,
    facts_view,
    more_rows,
    parts,
    row_views,
)
from codebook.site.html.scope import HtmlSite, PageScope, frame_links
from codebook.site.html.surveys import (
    legend,
    matrices,
    scenario_columns,
    scenario_views,
    section_id,
    survey_sections,
)
from codebook.site.html.views import (
    ComparisonView,
    EntryView,
    ExcerptView,
    FactView,
    FormerView,
    Frame,
    Link,
    OriginView,
    PairView,
    Part,
    SymptomView,
)
from codebook.site.redirects import Redirect
from codebook.site.routes import AllCodes, Home, NotFound, PageList, Route, Subject
from codebook.site.words import Edit as EditWords
from codebook.site.words import Words, counted, direction, fill
from codebook.syntax.rich_text import Text

_LONG_EXCERPT = 4
"""The number of rows from which a page of a code links to the table instead."""


_REDIRECT_SCRIPT = "redirect.js"
_FIRST_GUIDES = 6
"""The number of guides on the home page."""


def template_name(subject: Subject) -> str:  # noqa: PLR0911 - one return for each kind
    """The name of the template of a page."""
    match subject:
        case Home():
            return HomePage.template
        case AllCodes():
            return CodesPage.template
        case PageList():
            return ListPage.template
        case Chapter():
            return ClassPage.template
        case Code():
            return CodePage.template
        case Guide():
            return GuidePage.template
        case Table():
            return SurveyPage.template if subject.survey else TablePage.template
        case NotFound():
            return ErrorPage.template
        case Redirect():
            return RedirectPage.template
        case _:
            assert_never(subject)


def page_context(  # noqa: PLR0911 - one return for each kind
    cache: Cache, route: Route, html_site: HtmlSite, changed: str
) -> Context:
    """The context of a route's page.

    `changed` is the date of the last change (ISO 8601), or empty.
    """
    if isinstance(route.subject, Redirect):
        return _redirect(route.subject, route, html_site)
    # Pages in neighboring folders share these links. Only their links to themselves differ.
    is_linked = isinstance(route.subject, Home | AllCodes | PageList | NotFound)
    frame_url = route.url if is_linked else urls.sibling(route.url)
    scope = PageScope(html_site, route, frame_links(cache, frame_url, html_site), changed)
    match route.subject:
        case Home():
            return _home(route.subject, scope)
        case AllCodes():
            return _all_codes(route.subject, scope)
        case PageList():
            return _list(route.subject, scope)
        case Chapter():
            return _class(route.subject, scope)
        case Code():
            return _code(route.subject, scope)
        case Guide():
            return _guide(route.subject, scope)
        case Table():
            return _table(route.subject, scope)
        case NotFound():
            chapters = tuple(chapter_view(chapter, scope) for chapter in route.subject.chapters)
            return ErrorPage(frame(scope), len(scope.book.codes), chapters)
        case _:
            assert_never(route.subject)


def _home(home: Home, scope: PageScope) -> Context:
    text, book, words = home.text, scope.book, scope.words.pages
    return HomePage(
        frame=frame(
            scope,
            credited=[text.path] if text else [],
            edits=[Edit(scope.words.edit.page, text.path)] if text else [],
        ),
        heading=text.title if text else book.title,
        parts=parts(text.body, scope) if text else (),
        count=len(book.codes),
        chapters=tuple(chapter_view(chapter, scope) for chapter in home.chapters),
        legend=scope.html_site.legend,
        guides=(
            *map(scope.guide, book.guides[:_FIRST_GUIDES]),
            *_all(words.all_guides, scope.frame_links.guides),
        ),
        tables=(
            *map(scope.table, book.tables),
            *_all(words.all_tables, scope.frame_links.tables),
        ),
    )


def _all(text: str, page: Link | None) -> Iterator[Link]:
    """A link with this text to the page of all guides or of all tables."""
    if page:
        yield Link(text, page.url)


def _list(subject: PageList, scope: PageScope) -> Context:
    return ListPage(
        frame=frame(scope, trail=[scope.frame_links.home]),
        entries=tuple(
            EntryView(Link(page.title, scope.url(page.url)), page.text) for page in subject.pages
        ),
    )


def _all_codes(subject: AllCodes, scope: PageScope) -> Context:
    registers = subject.registers
    return CodesPage(
        frame=frame(
            scope,
            trail=tuple(_register_trail(registers[0], scope)) or [scope.frame_links.home],
            credited=scope.route.sources,
            edits=[
                Edit(fill(scope.words.edit.register, title=register.title), register.path)
                for register in registers
            ],
        ),
        heading=registers[0].title if len(registers) == 1 else scope.book.title,
        count=len(scope.book.codes),
        chapters=tuple(chapter_view(chapter, scope) for chapter in subject.chapters),
        references=tuple(
            scope.html(text) for register in registers for text in register.references
        ),
    )


def _register_trail(register: Register, scope: PageScope) -> Iterator[Link]:
    """The links above the title of a register."""
    for text in register.trail:
        for target in text.targets:
            yield Link(text.plain, scope.url(scope.html_site.site.target_url(target)))


def _class(chapter: Chapter, scope: PageScope) -> Context:
    code_class, text, words = chapter.code_class, chapter.text, scope.words
    facts = _class_facts([code.summary for code in chapter.codes], scope)
    edits = [
        Edit(fill(words.edit.register, title=group.title), group.register, group.span.line)
        for group in chapter.groups
    ]
    edits += [Edit(words.edit.class_text, text.path)] if text else []
    before, after = scope.book.class_neighbors[code_class.label]
    return ClassPage(
        frame=frame(
            scope,
            trail=[scope.frame_links.home, scope.frame_links.all_codes],
            credited=[group.register for group in chapter.groups],
            edits=edits,
            code_class=code_class,
        ),
        chapter=chapter_view(chapter, scope),
        number_glyph=number_glyph(code_class.printed_label),
        parts=parts(text.body, scope) if text else (),
        facts=facts,
        contents=(
            *(contents(text.body) if text else ()),
            *([Link(words.pages.codes, "#codes")] if chapter.codes else []),
            *([Link(words.class_page.compare, "#facts")] if facts else []),
        ),
        previous=scope.code_class(before) if before else None,
        following=scope.code_class(after) if after else None,
    )


def _class_facts(codes: Iterable[CodeSummary], scope: PageScope) -> ComparisonView | None:
    """A comparison of the codes in a class, for facts with a fixed set of values."""
    codes = tuple(code for code in codes if code.facts)
    stated = {fact.kind.key for code in codes for fact in code.facts}
    kinds = [kind for kind in scope.book.facts.values() if kind.key in stated and kind.values]
    return facts_view(tuple(kinds), codes, scope) if codes and kinds else None


def _code(code: Code, scope: PageScope) -> Context:
    article, code_class = code.article, code.code_class
    class_link = scope.code_class(scope.book.classes_by_label[code.summary.class_label])
    before, after = scope.book.neighbors[code.number]
    unusual = [fact for fact in code.facts if not fact.is_usual]
    usual = [fact for fact in code.facts if fact.is_usual] if unusual else []
    text = parts(article.body, scope) if article else ()
    opening_length = article.body.opening_length if article else 0
    excerpts = tuple(_excerpt(excerpt, scope) for excerpt in code.stated_excerpts)
    return CodePage(
        frame=frame(
            scope,
            trail=(scope.frame_links.home, scope.frame_links.all_codes, class_link),
            credited=[code.register],
            edits=tuple(_code_edits(code, scope.words.edit)),
            code_class=code_class,
        ),
        number=code.number,
        number_glyph=number_glyph(str(code.number)),
        name=code.name,
        marks=scope.marks(code.summary),
        chapter=class_link,
        contents=tuple(_code_contents(code, scope.words)),
        lead=code.separate_lead,
        text=scope.html(code.text),
        official_name=code.official_name,
        spec=scope.cite(article.spec) if article else Markup(""),
        choices=tuple(excerpt.choice for excerpt in excerpts if excerpt.choice),
        formerly=tuple(
            FormerView(former.name, scope.cite(former.source))
            for former in (article.formerly if article else ())
        ),
        facts=tuple(_fact(fact, scope) for fact in unusual or code.facts),
        usual=tuple(_fact(fact, scope) for fact in usual),
        opening=text[:opening_length],
        symptoms=tuple(_symptom(symptom, scope) for symptom in code.symptoms),
        parts=text[opening_length:],
        surveys=tuple(survey_sections(code, scope)),
        excerpts=excerpts,
        see_also=tuple(
            scope.code(scope.book.codes[mention.number])
            for mention in (article.see_also if article else ())
        ),
        guides=tuple(scope.guide(related.guide) for related in code.guides),
        compare=_compare_link(code, scope),
        previous=scope.code(before) if before else None,
        following=scope.code(after) if after else None,
    )


def _fact(fact: Fact, scope: PageScope) -> FactView:
    return FactView(fact.kind.label, fact.kind.about, fact_cell(fact, scope))


def _symptom(symptom: Symptom, scope: PageScope) -> SymptomView:
    return SymptomView(
        symptom.message.text,
        symptom.program,
        symptom.where,
        scope.html(symptom.cause),
        scope.words.code_page.reproduction(symptom.program, symptom.reproduced),
        scope.cite(symptom.source),
    )


def _code_edits(code: Code, words: EditWords) -> Iterator[Edit]:
    """The location of each text on the page in its source file."""
    if code.article and code.article.summary.text:
        yield Edit(words.summary, code.article.path, code.article.summary.span.line)
    yield Edit(words.text, code.register, code.span.line)
    if article := code.article:
        if article.stated_facts:
            yield Edit(words.facts, article.path, article.stated_facts[0].key.span.line)
        first = article.body.headings[:1]
        yield Edit(words.article, article.path, first[0].span.line if first else 1)


def _excerpt(excerpt: Excerpt, scope: PageScope) -> ExcerptView:
    """The rows of a table. A single row becomes pairs.

    Equal cells share a pair, and empty cells are left out, unless readers choose among the pairs.
    """
    columns = column_labels(excerpt.table)
    table = scope.table(excerpt.table)
    if len(excerpt.rows) >= _LONG_EXCERPT:
        text = counted(scope.words.code_page.rows, len(excerpt.rows))
        more = Link(text, f"{table.url}?q={excerpt.rows[0].code.number}")
        return ExcerptView(table, more, None, (), (), ())
    views = row_views(excerpt.table, excerpt.rows, scope, is_page=False)
    rows = tuple(row.cells for row in views)
    if len(rows) > 1:
        return ExcerptView(table, None, None, (), columns, rows)
    cells = [*zip(columns, rows[0], strict=True)]
    if excerpt.table.choose:
        pairs = tuple(PairView(label, cell) for label, cell in cells)
        return ExcerptView(table, None, choice_view(excerpt.table), pairs, (), ())
    labels_by_cell: dict[Markup, list[str]] = {}
    for label, cell in cells:
        if cell:
            labels_by_cell.setdefault(cell, []).append(label)
    separator = scope.words.pages.separator
    pairs = tuple(PairView(separator.join(same), cell) for cell, same in labels_by_cell.items())
    return ExcerptView(table, None, None, pairs, (), ())


def _code_contents(code: Code, words: Words) -> Iterator[Link]:
    """Links to the sections of the page, in order."""
    if code.facts:
        yield Link(words.code_page.facts, "#facts")
    if code.article:
        yield from contents(code.article.body)
    for position, heading in enumerate(code.surveys, 1):
        yield Link(heading, f"#{section_id(position)}")
    if code.stated_excerpts:
        yield Link(words.code_page.tables, "#tables")
    if code.article and code.article.see_also:
        yield Link(words.code_page.see_also, "#related")
    if code.guides:
        yield Link(words.pages.guides, "#guides")


def _compare_link(code: Code, scope: PageScope) -> Link | None:
    """A link to the comparison of all codes, filtered to this one and its related codes."""
    overview = scope.book.overview
    if overview is None or not code.article or not code.article.see_also or not code.facts:
        return None
    numbers = [str(code.number), *(str(mention.number) for mention in code.article.see_also)]
    names = scope.words.pages.separator.join(numbers[1:])
    text = fill(scope.words.code_page.compare, codes=names)
    return Link(text, f"{scope.guide(overview).url}?q={'+'.join(numbers)}")


def _guide(guide: Guide, scope: PageScope) -> Context:
    text, lead_length = parts(guide.body, scope), _lead_length(guide.body)
    before, after = scope.book.guide_neighbors[guide.slug]
    return GuidePage(
        frame=frame(
            scope,
            trail=_trail(scope.frame_links.guides, scope),
            edits=[Edit(scope.words.edit.page, guide.path)],
        ),
        heading=guide.title,
        lead=text[:lead_length],
        contents=contents(guide.body),
        parts=text[lead_length:],
        previous=scope.guide(before) if before else None,
        following=scope.guide(after) if after else None,
    )


def _trail(parent: Link | None, scope: PageScope) -> tuple[Link, ...]:
    """The breadcrumbs of a page in the list of all guides or of all tables."""
    return (scope.frame_links.home, *([parent] if parent else []))


def _lead_length(body: Body) -> int:
    """The number of parts up to the lead, including it."""
    texts = (end for end, part in enumerate(body.parts(), 1) if isinstance(part, Text))
    return next(texts) if body.lead else 0


def _table(table: Table, scope: PageScope) -> Context:
    text, lead_length = parts(table.body, scope), _lead_length(table.body)
    if table.survey:
        return _survey(table, table.survey, text[:lead_length], text[lead_length:], scope)
    more = more_rows([scope.book.codes.get(row.code.number) for row in table.rows], scope)
    return TablePage(
        frame=_table_frame(table, scope),
        heading=table.title,
        lead=text[:lead_length],
        contents=contents(table.body),
        parts=text[lead_length:],
        origin=_origin(table, scope),
        choice=choice_view(table),
        more=more,
        code_column=next(column.label for column in table.columns if column.key == CODE_COLUMN),
        columns=column_labels(table),
        rows=row_views(table, table.rows, scope, is_page=True, has_folds=bool(more)),
    )


def _table_frame(table: Table, scope: PageScope) -> Frame:
    return frame(
        scope,
        trail=_trail(scope.frame_links.tables, scope),
        credited=[table.path],
        edits=[
            Edit(scope.words.edit.page, table.path),
            Edit(scope.words.edit.table, csv_path(table.path)),
        ],
    )


def _origin(table: Table, scope: PageScope) -> OriginView:
    return OriginView(
        scope.cite(table.source),
        table.retrieved.isoformat(),
        scope.cite(table.license),
        scope.url(urls.table_csv(table.slug)),
        scope.url(scope.route.json_url),
    )


def _survey(
    table: Table, survey: Survey, lead: tuple[Part, ...], rest: tuple[Part, ...], scope: PageScope
) -> Context:
    found = tuple(scenarios(survey, table.columns, table.rows))
    words = scope.words.survey
    return SurveyPage(
        frame=_table_frame(table, scope),
        heading=table.title,
        lead=lead,
        contents=(
            Link(words.results, "#results"),
            Link(words.scenarios, "#scenarios"),
            *contents(table.body),
        ),
        parts=rest,
        origin=_origin(table, scope),
        legend=legend(survey, found, scope),
        matrices=tuple(matrices(survey, found, scope)),
        columns=scenario_columns(table),
        scenarios=tuple(scenario_views(survey, found, scope)),
    )


def _redirect(redirect: Redirect, route: Route, html_site: HtmlSite) -> Context:
    """The redirect page, for hosts that don't support redirects."""
    settings = html_site.site.book.settings
    url = urls.relative(route.url, redirect.to)
    return RedirectPage(
        language=settings.language,
        direction=direction(settings.language),
        title=route.title,
        url=url,
        assets={
            name: urls.relative(route.url, asset)
            for name, asset in html_site.assets.items()
            if name == _REDIRECT_SCRIPT
        },
        canonical=settings.url + redirect.page if settings.url else url.partition("#")[0],
    )
