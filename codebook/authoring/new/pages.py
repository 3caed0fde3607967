"""New guides and tables: a title from the name, a paragraph, a code that exists."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from io import StringIO
from pathlib import PurePosixPath

from codebook.authoring.new.words import MARK, quoted, title_of
from codebook.book.book import Book
from codebook.book.documents import CODE_COLUMN
from codebook.book.layout import GUIDES, TABLES, article_path, csv_path


def guide(book: Book, name: str) -> Mapping[PurePosixPath, str]:
    """The file of a new guide."""
    links = [f"[{number}](../{article_path(number)})" for number in book.codes][:1]
    example = f", with links to codes: {links[0]}" if links else ""
    text = f"# {title_of(name)}\n\n{MARK}: say in a paragraph what this is about{example}.\n"
    return {PurePosixPath(GUIDES, f"{name}.md"): text}


def table(book: Book, name: str, today: date) -> Mapping[PurePosixPath, str]:
    """The two files of a new table, which was read `today`: the data, and its page after it."""
    page = PurePosixPath(TABLES, f"{name}.md")
    head = [
        "```toml",
        f"title = {quoted(title_of(name))}",
        f"source = {quoted(f'{MARK}: where the rows are from')}",
        f"read = {today.isoformat()}",
        f"licence = {quoted(f'{MARK}: what the source allows')}",
        "",
        "[columns]",
        f'{CODE_COLUMN} = "Code"',
        'note = "Note"',
        "```",
    ]
    text = "\n".join([*head, "", f"{MARK}: say what the table shows.", ""])
    data = StringIO()
    rows = [[str(number), MARK] for number in book.codes][:1]
    csv.writer(data, lineterminator="\n").writerows([[CODE_COLUMN, "note"], *rows])
    return {csv_path(page): data.getvalue(), page: text}
