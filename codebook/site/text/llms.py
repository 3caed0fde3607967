"""The site for language models, by the convention of llmstxt.org: a list of its texts, and all.

The list is a title, a quote that says what the site is, and sections of links with remarks; what
may be left out for a shorter context stands under "Optional".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from codebook.book import urls
from codebook.book.book import Book
from codebook.cache.memory import Cache
from codebook.site.routes import Kind, Route
from codebook.site.shorten import shortened
from codebook.site.text import markup
from codebook.site.text.markdown_pages import twin

_LONGEST = 160
"""Characters of a remark."""


def llms(listed: Sequence[Route], book: Book) -> str:
    """The list: `llms.txt`."""
    pages = [page for page in listed if page.kind is not Kind.HOME]
    home = listed[0]
    records = (
        (urls.API_INDEX, "Index of all records, as JSON"),
        (urls.OPENAPI, "What records there are and what they hold, as OpenAPI"),
        (urls.LLMS_FULL, "All texts of this site in one file"),
    )
    blocks = [
        f"# {markup.words(book.title)}",
        f"> {markup.words(home.summary)}" if home.summary else "",
        "Each page is there as Markdown too: `index.md` behind the address of the page.",
        *(
            f"## {title}\n\n{_list(_item(page, book) for page in found)}"
            for title, found in _sections(pages)
        ),
        f"## Optional\n\n{_list(_file(address, words, book) for address, words in records)}",
    ]
    return "\n\n".join(filter(None, blocks)) + "\n"


def llms_full(listed: Iterable[Route], book: Book, outline: Book, memory: Cache) -> bytes:
    """Every text: `llms-full.txt`. The page of all codes would say everything twice."""
    texts = (
        twin(page, book, outline, urls.LLMS_FULL, memory)
        for page in listed
        if page.kind is not Kind.CODES
    )
    return b"\n".join(texts)


def _sections(pages: Iterable[Route]) -> Iterator[tuple[str, list[Route]]]:
    titles = {
        Kind.CODES: "Codes",
        Kind.CLASS: "Codes",
        Kind.CODE: "Codes",
        Kind.GUIDE: "Guides",
        Kind.TABLE: "Tables",
    }
    for title, found in groupby(pages, key=lambda page: titles[page.kind]):
        yield title, list(found)


def _item(page: Route, book: Book) -> str:
    url = urls.absolute_or_relative(book.settings.url, urls.LLMS, urls.markdown_url(page.address))
    remark = f": {markup.words(shortened(page.summary, _LONGEST))}" if page.summary else ""
    return markup.link(page.title, url) + remark


def _file(address: str, words: str, book: Book) -> str:
    url = urls.absolute_or_relative(book.settings.url, urls.LLMS, address)
    return f"{markup.link(address.rpartition('/')[2], url)}: {words}"


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)
