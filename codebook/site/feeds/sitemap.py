"""The pages of a site for search engines: sitemaps.org, version 0.9."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from codebook.book.book import Book
from codebook.book.history import History
from codebook.site.feeds.xml import add, document
from codebook.site.routes import routes

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap(book: Book, history: History | None) -> bytes:
    """Every page under its one address, and when it last changed where that is known.

    The book must know its public address.
    """
    root = Element("urlset", xmlns=_NAMESPACE)
    for page in routes(book):
        url = add(root, "url")
        add(url, "loc", book.settings.url + page.address)
        if history and (modified := history.newest(page.made_from)):
            add(url, "lastmod", modified.isoformat())
    return document(root)
