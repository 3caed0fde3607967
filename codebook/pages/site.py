"""What all pages of a run share: how a page names another, and the frame around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote

from markupsafe import Markup, escape

from codebook import addresses, origin
from codebook.book import Book, Chapter, Code
from codebook.pages.views import Frame, Link
from codebook.records import Guide, Table
from codebook.richtext import Text
from codebook.settings import Citation

_DESCRIPTION = 160
"""Characters of a description that search engines show."""


_ADDRESS = 36
"""Characters of a web address that a cell has room for."""

_WEB_ADDRESS = Citation(re.compile(r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,;:)])"), "{url}")
_SAFE = "/:?#[]@!$&'()*+,;=%~"
"""What a part of an address may hold besides letters and digits: RFC 3986, Section 2.2."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Something on a page that can be edited."""

    name: str
    path: PurePosixPath
    line: int = 1


@dataclass(frozen=True, slots=True)
class Site:
    """The book, and the addresses of its assets."""

    book: Book
    assets: Mapping[str, str]
    """Addresses by plain name."""

    def at(self, address: str) -> Here:
        """The site as seen from the page at this address."""
        return Here(self, address)


@dataclass(frozen=True, slots=True)
class Here:
    """One page's view of the site: its links are made here."""

    site: Site
    address: str

    @property
    def book(self) -> Book:
        """The book that the site is made of."""
        return self.site.book

    def url(self, address: str) -> str:
        """How this page names an address: relative, but absolute on the error page.

        A host sends the error page for any address at any depth, so nothing in it can be relative.
        """
        if self.address == addresses.ERROR_PAGE:
            return origin.base_path(self.book.settings.url) + address
        return addresses.relative(self.address, address)

    def html(self, text: Text) -> Markup:
        """A formatted text with its links as this page names them."""
        # A Text is escaped where it is made; only addresses are filled in here, and escaped too.
        html = text.html(lambda target: self.url(self.book.address(target)))
        return Markup(html)  # noqa: S704 - see above

    def code(self, code: Code) -> Link:
        """A link to a code's page."""
        address = addresses.code(self.book.settings.path, code.number)
        return Link(code.title, self.url(address), code.marks)

    def chapter(self, chapter: Chapter) -> Link:
        """A link to a class's page."""
        code_class = chapter.code_class
        address = addresses.code_class(self.book.settings.path, code_class.label)
        return Link(f"{code_class.label} {code_class.name}", self.url(address))

    def guide(self, guide: Guide) -> Link:
        """A link to a guide's page."""
        return Link(guide.title, self.url(addresses.guide(guide.slug)))

    def table(self, table: Table) -> Link:
        """A link to a table's page."""
        return Link(table.title, self.url(addresses.table(table.slug)))

    @property
    def home(self) -> Link:
        """A link to the home page."""
        return Link("Home", self.url(addresses.HOME))

    @property
    def all_codes(self) -> Link:
        """A link to the page of all codes."""
        return Link("All codes", self.url(addresses.codes(self.book.settings.path)))

    def cite(self, words: str) -> Markup:
        """Plain words in which web addresses, and citations that the book knows, are links."""
        made: list[Markup] = []
        citations = (_WEB_ADDRESS, *self.book.settings.citations)
        rest = 0
        while True:
            found = [
                (match.start(), place, match)
                for place, each in enumerate(citations)
                if (match := each.pattern.search(words, rest)) and match[0]
            ]
            if not found:
                return Markup("").join([*made, escape(words[rest:])])
            start, place, match = min(found, key=lambda one: one[:2])
            groups = {
                key: quote(value or "", safe=_SAFE) for key, value in match.groupdict().items()
            }
            url = citations[place].url.format_map(groups)
            shown = _brief(match[0]) if citations[place] is _WEB_ADDRESS else match[0]
            made += [
                escape(words[rest:start]),
                Markup('<a href="{}">{}</a>').format(url, shown),
            ]
            rest = match.end()

    def frame(
        self,
        title: str,
        description: str,
        *,
        trail: Sequence[Link] = (),
        shows: Iterable[PurePosixPath] = (),
        edits: Sequence[Edit] = (),
    ) -> Frame:
        """The frame of this page.

        `shows` are the documents whose words the page holds.
        """
        settings = self.book.settings
        shown = {path.as_posix() for path in shows}
        indexed = self.address != addresses.ERROR_PAGE
        menu = tuple(
            Link(
                chapter.code_class.label,
                self.url(addresses.code_class(settings.path, chapter.code_class.label)),
            )
            for chapter in self.book.chapters
        )
        return Frame(
            language=settings.language,
            site_title=self.book.title,
            title=title,
            description=_shortened(description),
            canonical=settings.url + self.address if settings.url and indexed else "",
            indexed=indexed,
            assets={name: self.url(address) for name, address in self.site.assets.items()},
            home=self.home,
            all_codes=self.all_codes,
            menu=menu,
            trail=tuple(trail),
            credits=tuple(
                self.html(credit.text)
                for credit in settings.credits
                if shown & {word.text for word in credit.documents}
            ),
            edits=tuple(map(self._edit, edits)) if settings.repository else (),
        )

    def _edit(self, edit: Edit) -> Link:
        settings = self.book.settings
        branch, file = quote(settings.branch), quote(edit.path.as_posix())
        url = f"{settings.repository}/edit/{branch}/content/{file}#L{edit.line}"
        return Link(edit.name, url)


def _brief(url: str) -> str:
    """A web address as a cell has room for it: the host, and as much of the path as fits."""
    host, *path = url.partition("://")[2].rstrip("/").split("/")
    shown = host
    for part in path:
        if len(f"{shown}/{part}") > _ADDRESS:
            return f"{shown}/…"
        shown = f"{shown}/{part}"
    return shown


def _shortened(words: str) -> str:
    """The words up to the last whole one that search engines show."""
    if len(words) <= _DESCRIPTION:
        return words
    return words[: _DESCRIPTION - 1].rsplit(" ", 1)[0].rstrip(" ,;:–(") + "…"
