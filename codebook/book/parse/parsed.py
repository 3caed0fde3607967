"""What parsers are given, and what they return."""

from __future__ import annotations

from msgspec import Struct

from codebook.book.documents import Article, ClassText, Guide, Register, Table
from codebook.diagnostics.diagnostic import Diagnostic

Document = Register | Article | ClassText | Guide | Table
"""A document of a file."""


class File(Struct, frozen=True):
    """A file, and everything else that its meaning depends on."""

    display_path: str
    name_errors: tuple[Diagnostic, ...]
    data: bytes | None
    """None if it isn't a text of the book."""
    csv: bytes | None
    """The CSV file if the file is the page of a table."""
    headings: tuple[str, ...]
    """The allowed headings of articles, from the settings."""


class ParsedFile(Struct, frozen=True):
    """What a file contains."""

    document: Document | None
    """None if it's the CSV file of a table or can't be parsed."""
    diagnostics: tuple[Diagnostic, ...]
    is_decoded: bool = True
