"""All documents into one book, and every disagreement between them.

`assemble` puts the parts together; each other module checks one relation and makes the part of
the book that rests on it.
"""

from __future__ import annotations

from types import MappingProxyType

from codebook.book.book import Book
from codebook.book.check.classes import chapters_of
from codebook.book.check.codes import described
from codebook.book.check.facts import compared_facts
from codebook.book.check.links import broken, places_of
from codebook.book.check.redirects import lost, redirects_of
from codebook.book.check.tables import names_of, unknown_columns, unknown_rows
from codebook.book.check.urls import collisions
from codebook.book.documents import Documents
from codebook.diagnostics.diagnostic import Parsed

__all__ = ["assemble"]


def assemble(documents: Documents) -> Parsed[Book]:
    """The book that the documents make; only without an error may pages be made of it."""
    names = names_of(documents)
    codes = described(documents, names.value)
    chapters = chapters_of(documents, codes.value)
    places = places_of(documents, chapters.value)
    redirects = redirects_of(documents, codes.value, places)
    first = documents.registers[0].title if documents.registers else ""
    book = Book(
        title=documents.settings.title or first,
        settings=documents.settings,
        home=documents.home,
        registers=documents.registers,
        chapters=chapters.value,
        codes=codes.value,
        guides=documents.guides,
        tables=documents.tables,
        facts=MappingProxyType({kind.key: kind for kind in documents.facts or ()}),
        places=places,
        redirects=redirects,
    )
    diagnostics = (
        *names.diagnostics,
        *codes.diagnostics,
        *chapters.diagnostics,
        *unknown_rows(documents, codes.value),
        *unknown_columns(documents),
        *compared_facts(documents, codes.value),
        *broken(documents, places),
        *lost(book, documents),
        *collisions(book),
    )
    return Parsed(book, diagnostics)
