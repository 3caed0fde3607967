"""What all pages of a run share: how a page names another, and cites what is outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from codebook.book import base_url, urls
from codebook.book.book import Book, Chapter, Code
from codebook.book.citations import split_citations
from codebook.book.documents import CodeClass, Guide, Table
from codebook.site.html.views import LegendView, Link, Mark
from codebook.syntax.rich_text import Text

_ADDRESS = 36
"""Characters of a web address that a cell has room for."""


@dataclass(frozen=True, slots=True)
class Site:
    """The book, and the addresses of its assets."""

    book: Book
    assets: Mapping[str, str]
    """Addresses by plain name."""
    has_cards: bool
    """Whether each page has a picture for links to it."""
    has_feed: bool
    """Whether it is known what changed when."""

    def at(self, address: str, changed: str = "") -> Here:
        """The site as seen from the page at this address, whose text was last changed that day."""
        return Here(self, address, changed)

    def hue(self, code_class: CodeClass) -> int:
        """The colour of a class: its place in the order of classes, from 1."""
        order = [(each.code_class.low, each.code_class.high) for each in self.book.chapters]
        return order.index((code_class.low, code_class.high)) + 1

    def marks(self, code: Code) -> tuple[Mark, ...]:
        """What is shown beside a code wherever it is named."""
        known = [mark.mark for mark in self.legend]
        return tuple(mark for mark in known if mark.text in code.marks)

    @property
    def legend(self) -> tuple[LegendView, ...]:
        """Every mark of the book, in the order they are declared."""
        found = [
            (value, meaning)
            for kind in self.book.facts.values()
            for value, meaning in kind.values.items()
            if value in kind.marked
        ]
        return tuple(
            LegendView(Mark(value, rank), meaning)
            for rank, (value, meaning) in enumerate(found, start=1)
        )


@dataclass(frozen=True, slots=True)
class Here:
    """One page's view of the site: its links are made here."""

    site: Site
    address: str
    changed: str = ""
    """The day on which the page's own text last changed, as ISO 8601 writes it; empty where that
    is not known."""

    @property
    def book(self) -> Book:
        """The book that the site is made of."""
        return self.site.book

    def url(self, address: str) -> str:
        """How this page names an address: relative, but absolute on the error page.

        A host sends the error page for any address at any depth, so nothing in it can be relative.
        """
        if self.address == urls.ERROR_PAGE:
            return base_url.base_path(self.book.settings.url) + address
        return urls.relative(self.address, address)

    def html(self, text: Text) -> Markup:
        """A formatted text with its links as this page names them."""
        # A Text is escaped where it is made; only addresses are filled in here, and escaped too.
        html = text.html(lambda target: self.url(self.book.address(target)))
        return Markup(html)  # noqa: S704 - see above

    def code(self, code: Code) -> Link:
        """A link to a code's page."""
        address = urls.code(self.book.settings.path, code.number)
        hue = self.site.hue(code.code_class)
        return Link(code.title, self.url(address), self.site.marks(code), hue)

    def chapter(self, chapter: Chapter) -> Link:
        """A link to a class's page."""
        code_class = chapter.code_class
        address = urls.code_class(self.book.settings.path, code_class.label)
        hue = self.site.hue(code_class)
        return Link(f"{code_class.label} {code_class.name}", self.url(address), hue=hue)

    def guide(self, guide: Guide) -> Link:
        """A link to a guide's page."""
        return Link(guide.title, self.url(urls.guide(guide.slug)))

    def table(self, table: Table) -> Link:
        """A link to a table's page."""
        return Link(table.title, self.url(urls.table(table.slug)))

    @property
    def home(self) -> Link:
        """A link to the home page."""
        return Link("Home", self.url(urls.HOME))

    @property
    def all_codes(self) -> Link:
        """A link to the page of all codes."""
        return Link("All codes", self.url(urls.codes(self.book.settings.path)))

    def cite(self, words: str) -> Markup:
        """Plain words in which web addresses, and citations that the book knows, are links."""
        return Markup("").join(
            Markup('<a href="{}">{}</a>').format(
                each.url, _brief(each.text) if each.is_address else each.text
            )
            if each.url
            else escape(each.text)
            for each in split_citations(words, self.book.settings.citations)
        )


def _brief(url: str) -> str:
    """A web address as a cell has room for it: the host, and as much of the path as fits."""
    host, *path = url.partition("://")[2].rstrip("/").split("/")
    shown = host
    for part in path:
        if len(f"{shown}/{part}") > _ADDRESS:
            return f"{shown}/…"
        shown = f"{shown}/{part}"
    return shown
