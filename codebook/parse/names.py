"""What the names of a book's files alone show to be wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from codebook.layout import CLASSES, CODES, GUIDES, SLUG, TABLES, table_data
from codebook.problems import Problem, Rule
from codebook.source import Folder, Span

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

_SILENT = re.compile(r"(?:.*/)?(?:\.[^/]*|LICEN[CS]E(?:\.txt)?)", re.IGNORECASE)
"""Files that may lie beside the documents: licences, and whatever begins with a dot."""


def is_placed(path: PurePosixPath) -> bool:
    """Whether documents have this place and ending."""
    return (path.parent.as_posix(), path.suffix) in _PLACES


def faults(path: PurePosixPath, folder: Folder) -> Iterator[Problem]:
    """What is wrong with a file's name, or missing beside it."""
    span = Span(folder.show(path))
    page, data = path.with_suffix(".md"), table_data(path)
    is_half = path.suffix == ".csv" and page in folder.files
    if not is_placed(path):
        if not _SILENT.fullmatch(path.as_posix()):
            yield Problem(
                Rule.UNEXPECTED_FILE,
                span,
                "this file is not read: nothing in a book has this place and ending",
                help="move it out of the book, or see which files a book has in the README",
            )
    elif path.parent.name in {GUIDES, TABLES} and not SLUG.fullmatch(path.stem) and not is_half:
        yield Problem(
            Rule.INVALID_NAME,
            span,
            f'"{path.stem}" cannot be part of an address',
            help="use lower-case letters, digits and single hyphens",
        )
    elif path.suffix == ".csv" and not is_half:
        cure = f"add {folder.show(page)}, which says what the table is and where it is from"
        yield Problem(Rule.MISSING_TABLE_PAGE, span, "this table has no page", help=cure)
    elif path.parent.name == TABLES and data not in folder.files:
        cure = f"add {folder.show(data)}"
        yield Problem(Rule.MISSING_TABLE_DATA, span, "this page has no table", help=cure)


def no_register(shown: str) -> Problem:
    """The problem of a book in which nothing says which codes there are."""
    return Problem(
        Rule.MISSING_REGISTER,
        Span(shown),
        "the book has no register",
        help="add a Markdown file that lists the classes and describes the codes",
    )
