"""Redirects to pages: from short URLs, from URLs made of names, and from former URLs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from msgspec import Struct

from codebook.book import urls
from codebook.book.book import Book, Code
from codebook.cache import Cache, memoize_each
from codebook.diagnostics.source import Span


class Redirect(Struct, frozen=True):
    """A URL that redirects to a page."""

    url: str
    to: str
    """The URL of a page, or of a heading on it."""
    is_former: bool = False
    """Whether the page was once published at this URL."""

    @property
    def page(self) -> str:
        """The URL of the page, without the anchor."""
        return self.to.partition("#")[0]


def redirects(
    cache: Cache, book: Book, anchors: Mapping[tuple[PurePosixPath, str], str]
) -> Iterator[tuple[Redirect, Span]]:
    """The redirects of a book, each with the place in the sources that defines its URL.

    `anchors` are the URLs of documents and headings.
    """
    for code in book.codes.values():
        yield from _code_redirects(cache, code.number, code, book.settings.codes_path)
    for moved in book.settings.moved:
        to = anchors.get((moved.target.path, moved.target.anchor))
        # A redirect can't match an anchor, because browsers don't send it.
        if to is not None and "#" not in moved.url.text:
            yield Redirect(moved.url.text, to, is_former=True), moved.url.span


@memoize_each
def _code_redirects(
    _cache: Cache, number: int, code: Code, prefix: str
) -> Sequence[tuple[Redirect, Span]]:
    """The short URL of a code, and the URLs made from its names."""
    page = urls.code(prefix, number)
    article = code.article
    short = (urls.short_url(number), code.span)
    if article and article.aliases is not None:
        named = [(urls.name_url(prefix, alias.text), alias.span) for alias in article.aliases]
    else:
        names = [code.name, *(former.name for former in (article.formerly if article else ()))]
        named = [
            (urls.name_url(prefix, slug), code.span)
            for slug in dict.fromkeys(map(urls.slug, names))
            # A name can be a number: its URL is that of the page.
            if slug and slug != str(number)
        ]
    return [(Redirect(url, page), span) for url, span in (short, *named)]
