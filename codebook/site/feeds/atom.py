"""The feed of changes to a book: Atom 1.0, RFC 4287."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import PurePosixPath
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element

from codebook.book import urls
from codebook.book.history import Change, History
from codebook.book.layout import FACTS, SETTINGS
from codebook.site.feeds.xml import add, document, plain
from codebook.site.routes import AllCodes, PageList, PageTable, Route
from codebook.site.words import Words, counted

_ATOM = "http://www.w3.org/2005/Atom"
_XHTML = "http://www.w3.org/1999/xhtml"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_ID_NAMESPACE = UUID("398cf1b7-8114-46e8-ab0f-b1ae93e2485f")
"""Must never change: feed readers would show every entry as new."""
_MAX_ENTRIES = 50
_MAX_PAGES = 20
"""How many pages an entry lists."""


def feed(page_table: PageTable, history: History) -> bytes:
    """The feed: the newest changes, each with the pages that it affects.

    Ids depend only on commits, so they stay the same when the site moves. The book must have a base
    URL.
    """
    book, routes = page_table.site.book, page_table.indexed
    url = book.settings.url
    shared = {*_registers(routes), FACTS, SETTINGS}
    made_from: defaultdict[PurePosixPath, list[int]] = defaultdict(list)
    for index, route in enumerate(routes):
        # A change of a guide is no news about the page of all guides.
        for path in () if isinstance(route.subject, PageList) else route.sources:
            made_from[path].append(index)
    changes = (
        (change, _changed_pages(change, routes, made_from, shared)) for change in history.changes
    )
    entries = tuple(islice(((change, pages) for change, pages in changes if pages), _MAX_ENTRIES))
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
        _add_entry(root, change, pages, url, page_table.site.words)
    return document(root)


def _registers(routes: Iterable[Route]) -> Iterable[PurePosixPath]:
    """The files that most pages contain text from."""
    return (
        path for route in routes if isinstance(route.subject, AllCodes) for path in route.sources
    )


def _changed_pages(
    change: Change,
    routes: Sequence[Route],
    made_from: Mapping[PurePosixPath, Iterable[int]],
    shared: Iterable[PurePosixPath],
) -> Sequence[Route]:
    """The pages that a change affects. `made_from` has the positions of the pages by source file.

    Registers, facts, and settings affect many pages. They count only if the change touches no file
    that belongs to fewer pages.
    """
    touched = frozenset(change.paths)
    specific = touched.difference(shared)
    if not specific.isdisjoint(made_from):
        paths = specific
    elif SETTINGS in touched:
        return routes
    else:
        paths = touched
    positions = sorted({index for path in paths for index in made_from.get(path, ())})
    return [routes[position] for position in positions]


def _add_entry(
    root: Element, change: Change, pages: Sequence[Route], url: str, words: Words
) -> None:
    entry = add(root, "entry")
    add(entry, "id", _id(change.commit))
    add(entry, "title", plain(change.subject) or pages[0].title)
    add(entry, "updated", change.when.isoformat())
    add(entry, "link", rel="alternate", type="text/html", href=url + pages[0].url)
    division = add(add(entry, "content", type="xhtml"), "div", xmlns=_XHTML)
    items = add(division, "ul")
    for page in pages[:_MAX_PAGES]:
        add(add(items, "li"), "a", page.title, href=url + page.url)
    if more := len(pages[_MAX_PAGES:]):
        add(division, "p", counted(words.feed.more, more))


def _id(name: str) -> str:
    return uuid5(_ID_NAMESPACE, name).urn
