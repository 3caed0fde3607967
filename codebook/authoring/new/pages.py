"""New guides and tables: validation of their names, and their text."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from io import StringIO
from pathlib import PurePosixPath

from codebook.book import urls
from codebook.book.book import Book
from codebook.book.documents import CODE_COLUMN
from codebook.book.layout import (
    GUIDES,
    RESERVED_NAMES,
    SLUG,
    TABLES,
    article_path,
    csv_path,
    is_readme,
)
from codebook.syntax.toml import toml_string

TODO = "TODO"
"""Marks text that the author must write."""


def name_error(name: str) -> tuple[str, str] | None:
    """The error in the name of a new guide or table, and help with a valid example."""
    if name in RESERVED_NAMES:
        return f'"{name}" is a reserved file name on Windows', f"add a word, as in {name}-codes"
    if is_readme(PurePosixPath(f"{name}.md")):
        return (
            f"a file with the name {name}.md is not part of a book",
            f"add a word, as in {name.lower()}-codes",
        )
    if SLUG.fullmatch(name):
        return None
    slug = urls.slug(name.removesuffix(".md"))
    example = slug if slug and slug not in RESERVED_NAMES else "which-code"
    return (
        f'"{name}" cannot be part of a URL',
        f"use lowercase letters, digits, and single hyphens, as in {example}",
    )


def guide(book: Book, name: str) -> Mapping[PurePosixPath, str]:
    """The file of a new guide."""
    links = [f"[{number}](../{article_path(number)})" for number in book.codes][:1]
    example = f", with links to codes: {links[0]}" if links else ""
    text = f"# {_title(name)}\n\n{TODO}: introduce the topic in a paragraph{example}.\n"
    return {PurePosixPath(GUIDES, f"{name}.md"): text}


def table(book: Book, name: str, today: date) -> Mapping[PurePosixPath, str]:
    """The two files of a new table whose source was read `today`: first the data, then the page."""
    page = PurePosixPath(TABLES, f"{name}.md")
    head = [
        "```toml",
        f"title = {toml_string(_title(name))}",
        f"source = {toml_string(f'{TODO}: the source of the rows')}",
        f"read = {today.isoformat()}",
        f"license = {toml_string(f'{TODO}: the license of the source')}",
        "",
        "[columns]",
        f'{CODE_COLUMN} = "Code"',
        'note = "Note"',
        "```",
    ]
    text = "\n".join([*head, "", f"{TODO}: describe the table.", ""])
    data = StringIO()
    rows = [[str(number), TODO] for number in book.codes][:1]
    csv.writer(data, lineterminator="\n").writerows([[CODE_COLUMN, "note"], *rows])
    return {csv_path(page): data.getvalue(), page: text}


def _title(name: str) -> str:
    """The title for a file name."""
    text = name.replace("-", " ")
    return text[:1].upper() + text[1:]
