"""The site for language models (llmstxt.org): a list of its texts, and all texts in one file.

The list has a title, a quote that describes the site, and sections of links with remarks. Links
that can be skipped for a shorter context are listed under "Optional".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from msgspec import Struct

from codebook.book import urls
from codebook.cache import Cache, Packed
from codebook.site.routes import AllCodes, PageList, PageTable, Site, first_sentences
from codebook.site.text.markdown_pages import markdown_texts
from codebook.site.text.markup import bullets, escape
from codebook.site.text.scope import FileScope, with_urls

_FULL_TEXT = "full text"
"""The stage that makes a part of the file of all texts."""


class ListedPage(Struct, frozen=True):
    """A page as the list shows it."""

    title: str
    lead: str
    url: str
    """The URL of the Markdown version."""
    section: str
    """The heading that the page is listed under; empty for the home page."""


def listed_pages(page_table: PageTable) -> tuple[ListedPage, ...]:
    """The pages of the list, the home page first."""
    return tuple(
        ListedPage(route.title, route.lead, route.markdown_url, route.section)
        for route in page_table.routes
        if route.markdown_url
    )


def llms(listed: Sequence[ListedPage], site: Site) -> bytes:
    """The list: `llms.txt`."""
    home, *pages = listed
    scope = FileScope(site, urls.LLMS)
    words = scope.site.words.llms
    files = (
        (urls.API_INDEX, words.index),
        (urls.OPENAPI, words.openapi),
        (urls.LLMS_FULL, words.full),
    )
    optional = (f"{scope.link(url.rpartition('/')[2], url)}: {text}" for url, text in files)
    blocks = [
        f"# {escape(scope.book.title)}",
        f"> {escape(home.lead)}" if home.lead else "",
        words.versions,
        *(
            f"## {section}\n\n{bullets(_item(page, scope) for page in group)}"
            for section, group in groupby(pages, key=lambda page: page.section)
        ),
        # The convention gives this heading its meaning, in every language.
        f"## Optional\n\n{bullets(optional)}",
    ]
    return ("\n\n".join(filter(None, blocks)) + "\n").encode()


def full_texts(cache: Cache, page_table: PageTable) -> tuple[tuple[str, Packed[str]], ...]:
    """Each page and its text, except for lists, which repeat other pages."""
    return tuple(
        (route.url, text)
        for route, text in markdown_texts(cache, page_table)
        if not isinstance(route.subject, AllCodes | PageList)
    )


def llms_full(cache: Cache, texts: Iterable[tuple[str, Packed[str]]]) -> bytes:
    """All texts: `llms-full.txt`."""
    return b"\n".join(_full_text(cache, url, text) for url, text in texts)


def _full_text(cache: Cache, url: str, text: Packed[str]) -> bytes:
    def make() -> bytes:
        return with_urls(text.unpack(str), urls.LLMS_FULL).encode()

    return cache.find_or_make(_FULL_TEXT, url, (text,), make)


def _item(page: ListedPage, scope: FileScope) -> str:
    remark = f": {escape(first_sentences(page.lead))}" if page.lead else ""
    return scope.link(page.title, page.url) + remark
