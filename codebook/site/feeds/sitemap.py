"""The sitemap for search engines: sitemaps.org, version 0.9."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from codebook.book.history import History
from codebook.site.feeds.xml import add, document
from codebook.site.routes import PageTable

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap(page_table: PageTable, history: History | None) -> bytes:
    """Every page by its canonical URL, with the date of its last change if known.

    The book must have a base URL.
    """
    root = Element("urlset", xmlns=_NAMESPACE)
    for route in page_table.indexed:
        url = add(root, "url")
        add(url, "loc", page_table.site.book.settings.url + route.url)
        modified = history and history.newest((*route.sources, *route.compared))
        if modified:
            add(url, "lastmod", modified.isoformat())
    return document(root)
