"""Redirects to pages: from short URLs, from URLs made of names, and from former URLs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from msgspec import Struct

from codebook.book import urls
from codebook.book.book import Code
from codebook.book.settings import Settings
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


def former_redirects(
    settings: Settings, anchors: Mapping[tuple[PurePosixPath, str], str]
) -> Iterator[tuple[Redirect, Span]]:
    """The redirects from former URLs, each with the place in the sources that defines its URL.

    `anchors` are the URLs of documents and headings.
    """
    for moved in settings.moved:
        to = anchors.get((moved.target.path, moved.target.anchor))
        # A redirect can't match an anchor, because browsers don't send it.
        if to is not None and "#" not in moved.url.text:
            yield Redirect(moved.url.text, to, is_former=True), moved.url.span


def code_redirects(code: Code, prefix: str) -> Iterator[tuple[Redirect, Span]]:
    """The redirects from the short URL of a code, and from the URLs made from its names."""
    page = urls.code(prefix, code.number)
    article = code.article
    yield Redirect(urls.short_url(code.number), page), code.span
    if article and article.aliases is not None:
        for alias in article.aliases:
            yield Redirect(urls.name_url(prefix, alias.text), page), alias.span
        return
    names = [code.name, code.official_name]
    names += [former.name for former in article.formerly] if article else []
    spans = {urls.slug(article.known_as.text): article.known_as.span} if article else {}
    for slug in dict.fromkeys(map(urls.slug, names)):
        # A name can be a number: its URL is that of the page.
        if slug and slug != str(code.number):
            yield Redirect(urls.name_url(prefix, slug), page), spans.get(slug, code.span)
