"""The site from the perspective of one page: URLs, links to other pages, and citations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from markupsafe import Markup, escape
from msgspec import Struct

from codebook.book import base_url, urls
from codebook.book.citations import TextPart
from codebook.book.summary import (
    BookSummary,
    ClassSummary,
    CodeSummary,
    GuideSummary,
    TableSummary,
)
from codebook.cache import Cache, memoize, memoize_each
from codebook.site.html.views import LegendView, Link, Mark, MenuLink
from codebook.site.routes import Route, Site
from codebook.site.words import Words
from codebook.syntax.rich_text import NUMBER_LINK, Text

_LONGEST_URL = 24
"""The maximum length of a URL in a table cell."""
_NUMBER = re.compile(rf'<a href="([^"]*)" class="{NUMBER_LINK}">(\d+)</a>')


class HtmlSite(Struct, frozen=True, dict=True):
    """The data that all pages of a build share."""

    site: Site
    assets: Mapping[str, str]
    """The URLs of assets by plain name."""
    has_cards: bool
    """Whether pages have cards for link previews."""
    has_feed: bool
    """Whether the site has a feed of changes."""
    color_count: int
    """The number of colors that the design has for classes."""
    positions: Mapping[str, int]
    """The position of each class in the order of classes, from 1, by label."""

    @cached_property
    def legend(self) -> tuple[LegendView, ...]:
        """Every mark of the book, in order of declaration."""
        marks = [
            (value, meaning)
            for kind in self.site.book.facts.values()
            for value, meaning in kind.values.items()
            if value in kind.marked
        ]
        return tuple(
            LegendView(Mark(value, rank), meaning)
            for rank, (value, meaning) in enumerate(marks, start=1)
        )

    def hue(self, label: str) -> int:
        """The number of the color of a class; if there are more classes, the colors repeat."""
        return (self.positions[label] - 1) % self.color_count + 1


@memoize
def html_site(
    _cache: Cache,
    site: Site,
    assets: Mapping[str, str],
    *,
    has_cards: bool,
    has_feed: bool,
    color_count: int,
) -> HtmlSite:
    """The data that all pages of a build share, as the same object while nothing in it changes."""
    labels = [code_class.label for code_class in site.book.classes]
    positions = {label: position for position, label in enumerate(labels, start=1)}
    return HtmlSite(site, assets, has_cards, has_feed, color_count, positions)


class FrameLinks(Struct, frozen=True):
    """The links in the frame of a page."""

    assets: Mapping[str, str]
    """The URLs of assets by plain name."""
    manifest: str
    icon: str
    """Empty if the site has no icons as images."""
    touch_icon: str
    home: Link
    all_codes: Link
    menu: tuple[MenuLink, ...]
    """Every class, with none as the current one."""
    guides: Link | None
    """The page of all guides; None if there are none."""
    tables: Link | None


@memoize_each
def frame_links(_cache: Cache, page_url: str, html_site: HtmlSite) -> FrameLinks:
    """The links in the frame, as the page at this URL writes them."""
    book, pages = html_site.site.book, html_site.site.words.pages
    codes_path = book.settings.codes_path

    def url(target: str) -> str:
        return url_on(page_url, target, book)

    assets = {name: url(asset) for name, asset in html_site.assets.items()}
    touch_icon = assets.get("touch-icon.png", "")
    return FrameLinks(
        assets=assets,
        manifest=url(urls.MANIFEST),
        icon=url(urls.ICON) if touch_icon else "",
        touch_icon=touch_icon,
        home=Link(pages.home, url(urls.HOME)),
        all_codes=Link(pages.all_codes, url(urls.codes(codes_path))),
        menu=tuple(
            MenuLink(
                code_class.printed_label,
                url(urls.code_class(codes_path, code_class.label)),
                html_site.hue(code_class.label),
                is_current=False,
            )
            for code_class in book.classes
        ),
        guides=Link(pages.guides, url(urls.GUIDES)) if book.guides else None,
        tables=Link(pages.tables, url(urls.TABLES)) if book.tables else None,
    )


def url_on(page_url: str, url: str, book: BookSummary) -> str:
    """A URL as written on a page: relative, but absolute on the error page.

    Hosts send the error page for any URL, so relative URLs on it would not resolve.
    """
    if page_url == urls.ERROR_PAGE:
        return base_url.base_path(book.settings.url) + url
    return urls.relative(page_url, url)


class PageScope(Struct, frozen=True):
    """A page, and the data and links that it needs from the rest of the site."""

    html_site: HtmlSite
    route: Route
    frame_links: FrameLinks
    changed: str
    """The date when the text of the page last changed, in ISO 8601 format; empty if unknown."""

    @property
    def book(self) -> BookSummary:
        """The data about the book that the page can use."""
        return self.html_site.site.book

    @property
    def words(self) -> Words:
        """The words of the interface."""
        return self.html_site.site.words

    def url(self, url: str) -> str:
        """A URL as written on this page."""
        return url_on(self.route.url, url, self.book)

    def html(self, text: Text) -> Markup:
        """A formatted text, with link URLs for this page."""
        # The HTML of a Text is already escaped, and it escapes the URLs that are filled in here.
        html = text.html(lambda target: self.url(self.html_site.site.target_url(target)))
        return Markup(_NUMBER.sub(self._named, html))  # noqa: S704 - see above

    def _named(self, link: re.Match[str]) -> str:
        """A link in a decision tree; one to the code of that number has its name and color."""
        code = self.book.codes.get(int(link[2]))
        if code is None or escape(self.code(code).url) != link[1]:
            return link[0]
        hue = self.html_site.hue(code.class_label)
        name = f" {escape(code.name)}" if code.name else ""
        return f'<a href="{link[1]}" data-hue="{hue}"><b>{link[2]}</b>{name}</a>'

    def cite(self, plain: str) -> Markup:
        """Plain text as HTML, with links for URLs and for citations known to the settings."""
        html = "".join(map(_cited, self.book.cited(plain)))
        return Markup(html)  # noqa: S704 - the parts are escaped

    def marks(self, code: CodeSummary) -> tuple[Mark, ...]:
        """The marks of a code, in order of declaration."""
        marks = code.marks
        known = (view.mark for view in self.html_site.legend) if marks else ()
        return tuple(mark for mark in known if mark.text in marks)

    def code(self, code: CodeSummary) -> Link:
        """A link to a code's page."""
        url = self.url(urls.code(self.book.settings.codes_path, code.number))
        return Link(code.title, url, self.marks(code), self.html_site.hue(code.class_label))

    def code_class(self, code_class: ClassSummary) -> Link:
        """A link to a class's page."""
        url = self.url(urls.code_class(self.book.settings.codes_path, code_class.label))
        return Link(code_class.title, url, hue=self.html_site.hue(code_class.label))

    def guide(self, guide: GuideSummary) -> Link:
        """A link to a guide's page."""
        return Link(guide.title, self.url(urls.guide(guide.slug)))

    def table(self, table: TableSummary) -> Link:
        """A link to a table's page."""
        return Link(table.title, self.url(urls.table(table.slug)))


def _cited(part: TextPart) -> str:
    """A part of a plain text as HTML."""
    text = escape(_shorten_url(part.text) if part.is_url else part.text)
    return f'<a href="{escape(part.url)}">{text}</a>' if part.url else text


def _shorten_url(url: str) -> str:
    """A URL shortened to fit a table cell: the host, and as much of the path as fits."""
    host, *path = url.partition("://")[2].rstrip("/").split("/")
    shortened = host
    for part in path:
        if len(f"{shortened}/{part}") > _LONGEST_URL:
            return f"{shortened}/…"
        shortened = f"{shortened}/{part}"
    return shortened
