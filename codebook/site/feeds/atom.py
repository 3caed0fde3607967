"""What changed in a book, for feed readers: Atom 1.0, RFC 4287."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import PurePosixPath
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element

from codebook.book import urls
from codebook.book.book import Book
from codebook.book.history import Change, History
from codebook.book.layout import FACTS, SETTINGS
from codebook.site.feeds.xml import add, document, plain
from codebook.site.routes import Route, routes

_ATOM = "http://www.w3.org/2005/Atom"
_XHTML = "http://www.w3.org/1999/xhtml"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_OURS = UUID("398cf1b7-8114-46e8-ab0f-b1ae93e2485f")
"""What all ids are made from. Never changed: readers would take every entry for a new one."""
_ENTRIES = 50
_PAGES = 20
"""Pages that one entry names."""


def feed(book: Book, history: History) -> bytes:
    """The newest changes that pages were made from, each with those pages.

    Ids come from the commits alone, so they stay when the site moves. The book must know its
    public address.
    """
    url = book.settings.url
    listed = tuple(routes(book))
    shared = {*(register.path for register in book.registers), FACTS, SETTINGS}
    found = ((change, _pages(change, listed, shared)) for change in history.changes)
    entries = tuple(islice(((change, pages) for change, pages in found if pages), _ENTRIES))
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


def _pages(
    change: Change, listed: Iterable[Route], shared: Iterable[PurePosixPath]
) -> Sequence[Route]:
    """The pages that a change led to.

    Many pages are made from a register, from the facts or from the settings: they count where a
    change touched nothing that belongs to fewer.
    """
    touched = frozenset(change.paths)
    own = touched.difference(shared)
    if found := [page for page in listed if own.intersection(page.documents)]:
        return found
    if SETTINGS in touched:
        return tuple(listed)
    return [page for page in listed if touched.intersection(page.documents)]


def _add_entry(root: Element, change: Change, pages: Sequence[Route], url: str) -> None:
    entry = add(root, "entry")
    add(entry, "id", _id(change.commit))
    add(entry, "title", plain(change.subject) or pages[0].title)
    add(entry, "updated", change.when.isoformat())
    add(entry, "link", rel="alternate", type="text/html", href=url + pages[0].address)
    division = add(add(entry, "content", type="xhtml"), "div", xmlns=_XHTML)
    items = add(division, "ul")
    for page in pages[:_PAGES]:
        add(add(items, "li"), "a", page.title, href=url + page.address)
    if more := len(pages[_PAGES:]):
        add(division, "p", f"and {more} more")


def _id(name: str) -> str:
    return uuid5(_OURS, name).urn
