"""The pages of a site for search engines: sitemaps.org, version 0.9."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from codebook.book import Book
from codebook.catalogue import Listed, catalogue
from codebook.history import History
from codebook.machines.elements import add, document

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap(book: Book, history: History | None) -> bytes:
    """Every page under its one address, and when it last changed where that is known.

    The book must know its public address.
    """
    root = Element("urlset", xmlns=_NAMESPACE)
    for page in catalogue(book):
        url = add(root, "url")
        add(url, "loc", book.settings.url + page.address)
        if modified := _modified(page, history):
            add(url, "lastmod", modified)
    return document(root)


def _modified(page: Listed, history: History | None) -> str:
    """When the newest of its files changed; empty where that of any is unknown."""
    if history is None or not page.made_from or set(page.made_from) - history.dates.keys():
        return ""
    return max(history.dates[path] for path in page.made_from).isoformat()
