"""Check the names of files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import PurePosixPath

from codebook.book.layout import (
    CLASSES,
    CODES,
    GUIDES,
    NUMBER,
    SLUG,
    TABLES,
    article_path,
    csv_path,
    is_register,
)
from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.diagnostics.source import Folder, Span

_LOCATIONS = frozenset(
    {
        (".", ".md"),
        (CODES, ".md"),
        (CLASSES, ".md"),
        (GUIDES, ".md"),
        (TABLES, ".md"),
        (TABLES, ".csv"),
    }
)
"""The folders and suffixes of documents."""

_FRONT_MATTER = b"```toml"
"""The start of a document with front matter, which registers don't have."""
_LICENSE = re.compile(r"LICEN[CS]E(?:\.txt)?", re.IGNORECASE)
"""A file that is allowed next to documents."""

_SUFFIXES: Mapping[str, str] = {
    ".csv": ".csv",
    ".markdown": ".md",
    ".md": ".md",
    ".mdown": ".md",
    ".text": ".md",
    ".txt": ".md",
}
"""The suffixes of documents, by other common suffixes of the same formats."""


def is_placed(path: PurePosixPath) -> bool:
    """Whether a document can be in this folder and have this suffix."""
    return (path.parent.as_posix(), path.suffix) in _LOCATIONS


def name_evidence(path: PurePosixPath, data: bytes) -> bytes:
    """Return the part of the content that affects the check: the start of a misplaced article."""
    return data[: len(_FRONT_MATTER)] if is_register(path) else b""


def name_diagnostics(path: PurePosixPath, folder: Folder) -> Iterator[Diagnostic]:
    """Report an invalid file name, or a table without its CSV file or page."""
    span = Span(folder.show(path))
    page, data = path.with_suffix(".md"), csv_path(path)
    is_half = path.suffix == ".csv" and page in folder.files
    if not is_placed(path):
        if not _LICENSE.fullmatch(path.name):
            yield Diagnostic(
                Rule.UNEXPECTED_FILE,
                span,
                "this file is ignored: a book has no files with this folder and extension",
                help=_move_help(path),
            )
    elif (
        NUMBER.fullmatch(path.stem)
        and folder.files[path].startswith(_FRONT_MATTER)
        and is_register(path)
    ):
        yield Diagnostic(
            Rule.INVALID_NAME,
            span,
            f"this looks like the article about code {path.stem}, but it is in the wrong folder",
            help=f"move the file to {article_path(int(path.stem))}",
        )
    elif path.parent.name in {GUIDES, TABLES} and not SLUG.fullmatch(path.stem) and not is_half:
        yield Diagnostic(
            Rule.INVALID_NAME,
            span,
            f'"{path.stem}" cannot be part of a URL',
            help=f"rename the file to {slug}{path.suffix}"
            if SLUG.fullmatch(slug := _slug(path.stem))
            else "use only lowercase letters, digits, and single hyphens in the name",
        )
    elif path.suffix == ".csv" and not is_half:
        help_text = f"describe the table in {folder.show(page)}"
        yield Diagnostic(Rule.MISSING_TABLE_PAGE, span, "this table has no page", help=help_text)
    elif path.parent.name == TABLES and data not in folder.files:
        help_text = f'add {folder.show(data)}, with "code" and the other columns in its first line'
        yield Diagnostic(
            Rule.MISSING_TABLE_DATA, span, "this table has no CSV file", help=help_text
        )


def _move_help(path: PurePosixPath) -> str:
    """The help for a file that isn't a document."""
    folders = sorted({folder for folder, _ in _LOCATIONS})
    near = get_close_matches(path.parent.as_posix(), folders, n=1)
    renamed = path.with_suffix(_SUFFIXES.get(path.suffix.lower(), path.suffix))
    if near and is_placed(similar := PurePosixPath(near[0], renamed.name)):
        return f"did you mean {similar}?"
    return "move it out of the content folder; README.md lists the files of a book"


def _slug(stem: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")


def missing_register(display_path: str) -> Diagnostic:
    """Return the diagnostic for a book without a register."""
    return Diagnostic(
        Rule.MISSING_REGISTER,
        Span(display_path),
        "the book has no register",
        help="add a Markdown file with a title, a list of classes, and the codes of each class",
    )
