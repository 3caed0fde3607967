"""A content folder together with what it says: for those who change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from codebook.book.book import Book
from codebook.book.check import assemble
from codebook.book.documents import Documents
from codebook.book.parse import documents
from codebook.cache.memory import Memory
from codebook.diagnostics.diagnostic import Problem
from codebook.diagnostics.source import Folder, Source


@dataclass(frozen=True, slots=True)
class Manuscript:
    """The files, the documents in them, and all that is wrong with them."""

    folder: Folder
    documents: Documents
    book: Book
    sources: Mapping[str, Source]
    """By their shown path."""
    problems: tuple[Problem, ...]
    memory: Memory

    @classmethod
    def of(cls, folder: Folder, memory: Memory | None = None) -> Manuscript:
        """The folder, read."""
        memory = memory or Memory()
        read = documents(folder, memory)
        book = assemble(read.value.documents)
        problems = (*read.problems, *book.problems)
        return cls(folder, read.value.documents, book.value, read.value.sources, problems, memory)

    def source(self, path: PurePosixPath) -> Source | None:
        """The text of a file; nothing where it could not be decoded."""
        return self.sources.get(self.folder.show(path))

    def with_files(self, files: Mapping[PurePosixPath, bytes]) -> Manuscript:
        """The same with these files written; only they are read again."""
        together = dict(sorted({**self.folder.files, **files}.items()))
        return Manuscript.of(replace(self.folder, files=together), self.memory)
