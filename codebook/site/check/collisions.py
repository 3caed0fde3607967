"""URLs: no two pages are written to the same file."""

from __future__ import annotations

from collections.abc import Iterator

from codebook.book import urls
from codebook.diagnostics.diagnostic import Diagnostic, Note, Rule
from codebook.diagnostics.source import Span
from codebook.site.redirects import Redirect
from codebook.site.routes import PageTable


def collisions(table: PageTable) -> Iterator[Diagnostic]:
    """Pages that would be written to the same file, upper and lower case alike."""
    taken: dict[str, Span] = {}
    for route in table.routes:
        if route.span is None:
            continue
        path = urls.output_path(route.url).as_posix().casefold()
        if path not in taken:
            taken[path] = route.span
        elif isinstance(route.subject, Redirect):
            yield Diagnostic(
                Rule.DUPLICATE_ADDRESS,
                route.span,
                f"the address /{route.url} would lead to two pages",
                note=Note("the other page is about this", taken[path]),
                help="remove the line under [moved]"
                if route.subject.is_former
                else "give one of the codes other names for its address, in the head of its "
                "article: aliases = []",
            )
        else:
            yield Diagnostic(
                Rule.DUPLICATE_ADDRESS,
                route.span,
                f"two documents would be published at /{route.url}",
                note=Note("the other one is this", taken[path]),
                help="rename one of the files, or change `path` in book.toml",
            )
