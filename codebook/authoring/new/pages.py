"""New guides and tables: what they may be called, and their text, with a code that exists."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from datetime import date
from io import StringIO
from pathlib import PurePosixPath

from codebook.book import urls
from codebook.book.book import Book
from codebook.book.documents import CODE_COLUMN
from codebook.book.layout import GUIDES, SLUG, TABLES, article_path, csv_path

TODO = "TODO"
"""Marks wherever a person has to go on."""

_RESERVED_NAMES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)
"""What Windows takes for a device, whatever comes after the dot."""


def name_error(name: str) -> tuple[str, str] | None:
    """What is wrong with the name of a new guide or table, and what a good one is like."""
    if name in _RESERVED_NAMES:
        return f'no file can have the name "{name}" on Windows', f"add a word: {name}-codes"
    if SLUG.fullmatch(name):
        return None
    slug = urls.slug(name.removesuffix(".md"))
    example = slug if slug and slug not in _RESERVED_NAMES else "which-code"
    return (
        f'"{name}" cannot be part of an address',
        f"use lower-case letters, digits and single hyphens: {example}",
    )


def guide(book: Book, name: str) -> Mapping[PurePosixPath, str]:
    """The file of a new guide."""
    links = [f"[{number}](../{article_path(number)})" for number in book.codes][:1]
    example = f", with links to codes: {links[0]}" if links else ""
    text = f"# {_title(name)}\n\n{TODO}: say in a paragraph what this is about{example}.\n"
    return {PurePosixPath(GUIDES, f"{name}.md"): text}


def table(book: Book, name: str, today: date) -> Mapping[PurePosixPath, str]:
    """The two files of a new table, which was read `today`: the data, and its page after it."""
    page = PurePosixPath(TABLES, f"{name}.md")
    head = [
        "```toml",
        f"title = {toml_string(_title(name))}",
        f"source = {toml_string(f'{TODO}: where the rows are from')}",
        f"read = {today.isoformat()}",
        f"license = {toml_string(f'{TODO}: what the source allows')}",
        "",
        "[columns]",
        f'{CODE_COLUMN} = "Code"',
        'note = "Note"',
        "```",
    ]
    text = "\n".join([*head, "", f"{TODO}: say what the table shows.", ""])
    data = StringIO()
    rows = [[str(number), TODO] for number in book.codes][:1]
    csv.writer(data, lineterminator="\n").writerows([[CODE_COLUMN, "note"], *rows])
    return {csv_path(page): data.getvalue(), page: text}


def toml_string(text: str) -> str:
    """The text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False)


def _title(name: str) -> str:
    """The name of a file as a title."""
    text = name.replace("-", " ")
    return text[:1].upper() + text[1:]
