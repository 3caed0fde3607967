"""What a book publishes, page by page: for lists of pages that are read elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from codebook.book import urls
from codebook.book.book import Book, Chapter, Code
from codebook.book.documents import Article, ClassText, Guide, Table
from codebook.book.layout import FACTS, csv_path


class Kind(StrEnum):
    """What a page is."""

    HOME = "home"
    CODES = "codes"
    CLASS = "class"
    CODE = "code"
    GUIDE = "guide"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Route:
    """One page."""

    address: str
    kind: Kind
    title: str
    """Never the same on two pages."""
    summary: str
    """What it says, in plain words; empty where nothing does."""
    about: Chapter | Code | Guide | Table | None
    """The one thing that it shows; nothing on pages that lead to all of them."""
    documents: tuple[PurePosixPath, ...]
    """The files below the content folder whose words are its own."""
    record: str = ""
    """The address of the same for programs; empty where there is none."""
    quoted: tuple[PurePosixPath, ...] = ()
    """The files of which it shows something too: facts that it sets side by side."""

    @property
    def texts(self) -> tuple[PurePosixPath, ...]:
        """The files that are written for it alone; those that it shares where there is none."""
        match self.about:
            case Code(article=Article() as article):
                return (article.path,)
            case Code():
                return (self.about.register,)
            case Chapter(text=ClassText() as text):
                return (text.path,)
            case None if self.kind is Kind.HOME:
                return self.documents[:1]
            case _:
                return self.documents

    @property
    def made_from(self) -> tuple[PurePosixPath, ...]:
        """Every file that has a say in what it says."""
        return (*self.documents, *self.quoted)


def routes(book: Book) -> Iterator[Route]:
    """Every page but the error page and those that only lead on, in the order of the site."""
    first = book.settings.path
    registers = tuple(register.path for register in book.registers)
    home = book.home
    yield Route(
        urls.HOME,
        Kind.HOME,
        book.title,
        book.settings.description or (home.body.lead if home else ""),
        None,
        (*([home.path] if home else []), *registers),
    )
    yield Route(urls.codes(first), Kind.CODES, "All codes", "", None, registers, urls.API_INDEX)
    yield from (_class(chapter, book) for chapter in book.chapters)
    yield from (_code(code, book) for code in book.codes.values())
    for guide in book.guides:
        address = urls.guide(guide.slug)
        compared = (code for each in guide.body.comparisons for code in book.compared(each))
        quoted = tuple(_stated(compared, book))
        yield Route(
            address, Kind.GUIDE, guide.title, guide.body.lead, guide, (guide.path,), quoted=quoted
        )
    for table in book.tables:
        yield Route(
            urls.table(table.slug),
            Kind.TABLE,
            table.title,
            table.body.lead,
            table,
            (table.path, csv_path(table.path)),
            urls.table_json(table.slug),
        )


def _class(chapter: Chapter, book: Book) -> Route:
    own = chapter.code_class
    return Route(
        urls.code_class(book.settings.path, own.label),
        Kind.CLASS,
        f"{own.label} {own.name}",
        chapter.text.body.lead if chapter.text else "",
        chapter,
        (
            *(group.register.path for group in chapter.groups),
            *([chapter.text.path] if chapter.text else []),
        ),
        urls.class_json(own.label),
        tuple(_stated(chapter.codes, book)),
    )


def _code(code: Code, book: Book) -> Route:
    first = book.settings.path
    return Route(
        urls.code(first, code.number),
        Kind.CODE,
        code.title,
        code.text.plain,
        code,
        (
            code.register,
            *_stated([code], book),
            *(csv_path(excerpt.table.path) for excerpt in code.excerpts),
        ),
        urls.code_json(first, code.number),
    )


def _stated(codes: Iterable[Code], book: Book) -> Iterator[PurePosixPath]:
    """The files that say what is stated of the codes."""
    articles = tuple(code.article.path for code in codes if code.article)
    yield from dict.fromkeys(articles)
    if articles and book.facts:
        yield FACTS
