"""The description of the site's search for browsers: OpenSearch 1.1."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from codebook.book import urls
from codebook.book.summary import BookSummary
from codebook.site.feeds.xml import add, document, plain
from codebook.site.words import Words, fill

_NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
_TYPE = "application/opensearchdescription+xml"
_SHORT, _LONG, _DESCRIPTION = 16, 48, 1024
"""The maximum lengths of the two names and the description."""


def opensearch(book: BookSummary, words: Words, icon: str = "") -> bytes:
    """The description of the search, which the page of all codes provides.

    The book must have a base URL. `icon` is the URL of an ICO file, or empty.
    """
    settings = book.settings
    page = settings.url + urls.codes(settings.codes_path)
    root = Element("OpenSearchDescription", xmlns=_NAMESPACE)
    add(root, "ShortName", _cut(book.title, _SHORT))
    description = fill(words.opensearch.description, title=book.title)
    add(root, "Description", _cut(description, _DESCRIPTION))
    add(root, "Url", type="text/html", template=f"{page}?q={{searchTerms}}")
    add(root, "Url", type=_TYPE, rel="self", template=settings.url + urls.OPENSEARCH)
    add(root, "LongName", _cut(book.title, _LONG))
    if icon:
        add(root, "Image", settings.url + icon, width="16", height="16", type="image/x-icon")
    for number in list(book.codes)[:1]:
        add(root, "Query", role="example", searchTerms=str(number))
    add(root, "Language", settings.language)
    add(root, "OutputEncoding", "UTF-8")
    add(root, "InputEncoding", "UTF-8")
    return document(root)


def _cut(text: str, limit: int) -> str:
    """The text cut after the last whole word that fits, or inside the first word."""
    line = plain(text)
    if len(line) <= limit:
        return line
    return line[: limit + 1].rpartition(" ")[0] or line[:limit]
