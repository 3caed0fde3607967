"""Check the documents against each other, and join them into a book.

Each of the other modules checks one kind of relation, and builds the corresponding part of the
book.
"""

from __future__ import annotations

from types import MappingProxyType

from codebook.book.book import Book
from codebook.book.check.classes import join_chapters
from codebook.book.check.codes import join_codes
from codebook.book.check.facts import check_comparisons, check_settings
from codebook.book.check.order import ordered_guides, ordered_tables
from codebook.book.check.tables import check_columns, check_rows, names_by_code
from codebook.book.documents import Documents
from codebook.cache import Cache, memoize
from codebook.diagnostics.diagnostic import Parsed

__all__ = ["assemble"]


@memoize
def assemble(cache: Cache, documents: Documents) -> Parsed[Book]:
    """Join the documents into a book. Pages are built only if there is no error."""
    names = names_by_code(documents)
    guides, tables = ordered_guides(documents), ordered_tables(documents)
    codes = join_codes(cache, documents, guides.value, names.value)
    chapters = join_chapters(documents, codes.value)
    first_title = documents.registers[0].title if documents.registers else ""
    book = Book(
        title=documents.settings.title or first_title,
        settings=documents.settings,
        home=documents.home,
        registers=documents.registers,
        chapters=chapters.value,
        codes=codes.value,
        guides=guides.value,
        tables=tables.value,
        facts=MappingProxyType({kind.key: kind for kind in documents.facts}),
    )
    diagnostics = (
        *names.diagnostics,
        *guides.diagnostics,
        *tables.diagnostics,
        *codes.diagnostics,
        *chapters.diagnostics,
        *check_rows(documents, codes.value),
        *check_columns(documents),
        *check_comparisons(documents, codes.value),
        *check_settings(documents, codes.value),
    )
    return Parsed(book, diagnostics)
