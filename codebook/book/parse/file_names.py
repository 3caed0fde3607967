"""What the names of a book's files alone show to be wrong."""

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

_PLACES = frozenset(
    {
        (".", ".md"),
        (CODES, ".md"),
        (CLASSES, ".md"),
        (GUIDES, ".md"),
        (TABLES, ".md"),
        (TABLES, ".csv"),
    }
)

_HEAD = b"```toml"
"""How a document begins that has a head; registers have none."""
_SILENT = re.compile(r"(?:.*/)?(?:\.[^/]*|LICEN[CS]E(?:\.txt)?)", re.IGNORECASE)
"""Files that may lie beside the documents: licences, and whatever begins with a dot."""


_ENDINGS: Mapping[str, str] = {
    ".csv": ".csv",
    ".markdown": ".md",
    ".md": ".md",
    ".mdown": ".md",
    ".text": ".md",
    ".txt": ".md",
}
"""The endings of documents, by those that are taken for them."""


def is_placed(path: PurePosixPath) -> bool:
    """Whether documents have this place and ending."""
    return (path.parent.as_posix(), path.suffix) in _PLACES


def faults(path: PurePosixPath, folder: Folder) -> Iterator[Diagnostic]:
    """What is wrong with a file's name, or missing beside it."""
    span = Span(folder.show(path))
    page, data = path.with_suffix(".md"), csv_path(path)
    is_half = path.suffix == ".csv" and page in folder.files
    if not is_placed(path):
        if not _SILENT.fullmatch(path.as_posix()):
            yield Diagnostic(
                Rule.UNEXPECTED_FILE,
                span,
                "this file is not read: no document has this place and ending",
                help=_renamed(path),
            )
    elif NUMBER.fullmatch(path.stem) and folder.files[path].startswith(_HEAD) and is_register(path):
        yield Diagnostic(
            Rule.INVALID_NAME,
            span,
            f"this seems to be the article about code {path.stem}, and is not where articles are",
            help=f"move the file: {article_path(int(path.stem))}",
        )
    elif path.parent.name in {GUIDES, TABLES} and not SLUG.fullmatch(path.stem) and not is_half:
        yield Diagnostic(
            Rule.INVALID_NAME,
            span,
            f'"{path.stem}" cannot be part of an address',
            help=f"rename the file: {slug}{path.suffix}"
            if SLUG.fullmatch(slug := _slug(path.stem))
            else "name it in lower-case letters, digits and single hyphens",
        )
    elif path.suffix == ".csv" and not is_half:
        cure = f"add {folder.show(page)} with a head that says what it is and where it is from"
        yield Diagnostic(Rule.MISSING_TABLE_PAGE, span, "this table has no page", help=cure)
    elif path.parent.name == TABLES and data not in folder.files:
        cure = f'add {folder.show(data)}, with "code" and the other columns in its first line'
        yield Diagnostic(Rule.MISSING_TABLE_DATA, span, "this page has no table", help=cure)


def _renamed(path: PurePosixPath) -> str:
    """What to do with a file that is no document."""
    folder = path.parent.as_posix()
    near = get_close_matches(folder, sorted({place for place, _ in _PLACES}), n=1)
    named = path.with_suffix(_ENDINGS.get(path.suffix.lower(), path.suffix))
    if near and is_placed(meant := PurePosixPath(near[0], named.name)):
        return f"did you mean {meant}?"
    return "move it out of the folder; README.md says which files a book has"


def _slug(stem: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")


def no_register(shown: str) -> Diagnostic:
    """The problem of a book in which nothing says which codes there are."""
    return Diagnostic(
        Rule.MISSING_REGISTER,
        Span(shown),
        "the book has no register",
        help="add a Markdown file with a title, a list of classes, and the codes of each class",
    )
