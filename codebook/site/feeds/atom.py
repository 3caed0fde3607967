"""What changed in a book, for feed readers: Atom 1.0, RFC 4287."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import PurePosixPath
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element

from codebook.book import urls
from codebook.book.history import Change, History
from codebook.book.layout import FACTS, SETTINGS
from codebook.site.feeds.xml import add, document, plain
from codebook.site.routes import AllCodes, PageTable, Route

_ATOM = "http://www.w3.org/2005/Atom"
_XHTML = "http://www.w3.org/1999/xhtml"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_OURS = UUID("398cf1b7-8114-46e8-ab0f-b1ae93e2485f")
"""What all ids are made from. Never changed: readers would take every entry for a new one."""
_ENTRIES = 50
_PAGES = 20
"""Pages that one entry names."""


def feed(page_table: PageTable, history: History) -> bytes:
    """The newest changes that pages were made from, each with those pages.

    Ids come from the commits alone, so they stay when the site moves. The book must know its base
    URL.
    """
    book, routes = page_table.site.book, page_table.indexed
    url = book.settings.url
    shared = {*_registers(routes), FACTS, SETTINGS}
    changes = ((change, _changed_pages(change, routes, shared)) for change in history.changes)
    entries = tuple(islice(((change, pages) for change, pages in changes if pages), _ENTRIES))
    newest = entries[0][0] if entries else history.changes[0]
    root = Element("feed", {"xmlns": _ATOM, _LANGUAGE: book.settings.language})
    add(root, "id", _id(f"feed {history.changes[-1].commit}"))
    add(root, "title", book.title)
    if book.settings.description:
        add(root, "subtitle", book.settings.description)
    add(root, "updated", newest.when.isoformat())
    add(add(root, "author"), "name", book.title)
    add(root, "link", rel="self", type="application/atom+xml", href=url + urls.FEED)
    add(root, "link", rel="alternate", type="text/html", href=url)
    for change, pages in entries:
        _add_entry(root, change, pages, url)
    return document(root)


def _registers(routes: Iterable[Route]) -> Iterable[PurePosixPath]:
    """The files that most pages have a sentence from."""
    return (
        path for route in routes if isinstance(route.subject, AllCodes) for path in route.sources
    )


def _changed_pages(
    change: Change, routes: Sequence[Route], shared: Iterable[PurePosixPath]
) -> Sequence[Route]:
    """The pages that a change led to.

    Many pages are made from a register, from the facts, or from the settings: they count where a
    change touched nothing that belongs to fewer.
    """
    touched = frozenset(change.paths)
    specific = touched.difference(shared)
    if pages := [route for route in routes if specific.intersection(route.sources)]:
        return pages
    if SETTINGS in touched:
        return routes
    return [route for route in routes if touched.intersection(route.sources)]


def _add_entry(root: Element, change: Change, pages: Sequence[Route], url: str) -> None:
    entry = add(root, "entry")
    add(entry, "id", _id(change.commit))
    add(entry, "title", plain(change.subject) or pages[0].title)
    add(entry, "updated", change.when.isoformat())
    add(entry, "link", rel="alternate", type="text/html", href=url + pages[0].url)
    division = add(add(entry, "content", type="xhtml"), "div", xmlns=_XHTML)
    items = add(division, "ul")
    for page in pages[:_PAGES]:
        add(add(items, "li"), "a", page.title, href=url + page.url)
    if more := len(pages[_PAGES:]):
        add(division, "p", f"and {more} more")


def _id(name: str) -> str:
    return uuid5(_OURS, name).urn
