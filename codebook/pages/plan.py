"""Every page of the site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from codebook import addresses
from codebook.book import Book, Chapter
from codebook.layout import table_data
from codebook.pages.cards import card
from codebook.pages.code import code_pages
from codebook.pages.contexts import (
    ClassPage,
    CodesPage,
    ErrorPage,
    GuidePage,
    HomePage,
    Page,
    TablePage,
)
from codebook.pages.frame import Edit, frame
from codebook.pages.parts import chapter_view, contents, labels, parts, rows, side_by_side
from codebook.pages.punch import punch
from codebook.pages.redirects import redirects
from codebook.pages.site import Here, Site
from codebook.pages.structured import Term
from codebook.pages.views import ComparisonView, Link
from codebook.records import CODE_COLUMN, Guide, Table


def plan(
    book: Book, assets: Mapping[str, str], *, has_cards: bool = False, has_feed: bool = False
) -> tuple[Page, ...]:
    """The pages of a book that has no error. `assets` are addresses by plain name."""
    site = Site(book, assets, has_cards, has_feed)
    return (
        _home(site.at(addresses.HOME)),
        _codes(site.at(addresses.codes(book.settings.path))),
        *_classes(site),
        *code_pages(site),
        *(_guide(guide, site.at(addresses.guide(guide.slug))) for guide in book.guides),
        *(_table(table, site.at(addresses.table(table.slug))) for table in book.tables),
        _not_found(site.at(addresses.ERROR_PAGE)),
        *redirects(site),
    )


def _home(here: Here) -> Page:
    book, text = here.book, here.book.home
    context = HomePage(
        frame=frame(
            here,
            book.title,
            book.settings.description or (text.body.lead if text else "") or _count(book),
            shows=[text.path] if text else [],
            edits=[Edit("Edit this page", text.path)] if text else [],
            record=addresses.API_INDEX,
        ),
        heading=text.title if text else book.title,
        parts=parts(text.body, here) if text else (),
        count=len(book.codes),
        chapters=tuple(chapter_view(chapter, here) for chapter in book.chapters),
        legend=here.site.legend,
        guides=tuple(map(here.guide, book.guides)),
        tables=tuple(map(here.table, book.tables)),
    )
    return Page(here.address, "home.html", context, card(book.title, None, here.site))


def _codes(here: Here) -> Page:
    registers = here.book.registers
    context = CodesPage(
        frame=frame(
            here,
            "All codes",
            _count(here.book),
            trail=_own_trail(here) or [here.home],
            shows=_documents(here.book),
            edits=[Edit(f"Edit {each.title}", each.path) for each in registers],
            record=addresses.API_INDEX,
        ),
        heading=registers[0].title if len(registers) == 1 else here.book.title,
        count=len(here.book.codes),
        chapters=tuple(chapter_view(chapter, here) for chapter in here.book.chapters),
        references=tuple(here.html(text) for each in registers for text in each.references),
    )
    return Page(here.address, "codes.html", context, card("All codes", None, here.site))


def _classes(site: Site) -> Iterator[Page]:
    chapters: list[Chapter | None] = [None, *site.book.chapters, None]
    for before, chapter, after in zip(chapters, chapters[1:], chapters[2:], strict=False):
        if chapter:
            label = chapter.code_class.label
            here = site.at(addresses.code_class(site.book.settings.path, label))
            picture = card(chapter.code_class.name, chapter.code_class, site, label)
            yield Page(here.address, "class.html", _class(chapter, before, after, here), picture)


def _class(
    chapter: Chapter, before: Chapter | None, after: Chapter | None, here: Here
) -> ClassPage:
    view, text = chapter_view(chapter, here), chapter.text
    facts = _facts(chapter, here)
    names = ", ".join(code.title for code in chapter.codes)
    return ClassPage(
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
            record=addresses.class_record(view.label),
        ),
        chapter=view,
        punch=punch(view.label),
        parts=parts(text.body, here) if text else (),
        facts=facts,
        contents=_class_contents(chapter, facts),
        previous=here.chapter(before) if before else None,
        following=here.chapter(after) if after else None,
    )


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
                Edit("Edit the table", table_data(table.path)),
            ],
            record=addresses.table_record(table.slug),
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


def _not_found(here: Here) -> Page:
    context = ErrorPage(
        frame=frame(here, "Page not found", "There is no page at this address."),
        chapters=tuple(chapter_view(chapter, here) for chapter in here.book.chapters),
    )
    return Page(here.address, "not_found.html", context, None)


def _own_trail(here: Here) -> Sequence[Link]:
    """The links that stand above the title of the first register."""
    return [
        Link(text.plain, here.url(here.book.address(target)))
        for text in here.book.registers[0].trail
        for target in text.targets
    ]


def _documents(book: Book) -> Sequence[PurePosixPath]:
    return [register.path for register in book.registers]


def _count(book: Book) -> str:
    codes, classes = len(book.codes), len(book.chapters)
    return f"{book.title}: {codes} codes in {classes} classes, each with a page of its own."
