"""Addresses: no two documents are published at the same one."""

from __future__ import annotations

from collections.abc import Iterator

from codebook.book import urls
from codebook.book.book import Book
from codebook.diagnostics.diagnostic import Diagnostic, Note, Rule
from codebook.diagnostics.source import Span


def collisions(book: Book) -> Iterator[Diagnostic]:
    """Pages that would be written to the same file, upper and lower case alike."""
    taken: dict[str, Span] = {}
    for address, span in _claims(book):
        path = urls.output_path(address).as_posix().casefold()
        if path in taken:
            yield Diagnostic(
                Rule.DUPLICATE_ADDRESS,
                span,
                f"two documents would be published at /{address}",
                note=Note("the other one is this", taken[path]),
                help="rename one of the files, or change `path` in book.toml",
            )
        taken.setdefault(path, span)
    for redirect in book.redirects:
        path = urls.output_path(redirect.address).as_posix().casefold()
        if path in taken:
            yield Diagnostic(
                Rule.DUPLICATE_ADDRESS,
                redirect.span,
                f"the address /{redirect.address} would lead to two pages",
                note=Note("the other page is about this", taken[path]),
                help="remove the line under [moved]"
                if redirect.is_former
                else "give one of the codes other names for its address, in the head of its "
                "article: aliases = []",
            )
        taken.setdefault(path, redirect.span)


def _claims(book: Book) -> Iterator[tuple[str, Span]]:
    first = book.settings.path
    yield from ((urls.codes(first), each.code_class.span) for each in book.chapters[:1])
    for chapter in book.chapters:
        yield urls.code_class(first, chapter.code_class.label), chapter.code_class.span
    for code in book.codes.values():
        yield urls.code(first, code.number), code.span
    for guide in book.guides:
        yield urls.guide(guide.slug), guide.span
    for table in book.tables:
        yield urls.table(table.slug), table.span
