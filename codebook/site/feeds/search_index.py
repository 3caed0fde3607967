"""What the search looks through: one record for each page that has an answer.

The records are lists, whose places the search script names; keys would be half of the bytes.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from codebook.book import urls
from codebook.book.book import Book, Chapter, Code
from codebook.book.documents import CODE_COLUMN

_ABSENT = re.compile(r"\W*")
"""A cell without a word in it."""


def index(book: Book) -> bytes:
    """The records of all codes, classes, guides and tables, as JSON.

    {
      "path": first part of the codes' addresses,
      "noise": [words that say nothing in this book],
      "codes": [[number, name, [mark], [other name], [keyword], text], …],
      "classes": [[label, name, low, high, what becomes of other numbers], …],
      "pages": [[title, address, kind], …]
    }
    """
    columns = _column_words(book)
    records = {
        "path": book.settings.path,
        "noise": _words(book.title),
        "codes": [_code(code, columns.get(code.number, ())) for code in book.codes.values()],
        "classes": [_class(chapter) for chapter in book.chapters],
        "pages": [
            *([page.title, urls.guide(page.slug), "Guide"] for page in book.guides),
            *([page.title, urls.table(page.slug), "Table"] for page in book.tables),
        ],
    }
    return json.dumps(records, ensure_ascii=False, separators=(",", ":")).encode()


def _code(code: Code, others: Sequence[str]) -> list[Any]:
    article = code.article
    former = [each.name for each in article.formerly] if article else []
    own = {code.name.casefold()}
    names = [
        name for name in dict.fromkeys([*former, *others]) if name and name.casefold() not in own
    ]
    keywords = list(article.keywords) if article else []
    return [code.number, code.name, list(code.marks), names, keywords, code.text.plain]


def _class(chapter: Chapter) -> list[Any]:
    own = chapter.code_class
    unassigned = chapter.text.unassigned if chapter.text else ""
    return [own.label, own.name, own.low, own.high, unassigned]


def _column_words(book: Book) -> Mapping[int, Sequence[str]]:
    """The cells of the columns that the settings name, by code."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    tables = {table.slug: table for table in book.tables}
    for wanted in book.settings.search:
        table = tables[wanted.table.text]
        keys = [column.key for column in table.columns]
        place, code = keys.index(wanted.column.text), keys.index(CODE_COLUMN)
        for row in table.rows:
            if place != code and not _ABSENT.fullmatch(row.cells[place]):
                found[row.code.number].append(row.cells[place].strip())
    return found


def _words(title: str) -> list[str]:
    """The words of a title, those for several things also as a word for one."""
    words = re.findall(r"\w+", title.casefold())
    return list(dict.fromkeys([*words, *(word.removesuffix("s") for word in words)]))
