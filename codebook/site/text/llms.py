"""The site for language models (llmstxt.org): a list of its texts, and all texts in one file.

The list has a title, a quote that describes the site, and sections of links with remarks. Links
that can be skipped for a shorter context are listed under "Optional".
"""

from __future__ import annotations

from itertools import groupby

from codebook.book import urls
from codebook.cache import Cache
from codebook.site.routes import AllCodes, PageTable, Route, shorten
from codebook.site.text.markdown_pages import markdown_texts
from codebook.site.text.markup import bullets, escape
from codebook.site.text.scope import FileScope, with_urls


def llms(page_table: PageTable) -> bytes:
    """The list: `llms.txt`."""
    home, *pages = (route for route in page_table.routes if route.markdown_url)
    scope = FileScope(page_table.site, urls.LLMS)
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
            f"## {section}\n\n{bullets(_item(route, scope) for route in routes)}"
            for section, routes in groupby(pages, key=lambda route: route.section)
        ),
        # The convention gives this heading its meaning, in every language.
        f"## Optional\n\n{bullets(optional)}",
    ]
    return ("\n\n".join(filter(None, blocks)) + "\n").encode()


def llms_full(cache: Cache, page_table: PageTable) -> bytes:
    """All texts: `llms-full.txt`. It omits the page of all codes, which repeats other pages."""
    return "\n".join(
        with_urls(text, urls.LLMS_FULL)
        for route, text in markdown_texts(cache, page_table)
        if not isinstance(route.subject, AllCodes)
    ).encode()


def _item(route: Route, scope: FileScope) -> str:
    remark = f": {escape(shorten(route.lead))}" if route.lead else ""
    return scope.link(route.title, route.markdown_url) + remark
