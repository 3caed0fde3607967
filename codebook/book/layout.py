"""Which file of a book holds what, by its path below the content folder.

book.toml             settings
urls.txt         every URL that was ever published
facts.toml            the kinds of facts
index.md              the text of the home page
NAME.md               a register
codes/NUMBER.md       an article
classes/LABEL.md      the text of a class: classes/4xx.md
guides/NAME.md        a guide
tables/NAME.md, .csv  a table
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import PurePosixPath

PUBLISHED_URLS = PurePosixPath("urls.txt")
SETTINGS = PurePosixPath("book.toml")
FACTS = PurePosixPath("facts.toml")
HOME = PurePosixPath("index.md")

CODES, CLASSES, GUIDES, TABLES = "codes", "classes", "guides", "tables"

NUMBER = re.compile(r"[1-9][0-9]{0,8}")
"""A code as it is written everywhere: no sign, no leading zero."""
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""One segment of a page's URL."""


def is_register(path: PurePosixPath) -> bool:
    """Whether the file at this path is a register."""
    return len(path.parts) == 1 and path.suffix == ".md" and path != HOME


@cache
def article_path(number: int) -> PurePosixPath:
    """The file that a link to a code names, whether or not the article exists."""
    return PurePosixPath(CODES, f"{number}.md")


@cache
def article_number(path: PurePosixPath) -> int | None:
    """The code whose article belongs at this path; None where no article belongs there."""
    is_article = path.parent.as_posix() == CODES and NUMBER.fullmatch(path.stem)
    return int(path.stem) if is_article else None


def class_text_path(label: str) -> PurePosixPath:
    """The file that a link to a class names, whether or not its text exists."""
    return PurePosixPath(CLASSES, f"{label}.md")


@cache
def csv_path(page: PurePosixPath) -> PurePosixPath:
    """The CSV file of a table's page."""
    return page.parent / f"{page.stem}.csv"
