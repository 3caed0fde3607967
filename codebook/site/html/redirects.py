"""The pages that lead on: for hosts that can do nothing but send files."""

from __future__ import annotations

from collections.abc import Iterator

from codebook.site.html.contexts import Page, RedirectPage
from codebook.site.html.site import Site
from codebook.site.routes import routes


def redirects(site: Site) -> Iterator[Page]:
    """A page for every address that leads to another one."""
    book = site.book
    titles = {page.address: page.title for page in routes(book)}
    for each in book.redirects:
        url = site.at(each.address).url(each.to)
        page = each.to.partition("#")[0]
        context = RedirectPage(
            language=book.settings.language,
            title=titles[page],
            url=url,
            canonical=book.settings.url + page if book.settings.url else url.partition("#")[0],
        )
        yield Page(each.address, "redirect.html", context, None)
