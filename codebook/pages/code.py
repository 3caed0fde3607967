"""The page of one code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from codebook import addresses
from codebook.book import Code, Excerpt
from codebook.pages.parts import cell, labels, parts, rows
from codebook.pages.site import Edit, Here, Site
from codebook.pages.views import CodePage, ExcerptView, FactView, FormerView, Page, PairView


def code_pages(site: Site) -> Iterator[Page]:
    """A page for every code, each with its neighbours in order of number."""
    codes: list[Code | None] = [None, *site.book.codes.values(), None]
    for before, code, after in zip(codes, codes[1:], codes[2:], strict=False):
        if code:
            address = addresses.code(site.book.settings.path, code.number)
            context = _code_page(code, before, after, site.at(address))
            yield Page(address, "code.html", context)


def _code_page(code: Code, before: Code | None, after: Code | None, here: Here) -> CodePage:
    article = code.article
    chapter = here.chapter(next(c for c in here.book.chapters if code.number in c.code_class))
    return CodePage(
        frame=here.frame(
            code.title,
            code.text.plain,
            trail=(here.home, here.all_codes, chapter),
            shows=[code.register],
            edits=_edits(code),
        ),
        number=code.number,
        name=code.name,
        marks=code.marks,
        chapter=chapter,
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
        previous=here.code(before) if before else None,
        following=here.code(after) if after else None,
    )


def _edits(code: Code) -> Sequence[Edit]:
    short = Edit("Edit the short text", code.register, code.span.line)
    return [short, Edit("Edit the article", code.article.path)] if code.article else [short]


def _excerpt(excerpt: Excerpt, here: Here) -> ExcerptView:
    table = excerpt.table
    cells = tuple(row.cells for row in rows(table, excerpt.rows, here))
    if len(cells) > 1:
        return ExcerptView(here.table(table), (), labels(table), cells)
    pairs = tuple(map(PairView, labels(table), cells[0]))
    return ExcerptView(here.table(table), pairs, (), ())
