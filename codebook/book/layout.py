"""The files of a book, by path relative to the content folder.

book.toml             settings
addresses.txt         every published URL
facts.toml            the declarations of facts
index.md              the text of the home page
NAME.md               a register
codes/NUMBER.md       an article
classes/LABEL.md      the text of a class: classes/4xx.md, classes/0-16.md
guides/NAME.md        a guide
tables/NAME.md, .csv  a table
README.md             in any folder: about its files, for readers of the repository; never published
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import PurePosixPath

PUBLISHED_URLS = PurePosixPath("addresses.txt")
SETTINGS = PurePosixPath("book.toml")
FACTS = PurePosixPath("facts.toml")
HOME = PurePosixPath("index.md")

CODES, CLASSES, GUIDES, TABLES = "codes", "classes", "guides", "tables"

NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
"""A code, without a sign or leading zeros."""
LABEL = re.compile(rf"[1-9][0-9]*x+|(?:{NUMBER.pattern})-(?:{NUMBER.pattern})")
"""A class, by its range."""
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""A path segment of the URL of a page."""
RESERVED_NAMES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)
"""Names of devices in Windows, in any case and with any suffix. A repository with such a file can't
be cloned there (Microsoft, “Naming Files, Paths, and Namespaces”)."""


def label_of(low: int, high: int) -> str:
    """The range of a class as part of a URL: 1xxx for 1000 to 1999, otherwise as in 0-16.

    An x stands for any digit.
    """
    size = high - low + 1
    free = len(str(size)) - 1
    is_round = free > 0 and size == 10**free and low > 0 and low % size == 0
    return f"{low // size}{'x' * free}" if is_round else f"{low}-{high}"


def range_of(label: str) -> range:
    """The codes of a class with this label; empty if it isn't a label."""
    if not LABEL.fullmatch(label):
        return range(0)
    low, _, high = label.partition("-")
    return range(int(low.replace("x", "0")), int((high or low).replace("x", "9")) + 1)


def is_readme(path: PurePosixPath) -> bool:
    """Whether a file is about the files of its folder. GitHub shows it in any case."""
    return path.name.casefold() == "readme.md"


def is_register(path: PurePosixPath) -> bool:
    """Whether a file at this path is a register."""
    is_root_page = len(path.parts) == 1 and path.suffix == ".md"
    return is_root_page and path != HOME and not is_readme(path)


@cache
def article_path(number: int) -> PurePosixPath:
    """Return the target of links to a code, even if the article doesn't exist."""
    return PurePosixPath(CODES, f"{number}.md")


@cache
def article_number(path: PurePosixPath) -> int | None:
    """Return the code of an article at this path; None if this isn't the path of an article."""
    is_article = path.parent.as_posix() == CODES and NUMBER.fullmatch(path.stem)
    return int(path.stem) if is_article else None


def class_text_path(label: str) -> PurePosixPath:
    """Return the target of links to a class, even if its text doesn't exist."""
    return PurePosixPath(CLASSES, f"{label}.md")


@cache
def csv_path(page: PurePosixPath) -> PurePosixPath:
    """Return the path of the CSV file for the page of a table."""
    return page.parent / f"{page.stem}.csv"
