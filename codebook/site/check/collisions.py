"""URLs: no two pages are written to the same file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from codebook.book import urls
from codebook.diagnostics.diagnostic import Diagnostic, Note, Rule
from codebook.diagnostics.source import Span
from codebook.site.redirects import Redirect
from codebook.site.routes import Route


def collisions(routes: Iterable[Route]) -> Iterator[Diagnostic]:
    """Pages that would be written to the same file, upper and lower case alike."""
    taken: dict[str, Span | None] = {}
    for route in routes:
        path = urls.output_path(route.url).as_posix().casefold()
        if path not in taken:
            taken[path] = route.span
            continue
        span = route.span or taken[path]
        if span is None:
            raise ValueError(f"the page table has two pages at /{route.url}")
        if isinstance(route.subject, Redirect):
            yield Diagnostic(
                Rule.DUPLICATE_URL,
                span,
                f"the address /{route.url} would lead to two pages",
                note=_note("the other page is about this", taken[path], span),
                help="remove the line under [moved]"
                if route.subject.is_former
                else "give one of the codes other names for its address, in the head of its "
                "article: aliases = []",
            )
        else:
            yield Diagnostic(
                Rule.DUPLICATE_URL,
                span,
                f"two documents would be published at /{route.url}",
                note=_note("the other one is this", taken[path], span),
                help="rename one of the files, or change `path` in book.toml",
            )


def _note(message: str, other: Span | None, span: Span) -> Note | None:
    """Where the other page comes from, unless every book has it."""
    return Note(message, other) if other and other is not span else None
