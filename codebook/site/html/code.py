"""The page of one code."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from codebook.book import urls
from codebook.book.book import Code, Excerpt
from codebook.site.html.cards import card
from codebook.site.html.contexts import CodePage, Page
from codebook.site.html.frame import Edit, frame
from codebook.site.html.json_ld import Term
from codebook.site.html.number_glyph import number_glyph
from codebook.site.html.parts import cell, contents, labels, parts, rows
from codebook.site.html.site import Here
from codebook.site.html.views import ExcerptView, FactView, FormerView, Link, PairView


def code_page(code: Code, before: Code | None, after: Code | None, here: Here) -> Page:
    """The page of a code, with its neighbours in order of number."""
    context = _context(code, before, after, here)
    picture = card(code.name or code.title, code.code_class, here.site, str(code.number))
    return Page(here.address, "code.html", context, picture)


def _context(code: Code, before: Code | None, after: Code | None, here: Here) -> CodePage:
    article = code.article
    chapter = here.chapter(here.book.chapter(code))
    return CodePage(
        frame=frame(
            here,
            code.title,
            code.text.plain,
            trail=(here.home, here.all_codes, chapter),
            shows=[code.register],
            edits=tuple(_edits(code)),
            about=code.code_class,
            term=Term(str(code.number), code.name),
            record=urls.code_json(here.book.settings.path, code.number),
        ),
        number=code.number,
        punch=number_glyph(str(code.number)),
        name=code.name,
        marks=here.site.marks(code),
        chapter=chapter,
        contents=tuple(_contents(code)),
        text=here.html(code.text),
        spec=here.cite(article.spec) if article else Markup(""),
        formerly=tuple(
            FormerView(each.name, here.cite(each.source))
            for each in (article.formerly if article else ())
        ),
        facts=tuple(
            FactView(fact.kind.label, fact.kind.about, cell(fact, here)) for fact in code.facts
        ),
        parts=parts(article.body, here) if article else (),
        excerpts=tuple(_excerpt(each, here) for each in code.excerpts),
        see_also=tuple(
            here.code(here.book.codes[mention.number])
            for mention in (article.see_also if article else ())
        ),
        guides=tuple(map(here.guide, code.guides)),
        compare=_compare(code, here),
        previous=here.code(before) if before else None,
        following=here.code(after) if after else None,
    )


def _edits(code: Code) -> Iterator[Edit]:
    """Where each text of the page begins in its file."""
    yield Edit("Edit the short text", code.register, code.span.line)
    if article := code.article:
        if article.claims:
            yield Edit("Edit the facts", article.path, article.claims[0].key.span.line)
        first = article.body.headings[:1]
        yield Edit("Edit the article", article.path, first[0].span.line if first else 1)


def _excerpt(excerpt: Excerpt, here: Here) -> ExcerptView:
    table = excerpt.table
    cells = tuple(row.cells for row in rows(table, excerpt.rows, here))
    if len(cells) > 1:
        return ExcerptView(here.table(table), (), labels(table), cells)
    same: dict[Markup, list[str]] = {}
    for label, each in zip(labels(table), cells[0], strict=True):
        same.setdefault(each, []).append(label)
    pairs = tuple(PairView(", ".join(found), each) for each, found in same.items())
    return ExcerptView(here.table(table), pairs, (), ())


def _contents(code: Code) -> Iterator[Link]:
    """The sections of the page, in their order."""
    if code.facts:
        yield Link("At a glance", "#facts")
    if code.article:
        yield from contents(code.article.body)
    if code.excerpts:
        yield Link("In the tables", "#tables")
    if code.article and code.article.see_also:
        yield Link("See also", "#related")
    if code.guides:
        yield Link("Guides", "#guides")


def _compare(code: Code, here: Here) -> Link | None:
    """The page that shows every fact of every code, cut down to this one and its neighbours."""
    page = next((guide for guide in here.book.guides if guide.is_overview), None)
    if page is None or not code.article or not code.article.see_also or not code.facts:
        return None
    numbers = [code.number, *(mention.number for mention in code.article.see_also)]
    words = " ".join(map(str, numbers[1:-1])).replace(" ", ", ")
    rest = f"{words} and {numbers[-1]}" if words else str(numbers[-1])
    query = "+".join(map(str, numbers))
    return Link(f"Compare with {rest}", f"{here.guide(page).url}?q={query}")
