"""A content folder together with what it says: for those who change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from codebook.book.book import Book
from codebook.book.check import assemble
from codebook.book.documents import Documents
from codebook.book.parse import parse_documents
from codebook.cache.memory import Cache
from codebook.diagnostics.diagnostic import Diagnostic
from codebook.diagnostics.source import Folder, Source


@dataclass(frozen=True, slots=True)
class CheckedContent:
    """The files, the documents in them, and all that is wrong with them."""

    folder: Folder
    documents: Documents
    book: Book
    sources: Mapping[str, Source]
    """By their shown path."""
    diagnostics: tuple[Diagnostic, ...]
    memory: Cache

    @classmethod
    def of(cls, folder: Folder, memory: Cache | None = None) -> CheckedContent:
        """The folder, read."""
        memory = memory or Cache()
        read = parse_documents(folder, memory)
        book = assemble(read.value.documents)
        diagnostics = (*read.diagnostics, *book.diagnostics)
        return cls(
            folder, read.value.documents, book.value, read.value.sources, diagnostics, memory
        )

    def source(self, path: PurePosixPath) -> Source | None:
        """The text of a file; nothing where it could not be decoded."""
        return self.sources.get(self.folder.show(path))

    def with_files(self, files: Mapping[PurePosixPath, bytes]) -> CheckedContent:
        """The same with these files written; only they are read again."""
        together = dict(sorted({**self.folder.files, **files}.items()))
        return CheckedContent.of(replace(self.folder, files=together), self.memory)
