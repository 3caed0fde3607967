"""The search index: an entry for each page that search can find.

Entries are lists, because keys would take up half of the bytes. The search script names their
positions.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from codebook.book.book import Chapter, Code
from codebook.book.documents import CODE_COLUMN, Table
from codebook.book.settings import NamedColumn
from codebook.site.routes import PageTable

_ABSENT = re.compile(r"\W*")
"""A cell without any words."""


def search_entries(page_table: PageTable) -> Mapping[str, Any]:
    """What search can find.

    {
      "path": first part of the URLs of codes,
      "words": the words of the results,
      "noise": [words to ignore in queries],
      "codes": [[number, name, [mark], [other name], [keyword], text,
                 [[message, program], …]], …],
      "classes": [[label, name, low, high, text about unassigned codes], …],
      "pages": [[title, URL, kind], …]
    }
    """
    book, routes = page_table.site.book, page_table.indexed
    subjects = [route.subject for route in routes]
    tables = {subject.slug: subject for subject in subjects if isinstance(subject, Table)}
    cells = _cells_by_code(book.settings.search, tables)
    return {
        "path": book.settings.codes_path,
        "words": msgspec.to_builtins(page_table.site.words.results),
        "noise": _words(book.title),
        "codes": [
            _code(subject, cells.get(subject.number, ()))
            for subject in subjects
            if isinstance(subject, Code)
        ],
        "classes": [_class(subject) for subject in subjects if isinstance(subject, Chapter)],
        "pages": [
            [route.title, route.url, route.search_label] for route in routes if route.search_label
        ],
    }


def search_index(entries: Mapping[str, Any]) -> bytes:
    """The search index as JSON."""
    return json.dumps(entries, ensure_ascii=False, separators=(",", ":")).encode()


def _code(code: Code, cells: Sequence[str]) -> list[Any]:
    article = code.article
    former = [former.name for former in article.formerly] if article else []
    names = [
        name
        for name in dict.fromkeys([code.official_name, *former, *cells])
        if name and name.casefold() != code.name.casefold()
    ]
    keywords = list(article.keywords) if article else []
    marks = list(code.summary.marks)
    messages = [[symptom.message.text, symptom.program] for symptom in code.symptoms]
    return [code.number, code.name, marks, names, keywords, code.lead, messages]


def _class(chapter: Chapter) -> list[Any]:
    code_class = chapter.code_class
    unassigned = chapter.text.unassigned if chapter.text else ""
    return [code_class.label, code_class.name, code_class.low, code_class.high, unassigned]


def _cells_by_code(
    columns: Iterable[NamedColumn], tables: Mapping[str, Table]
) -> Mapping[int, Sequence[str]]:
    """The cells in the columns that the settings select, by code."""
    cells: defaultdict[int, list[str]] = defaultdict(list)
    for column in columns:
        table = tables[column.table.text]
        keys = [key.key for key in table.columns]
        index, code_index = keys.index(column.column.text), keys.index(CODE_COLUMN)
        for row in table.rows:
            if index != code_index and not _ABSENT.fullmatch(row.cells[index]):
                cells[row.code.number].append(row.cells[index])
    return cells


def _words(title: str) -> list[str]:
    """The words of a title, with plurals also in the singular."""
    words = re.findall(r"\w+", title.casefold())
    return list(dict.fromkeys([*words, *(word.removesuffix("s") for word in words)]))
