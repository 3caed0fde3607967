"""Every page of the site."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVarTuple, Unpack

from codebook.book import urls
from codebook.book.book import Book, Chapter, Code
from codebook.book.documents import CODE_COLUMN, Guide, Register, Table
from codebook.book.layout import csv_path
from codebook.cache.memory import Cache
from codebook.site.html.cards import card
from codebook.site.html.code import code_page
from codebook.site.html.contexts import (
    ClassPage,
    CodesPage,
    ErrorPage,
    GuidePage,
    HomePage,
    Page,
    TablePage,
)
from codebook.site.html.frame import Edit, frame
from codebook.site.html.json_ld import Term
from codebook.site.html.number_glyph import number_glyph
from codebook.site.html.parts import chapter_view, contents, labels, parts, rows, side_by_side
from codebook.site.html.redirects import redirects
from codebook.site.html.site import Here, Site
from codebook.site.html.views import ComparisonView, Link

Own = TypeVarTuple("Own")


def plan(  # noqa: PLR0913 - the book is given in two cuts
    book: Book,
    outline: Book,
    assets: Mapping[str, str],
    memory: Cache,
    *,
    changed: Mapping[str, str] = MappingProxyType({}),
    has_cards: bool = False,
    has_feed: bool = False,
) -> tuple[Page, ...]:
    """The pages of a book that has no error.

    The book is one whose texts are apart, `outline` is its outline; `assets` are addresses by plain
    name; `changed` are the days on which pages last changed, by address, where they are known.
    """
    site = memory.same(("site",), Site(outline, assets, has_cards, has_feed))
    own = _Plan(site, changed, memory)
    first = book.settings.path
    return (
        own.page(urls.HOME, _home, book.home, book.chapters),
        own.page(urls.codes(first), _codes, book.registers, book.chapters),
        *_classes(book, own),
        *_code_pages(book, own),
        *(own.page(urls.guide(each.slug), _guide, each) for each in book.guides),
        *(own.page(urls.table(each.slug), _table, each) for each in book.tables),
        own.page(urls.ERROR_PAGE, _not_found, book.chapters),
        *memory.recall(("redirects",), None, lambda: tuple(redirects(site)), site),
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """Makes each page, or remembers it."""

    site: Site
    changed: Mapping[str, str]
    memory: Cache

    def page(self, address: str, make: Callable[[Unpack[Own], Here], Page], *own: *Own) -> Page:
        """The page at an address: of the texts of the book it is made from `own` alone."""
        here = self.site.at(address, self.changed.get(address, ""))
        given = (here.changed, *own)
        return self.memory.recall(("page", address), given, lambda: make(*own, here), self.site)


def _home(text: Guide | None, chapters: Sequence[Chapter], here: Here) -> Page:
    book = here.book
    context = HomePage(
        frame=frame(
            here,
            book.title,
            book.settings.description or (text.body.lead if text else "") or _count(book),
            shows=[text.path] if text else [],
            edits=[Edit("Edit this page", text.path)] if text else [],
            record=urls.API_INDEX,
        ),
        heading=text.title if text else book.title,
        parts=parts(text.body, here) if text else (),
        count=len(book.codes),
        chapters=tuple(chapter_view(chapter, here) for chapter in chapters),
        legend=here.site.legend,
        guides=tuple(map(here.guide, book.guides)),
        tables=tuple(map(here.table, book.tables)),
    )
    return Page(here.address, "home.html", context, card(book.title, None, here.site))


def _codes(registers: Sequence[Register], chapters: Sequence[Chapter], here: Here) -> Page:
    context = CodesPage(
        frame=frame(
            here,
            "All codes",
            _count(here.book),
            trail=_own_trail(registers[0], here) or [here.home],
            shows=[register.path for register in registers],
            edits=[Edit(f"Edit {each.title}", each.path) for each in registers],
            record=urls.API_INDEX,
        ),
        heading=registers[0].title if len(registers) == 1 else here.book.title,
        count=len(here.book.codes),
        chapters=tuple(chapter_view(chapter, here) for chapter in chapters),
        references=tuple(here.html(text) for each in registers for text in each.references),
    )
    return Page(here.address, "codes.html", context, card("All codes", None, here.site))


def _classes(book: Book, own: _Plan) -> Iterator[Page]:
    named: list[Chapter | None] = [None, *own.site.book.chapters, None]
    for before, chapter, after in zip(named, book.chapters, named[2:], strict=False):
        address = urls.code_class(book.settings.path, chapter.code_class.label)
        yield own.page(address, _class, chapter, before, after)


def _code_pages(book: Book, own: _Plan) -> Iterator[Page]:
    """A page for every code, each with its neighbours in order of number."""
    named: list[Code | None] = [None, *own.site.book.codes.values(), None]
    for before, code, after in zip(named, book.codes.values(), named[2:], strict=False):
        address = urls.code(book.settings.path, code.number)
        yield own.page(address, code_page, code, before, after)


def _class(chapter: Chapter, before: Chapter | None, after: Chapter | None, here: Here) -> Page:
    view, text = chapter_view(chapter, here), chapter.text
    facts = _facts(chapter, here)
    names = ", ".join(code.title for code in chapter.codes)
    picture = card(view.name, chapter.code_class, here.site, view.label)
    context = ClassPage(
        frame=frame(
            here,
            f"{view.label} {view.name}",
            f"{view.name}, {view.range}" + (f": {names}" if names else ""),
            trail=[here.home, here.all_codes],
            shows=[group.register.path for group in chapter.groups],
            edits=[
                Edit(f"Edit {group.title}", group.register.path, group.span.line)
                for group in chapter.groups
            ]
            + ([Edit("Edit the text of the class", text.path)] if text else []),
            about=chapter.code_class,
            term=Term(view.label, view.name),
            record=urls.class_json(view.label),
        ),
        chapter=view,
        punch=number_glyph(view.label),
        parts=parts(text.body, here) if text else (),
        facts=facts,
        contents=_class_contents(chapter, facts),
        previous=here.chapter(before) if before else None,
        following=here.chapter(after) if after else None,
    )
    return Page(here.address, "class.html", context, picture)


def _facts(chapter: Chapter, here: Here) -> ComparisonView | None:
    """The facts of the class's codes, those that only say what a code is called left out."""
    stated = {fact.kind.key for code in chapter.codes for fact in code.facts}
    kinds = tuple(kind for kind in here.book.facts.values() if kind.key in stated and kind.values)
    codes = tuple(code for code in chapter.codes if code.facts)
    return side_by_side(codes, kinds, here, brief=True) if codes and kinds else None


def _class_contents(chapter: Chapter, facts: ComparisonView | None) -> tuple[Link, ...]:
    own = contents(chapter.text.body) if chapter.text else ()
    codes = (Link("The codes", "#codes"),) if chapter.codes else ()
    stated = (Link("The facts", "#facts"),) if facts else ()
    return (*own, *codes, *stated)


def _guide(guide: Guide, here: Here) -> Page:
    framed = frame(
        here,
        guide.title,
        guide.body.lead or guide.title,
        trail=[here.home],
        edits=[Edit("Edit this page", guide.path)],
    )
    return Page(
        here.address,
        "guide.html",
        GuidePage(framed, guide.title, parts(guide.body, here), contents(guide.body)),
        card(guide.title, None, here.site),
    )


def _table(table: Table, here: Here) -> Page:
    by_key = {column.key: column.label for column in table.columns}
    shown = parts(table.body, here)
    context = TablePage(
        frame=frame(
            here,
            table.title,
            table.body.lead or table.title,
            trail=[here.home],
            shows=[table.path],
            edits=[
                Edit("Edit this page", table.path),
                Edit("Edit the table", csv_path(table.path)),
            ],
            record=urls.table_json(table.slug),
        ),
        heading=table.title,
        lead=shown[:1] if table.body.lead else (),
        parts=shown[1:] if table.body.lead else shown,
        source=here.cite(table.source),
        read=table.read.isoformat(),
        licence=here.cite(table.licence),
        code_column=by_key[CODE_COLUMN],
        columns=labels(table),
        rows=rows(table, table.rows, here),
    )
    return Page(here.address, "table.html", context, card(table.title, None, here.site))


def _not_found(chapters: Sequence[Chapter], here: Here) -> Page:
    context = ErrorPage(
        frame=frame(here, "Page not found", "There is no page at this address."),
        chapters=tuple(chapter_view(chapter, here) for chapter in chapters),
    )
    return Page(here.address, "not_found.html", context, None)


def _own_trail(register: Register, here: Here) -> Sequence[Link]:
    """The links that stand above the title of a register."""
    return [
        Link(text.plain, here.url(here.book.address(target)))
        for text in register.trail
        for target in text.targets
    ]


def _count(book: Book) -> str:
    codes, classes = len(book.codes), len(book.chapters)
    return f"{book.title}: {codes} codes in {classes} classes, each with a page of its own."
