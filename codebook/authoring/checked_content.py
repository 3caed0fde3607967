"""A parsed and checked content folder, for commands that change it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from codebook.book.book import Book
from codebook.book.check import assemble
from codebook.book.documents import Documents
from codebook.book.parse import parse_documents
from codebook.cache import Cache
from codebook.diagnostics.diagnostic import Diagnostic
from codebook.diagnostics.source import Folder, Source
from codebook.site.check import check_pages
from codebook.site.routes import Site, page_table
from codebook.site.words import keys
from codebook.syntax.decode import decode, sources_of


class CheckedContent(Struct, frozen=True):
    """The files, the documents in them, and their diagnostics."""

    folder: Folder
    documents: Documents
    book: Book
    site: Site
    diagnostics: tuple[Diagnostic, ...]
    cache: Cache

    @classmethod
    def of(cls, folder: Folder, cache: Cache | None = None) -> CheckedContent:
        """Parse and check the folder."""
        cache = cache or Cache()
        parsed = parse_documents(cache, folder)
        documents = parsed.value
        book = assemble(cache, documents)
        table = page_table(cache, book.value, keys())
        diagnostics = (
            *parsed.diagnostics,
            *book.diagnostics,
            *check_pages(cache, table, documents),
        )
        return cls(folder, documents, book.value, table.site, diagnostics, cache)

    def source(self, path: PurePosixPath) -> Source | None:
        """The source of a file, or None if it couldn't be decoded."""
        data = self.folder.files.get(path)
        decoded = (
            decode(self.cache, self.folder.show(path), path, data) if data is not None else None
        )
        return next(iter(decoded.value), None) if decoded else None

    @property
    def sources(self) -> Mapping[str, Source]:
        """The files that the diagnostics point to, by display path."""
        return sources_of(self.folder, self.diagnostics)

    def with_files(self, files: Mapping[PurePosixPath, bytes]) -> CheckedContent:
        """The content with these files replaced or added; only they are parsed again."""
        if not files:
            return self
        merged = dict(sorted({**self.folder.files, **files}.items()))
        return CheckedContent.of(replace(self.folder, files=merged), self.cache)
