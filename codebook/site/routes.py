"""The page table: the single list of all pages of a site.

HTML, JSON, Markdown, llms.txt, feeds, sitemap, search, dates, link checks, and collision checks
read it, and nothing else enumerates pages. The type of a route's `subject` is the kind of page.
Code that handles every kind matches on it and ends with `assert_never`, so mypy reports kinds that
aren't handled. To add a kind of page, add a subject, an entry in `_pages`, a context, and a
template.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from operator import attrgetter
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import assert_never

from msgspec import Struct

from codebook.book import urls
from codebook.book.book import Book, Chapter, Code, summarize
from codebook.book.documents import Article, Body, ClassText, Guide, Register, Table
from codebook.book.layout import FACTS, article_path, class_text_path, csv_path
from codebook.book.layout import HOME as HOME_TEXT
from codebook.book.settings import MAX_SUMMARY, Settings
from codebook.book.summary import BookSummary, CodeSummary
from codebook.book.surveys import SCENARIO
from codebook.cache import Cache, memoize, memoize_each
from codebook.diagnostics.source import Span
from codebook.site.redirects import Redirect, code_redirects, former_redirects
from codebook.site.words import Words, counted
from codebook.syntax.rich_text import LinkTarget, anchor_id

Anchor = tuple[PurePosixPath, str]
"""A document and the slug of a heading in it; the slug is empty for the whole document."""


_SHORTEST_SENTENCE = 8
"""In characters."""
_SENTENCE_END = re.compile(
    r"(?<=[.!?])\s+|(?<=[\u3002\uff01\uff1f])(?!\N{RIGHT CORNER BRACKET})\s*"
)
"""The space between two sentences, which may be missing in Chinese and Japanese."""


class Home(Struct, frozen=True):
    """The home page: its text, if the book has one, and every class."""

    text: Guide | None
    chapters: tuple[Chapter, ...]


class AllCodes(Struct, frozen=True):
    """The page of all codes."""

    registers: tuple[Register, ...]
    chapters: tuple[Chapter, ...]


class PageEntry(Struct, frozen=True):
    """A page, as the page of all guides or of all tables lists it."""

    title: str
    url: str
    text: str
    """The first sentences; may be empty."""


class PageList(Struct, frozen=True):
    """The page of all guides or of all tables."""

    pages: tuple[PageEntry, ...]


class NotFound(Struct, frozen=True):
    """The error page for URLs that don't exist."""

    chapters: tuple[Chapter, ...]


WithRecord = Chapter | Code | Table
"""Subjects with a record in the JSON API."""
WithJson = Home | AllCodes | PageList | WithRecord
"""Subjects with a record or the index in the JSON API."""
WithMarkdown = WithJson | Guide
"""Subjects with a Markdown version."""
Subject = WithMarkdown | NotFound | Redirect
"""The content of a page."""
_NotIndexed = NotFound | Redirect
"""Subjects that no list of pages includes."""


class Route(Struct, frozen=True, dict=True):
    """A page. Properties that many edits look up are computed only once."""

    url: str
    """Relative to the root of the site, as `urls` makes it."""
    subject: Subject
    title: str
    """Unique among indexed pages."""
    description: str
    """For search engines and link previews; empty for a redirect."""
    lead: str = ""
    """The introduction as plain text; empty if there is none."""
    sources: tuple[PurePosixPath, ...] = ()
    """The files in the content folder that the page is made from."""
    compared: tuple[PurePosixPath, ...] = ()
    """Other files with facts that the page compares."""
    json_url: str = ""
    """The URL of the JSON version; empty if there is none."""
    markdown_url: str = ""
    """The URL of the Markdown version; empty if there is none."""
    section: str = ""
    """The heading that the page is listed under."""
    search_label: str = ""
    """The kind of page as search shows it; empty for pages that search doesn't find by title."""
    span: Span | None = None
    """The place that defines the URL, for diagnostics; None for a page that every book has."""

    def __post_init__(self) -> None:
        """Raise ValueError if the URLs and the section don't match the kind of page."""
        is_listed = isinstance(self.subject, WithMarkdown) and not isinstance(self.subject, Home)
        if (bool(self.json_url), bool(self.markdown_url), bool(self.section)) != (
            isinstance(self.subject, WithJson),
            isinstance(self.subject, WithMarkdown),
            is_listed,
        ):
            kind = type(self.subject).__name__
            raise ValueError(
                f"/{self.url}: `json_url`, `markdown_url`, or `section` does not match {kind}, "
                "see WithJson and WithMarkdown"
            )

    @property
    def is_indexed(self) -> bool:
        """Whether the sitemap, the feed, search engines, and lists of pages include the page."""
        return not isinstance(self.subject, _NotIndexed)

    @cached_property
    def anchors(self) -> Sequence[tuple[Anchor, str]]:
        """The link targets on this page, each with its URL: documents and their headings.

        The home page and codes are targets even if their documents don't exist. Headings in a
        register point to the pages of classes.
        """
        return tuple(self._anchors())

    def _anchors(self) -> Iterator[tuple[Anchor, str]]:
        match self.subject:
            case Home(text):
                yield from _headings(HOME_TEXT, self.url, text.body if text else None)
            case AllCodes(registers):
                yield from (((register.path, ""), self.url) for register in registers)
            case Chapter(code_class=code_class, text=text):
                path = class_text_path(code_class.label)
                yield from _headings(path, self.url, text.body if text else None)
                for group in self.subject.groups:
                    yield from (((group.register, slug), self.url) for slug in group.slugs)
            case Code(article=article):
                path = article_path(self.subject.number)
                yield from _headings(path, self.url, article.body if article else None)
            case Guide():
                yield from _headings(self.subject.path, self.url, self.subject.body)
            case Table():
                yield from _headings(self.subject.path, self.url, self.subject.body)
                yield from _scenarios(self.subject, self.url)
            case PageList() | NotFound() | Redirect():
                pass
            case _:
                assert_never(self.subject)

    @property
    def number(self) -> int | None:
        """The code that the page is about; None for other pages."""
        return self.subject.number if isinstance(self.subject, Code) else None

    @property
    def numbers(self) -> tuple[int, ...] | None:
        """The codes of the page, which has the texts of no others; None if it has all texts."""
        match self.subject:
            case Code():
                return (self.subject.number,)
            case Chapter():
                return tuple(code.summary.number for code in self.subject.codes)
            case _:
                return None

    @property
    def dated_by(self) -> tuple[PurePosixPath, ...]:
        """The files for this page only, or the files that it shares with others if it has none."""
        match self.subject:
            case Code(article=Article() as article):
                return (article.path,)
            case Code():
                return (self.subject.register,)
            case Chapter(text=ClassText() as text):
                return (text.path,)
            case Home():
                return self.sources[:1]
            case _:
                return self.sources


class Site(Struct, frozen=True, dict=True):
    """The data about other pages that a page can use: summaries and URLs, but no texts."""

    book: BookSummary
    anchors: Mapping[Anchor, str]
    """The URL of every link target."""
    redirects: tuple[Redirect, ...]
    """Sorted by URL."""
    words: Words
    """The words of the interface."""

    def target_url(self, target: LinkTarget) -> str:
        """The URL of a link's target."""
        return self.anchors[target.path, target.anchor]

    def name_urls(self, code: CodeSummary) -> tuple[str, ...]:
        """The URLs made of names that redirect to the page of a code."""
        page = urls.code(self.book.settings.codes_path, code.number)
        short_url = urls.short_url(code.number)
        return tuple(url for url in self._redirecting_to[page] if url != short_url)

    @cached_property
    def _redirecting_to(self) -> Mapping[str, Sequence[str]]:
        """The URLs that redirect to each page, without former ones."""
        urls_by_page: defaultdict[str, list[str]] = defaultdict(list)
        for redirect in self.redirects:
            if not redirect.is_former:
                urls_by_page[redirect.to].append(redirect.url)
        return urls_by_page


class PageTable(Struct, frozen=True, dict=True):
    """All routes of a book, and the data that they share."""

    routes: tuple[Route, ...]
    site: Site

    @cached_property
    def indexed(self) -> tuple[Route, ...]:
        """The pages that lists of pages include, in site order."""
        return tuple(route for route in self.routes if route.is_indexed)

    @cached_property
    def published_urls(self) -> frozenset[str]:
        """Every URL that must keep working, including headings, except for the home page."""
        pages = (route.url for route in self.indexed)
        redirected = (redirect.url for redirect in self.site.redirects)
        return frozenset({*pages, *self.site.anchors.values(), *redirected} - {urls.HOME})


@memoize
def page_table(cache: Cache, book: Book, words: Words) -> PageTable:
    """The page table of a book. It's complete even if the book has errors."""
    summary = summarize(cache, book)
    pages = tuple(_cached(cache, page.url, page) for page in _pages(cache, book, summary, words))
    anchors = MappingProxyType({anchor: url for page in pages for anchor, url in page.anchors})
    redirecting = [
        *(
            route
            for number, code in book.codes.items()
            for route in _code_redirects(cache, number, code, book.settings.codes_path)
        ),
        *_former_redirects(book.settings, anchors, pages),
    ]
    redirecting.sort(key=attrgetter("url"))
    subjects = (route.subject for route in redirecting)
    redirects = tuple(subject for subject in subjects if isinstance(subject, Redirect))
    site = _site(cache, summary, anchors, redirects, words)
    return PageTable((*pages, *redirecting), site)


@memoize_each
def _cached(_cache: Cache, _url: str, route: Route) -> Route:
    """The route, as the same object while nothing in it changes: later stages compare it fast."""
    return route


@memoize
def _site(
    _cache: Cache,
    summary: BookSummary,
    anchors: Mapping[Anchor, str],
    redirected: tuple[Redirect, ...],
    words: Words,
) -> Site:
    """The site, as the same object while nothing in it changes."""
    return Site(summary, anchors, redirected, words)


def _pages(cache: Cache, book: Book, summary: BookSummary, words: Words) -> Iterator[Route]:
    """Every page except for redirects, in site order."""
    codes_path = book.settings.codes_path
    registers = tuple(register.path for register in book.registers)
    all_codes = counted(words.pages.all_codes_description, len(book.codes), title=book.title)
    home = book.home
    home_lead = book.settings.description or (home.body.lead if home else "")
    yield Route(
        urls.HOME,
        Home(home, book.chapters),
        book.title,
        home_lead or all_codes,
        home_lead,
        (*([home.path] if home else []), *registers),
        json_url=urls.API_INDEX,
        markdown_url=urls.markdown_url(urls.HOME),
    )
    yield Route(
        urls.codes(codes_path),
        AllCodes(book.registers, book.chapters),
        words.pages.all_codes,
        all_codes,
        sources=registers,
        json_url=urls.API_INDEX,
        markdown_url=urls.markdown_url(urls.codes(codes_path)),
        section=words.pages.codes,
        span=book.chapters[0].span if book.chapters else None,
    )
    yield from (_class(chapter, book, words) for chapter in book.chapters)
    has_facts = bool(book.facts)
    yield from (
        _code(cache, number, code, codes_path, words, has_facts=has_facts)
        for number, code in book.codes.items()
    )
    guides = [_guide(guide, book, summary, words) for guide in book.guides]
    if guides:
        about = counted(words.pages.all_guides_description, len(guides), title=book.title)
        yield _list(urls.GUIDES, words.pages.all_guides, about, guides)
    yield from guides
    tables = [_table(table, words) for table in book.tables]
    if tables:
        about = counted(words.pages.all_tables_description, len(tables), title=book.title)
        yield _list(urls.TABLES, words.pages.all_tables, about, tables)
    yield from tables
    yield Route(
        urls.ERROR_PAGE,
        NotFound(book.chapters),
        words.pages.not_found,
        words.pages.not_found_description,
    )


def _class(chapter: Chapter, book: Book, words: Words) -> Route:
    code_class, text = chapter.code_class, chapter.text
    codes = [book.codes[code.summary.number] for code in chapter.codes]
    lead = text.body.lead if text else ""
    url = urls.code_class(book.settings.codes_path, code_class.label)
    return Route(
        url,
        chapter,
        code_class.title,
        lead or f"{code_class.name}, {code_class.range}",
        lead,
        (*(group.register for group in chapter.groups), *([text.path] if text else [])),
        tuple(_fact_sources(codes, has_facts=bool(book.facts))),
        json_url=urls.class_json(code_class.label),
        markdown_url=urls.markdown_url(url),
        section=words.pages.codes,
        span=chapter.span,
    )


@memoize_each
def _code(
    _cache: Cache, number: int, code: Code, codes_path: str, words: Words, *, has_facts: bool
) -> Route:
    url = urls.code(codes_path, number)
    return Route(
        url,
        code,
        code.title,
        code.lead,
        code.lead,
        (
            code.register,
            *_fact_sources([code], has_facts=has_facts),
            *(csv_path(excerpt.table.path) for excerpt in code.excerpts),
        ),
        json_url=urls.code_json(codes_path, number),
        markdown_url=urls.markdown_url(url),
        section=words.pages.codes,
        span=code.span,
    )


def _list(url: str, title: str, description: str, pages: Sequence[Route]) -> Route:
    first = pages[0]
    return Route(
        url,
        PageList(
            tuple(PageEntry(page.title, page.url, first_sentences(page.lead)) for page in pages)
        ),
        title,
        description,
        sources=tuple(page.sources[0] for page in pages),
        json_url=urls.API_INDEX,
        markdown_url=urls.markdown_url(url),
        section=first.section,
        search_label=first.search_label,
        span=first.span,
    )


def _guide(guide: Guide, book: Book, summary: BookSummary, words: Words) -> Route:
    url = urls.guide(guide.slug)
    comparisons = map(summary.compare, guide.body.comparisons)
    compared = chain.from_iterable(comparison.codes for comparison in comparisons)
    codes = (book.codes[code.number] for code in compared)
    return Route(
        url,
        guide,
        guide.title,
        guide.body.lead or guide.title,
        guide.body.lead,
        (guide.path,),
        tuple(_fact_sources(codes, has_facts=bool(book.facts))),
        markdown_url=urls.markdown_url(url),
        section=words.pages.guides,
        search_label=words.pages.guide,
        span=guide.span,
    )


def _table(table: Table, words: Words) -> Route:
    url = urls.table(table.slug)
    return Route(
        url,
        table,
        table.title,
        table.body.lead or table.title,
        table.body.lead,
        (table.path, csv_path(table.path)),
        json_url=urls.table_json(table.slug),
        markdown_url=urls.markdown_url(url),
        section=words.pages.tables,
        search_label=words.pages.table,
        span=table.span,
    )


@memoize_each
def _code_redirects(_cache: Cache, _number: int, code: Code, codes_path: str) -> tuple[Route, ...]:
    return tuple(
        Route(redirect.url, redirect, code.title, "", span=span)
        for redirect, span in code_redirects(code, codes_path)
    )


def _former_redirects(
    settings: Settings, anchors: Mapping[Anchor, str], pages: Iterable[Route]
) -> Iterator[Route]:
    titles = {page.url: page.title for page in pages} if settings.moved else {}
    for redirect, span in former_redirects(settings, anchors):
        yield Route(redirect.url, redirect, titles.get(redirect.page, ""), "", span=span)


def _fact_sources(codes: Iterable[Code], *, has_facts: bool) -> Iterator[PurePosixPath]:
    """The files with the facts about these codes. `has_facts` is whether the book has any."""
    paths = tuple(dict.fromkeys(code.article.path for code in codes if code.article))
    yield from paths
    if paths and has_facts:
        yield FACTS


def _headings(path: PurePosixPath, url: str, body: Body | None) -> Iterator[tuple[Anchor, str]]:
    yield (path, ""), url
    for heading in body.headings if body else ():
        for slug in heading.slugs:
            yield (path, slug), f"{url}#{anchor_id(slug)}"


def _scenarios(table: Table, url: str) -> Iterator[tuple[Anchor, str]]:
    """The scenarios of a survey, which links can name like headings."""
    keys = [column.key for column in table.columns]
    if table.survey:
        index = keys.index(SCENARIO)
        for row in table.rows:
            yield (table.path, row.cells[index]), f"{url}#{anchor_id(row.cells[index])}"


def first_sentences(text: str) -> str:
    """The first sentence of a text, and the next ones as long as they fit into a description.

    What ends after a few characters is more likely an abbreviation than a sentence.
    """
    ends = [match.start() for match in _SENTENCE_END.finditer(text)]
    first = next((end for end in ends if end >= _SHORTEST_SENTENCE), len(text))
    last = max((end for end in (*ends, len(text)) if end <= MAX_SUMMARY), default=0)
    return text[: max(first, last)].rstrip()
