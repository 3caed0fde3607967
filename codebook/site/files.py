"""What programs read of a book: records, Markdown, and lists of pages. Nothing here is HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import PurePosixPath

from codebook.book import urls
from codebook.book.book import Book
from codebook.book.history import History
from codebook.cache.memory import Cache
from codebook.site.api.api import records
from codebook.site.api.schema import schemas
from codebook.site.feeds.atom import feed
from codebook.site.feeds.opensearch import opensearch
from codebook.site.feeds.sitemap import sitemap
from codebook.site.feeds.well_known import robots, security
from codebook.site.routes import Route
from codebook.site.text.llms import llms, llms_full
from codebook.site.text.markdown_pages import twins

__all__ = ["files"]


def files(  # noqa: PLR0913 - the book is given in two cuts, and by its pages
    listed: Sequence[Route],
    book: Book,
    outline: Book,
    memory: Cache,
    *,
    history: History | None,
    icon: str,
) -> Mapping[PurePosixPath, bytes]:
    """Every file for programs, by its path.

    The book is one whose texts are apart, `listed` are its pages, `outline` is its outline. What
    has to name pages in full is there only where the public address is known. `icon` is the
    address of the site's ICO file, or empty.
    """
    return {
        **twins(listed, book, outline, memory),
        PurePosixPath(urls.LLMS): memory.recall(
            ("llms",),
            [(page.address, page.title, page.summary) for page in listed],
            lambda: llms(listed, outline).encode(),
            outline,
        ),
        PurePosixPath(urls.LLMS_FULL): llms_full(listed, book, outline, memory),
        **records(listed, book, outline, memory),
        **memory.recall(("schemas",), None, partial(schemas, outline), outline),
        **{PurePosixPath(at): data for at, data in _indexes(book, history, icon)},
    }


def _indexes(book: Book, history: History | None, icon: str) -> Iterator[tuple[str, bytes]]:
    if not book.settings.url:
        return
    yield urls.SITEMAP, sitemap(book, history)
    yield urls.ROBOTS, robots(book)
    yield urls.OPENSEARCH, opensearch(book, icon)
    if history:
        yield urls.FEED, feed(book, history)
    if (notice := security(book)) is not None:
        yield urls.SECURITY, notice
