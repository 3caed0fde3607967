"""Check that no two pages are written to the same file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from codebook.book import urls
from codebook.diagnostics.diagnostic import Diagnostic, Note, Rule
from codebook.diagnostics.source import Span
from codebook.site.redirects import Redirect
from codebook.site.routes import Route


def collisions(routes: Iterable[Route]) -> Iterator[Diagnostic]:
    """Report pages that would be written to the same file, ignoring case."""
    taken: dict[str, Span | None] = {}
    for route in routes:
        path = _file(route.url)
        if path not in taken:
            taken[path] = route.span
            continue
        span = route.span or taken[path]
        if span is None:
            raise ValueError(f"the page table has two pages at /{route.url}")
        yield Diagnostic(
            Rule.DUPLICATE_URL,
            span,
            f"two pages would use the URL /{route.url}",
            note=_note("the URL is also used here", taken[path], span),
            help="remove the line under [moved]"
            if isinstance(route.subject, Redirect) and route.subject.is_former
            else "set `aliases` in the front matter of one article to the names that no other "
            "code has, or to [] if there are none",
        )


@cache
def _file(url: str) -> str:
    """The file of a page, in lowercase."""
    return urls.output_path(url).as_posix().casefold()


def _note(message: str, other: Span | None, span: Span) -> Note | None:
    """A note that points to the source of the other page, unless every book has that page."""
    return Note(message, other) if other and other is not span else None
