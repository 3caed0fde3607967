"""The search index: an entry for each page that search can find.

Entries are lists, because keys would take up half of the bytes. The search script names their
positions.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import msgspec

from codebook.book.book import Chapter, Code
from codebook.book.documents import CODE_COLUMN, Guide, Table, code_values
from codebook.book.settings import NamedColumn
from codebook.site.routes import PageTable, Route

_ABSENT = re.compile(r"\W*")
"""A cell without any words."""
_SECTION = 2
"""The level of the headings to search; subsections take as much space as whole pages."""


def search_entries(page_table: PageTable, hue: Callable[[str], int]) -> Mapping[str, Any]:
    """What search can find. `hue` is the color of a class by its label.

    {
      "path": first part of the URLs of codes,
      "words": the words of the results,
      "ignored": [words to ignore in queries that have others],
      "constants": whether there are constants,
      "suggested": [numbers of the codes to suggest before anything is typed],
      "codes": [[number, name, [mark], [other name], [keyword], [cell], text,
                 [[message, program], …]], …],
      "classes": [[label, name, low, high, text about unassigned codes, hue], …],
      "pages": [[title, URL, kind, [keyword], [heading], [number of a compared code]], …]
    }
    """
    book, routes = page_table.site.book, page_table.indexed
    subjects = [route.subject for route in routes]
    tables = {subject.slug: subject for subject in subjects if isinstance(subject, Table)}
    cells = _cells_by_code(book.settings.search, tables)
    return {
        "path": book.settings.codes_path,
        "words": msgspec.to_builtins(page_table.site.words.results),
        "ignored": [*_words(book.title), *book.settings.stop_words],
        "constants": any(table.choose for table in tables.values()),
        "suggested": [int(word.text) for word in book.settings.suggestions],
        "codes": [
            _code(subject, cells.get(subject.number, ()))
            for subject in subjects
            if isinstance(subject, Code)
        ],
        "classes": [_class(subject, hue) for subject in subjects if isinstance(subject, Chapter)],
        "pages": [_page(route) for route in routes if route.search_label],
    }


def constants(page_table: PageTable) -> Sequence[tuple[int, str, str]]:
    """The constants in tables where readers choose a column: code, column labels, constant."""
    labels: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    tables = [route.subject for route in page_table.indexed if isinstance(route.subject, Table)]
    for number, label, constant in chain.from_iterable(map(_constants, tables)):
        labels[number, constant].append(label)
    separator = page_table.site.words.pages.separator
    return [(number, separator.join(each), constant) for (number, constant), each in labels.items()]


def _constants(table: Table) -> Iterator[tuple[int, str, str]]:
    """Yield the constants in a table if readers choose one of its columns."""
    for row in table.rows if table.choose else ():
        for column, cell in zip(table.columns, row.cells, strict=True):
            if column.key != CODE_COLUMN:
                constants = (constant for constant, _ in code_values(cell) if constant)
                yield from ((row.code.number, column.label, constant) for constant in constants)


def search_index(entries: Mapping[str, Any] | Sequence[Any]) -> bytes:
    """The search index, or the constants, as JSON."""
    return json.dumps(entries, ensure_ascii=False, separators=(",", ":")).encode()


def _code(code: Code, cells: Sequence[str]) -> list[Any]:
    article = code.article
    former = [former.name for former in article.formerly] if article else []
    names = _others(code.name, [code.official_name, *former])
    keywords = list(article.keywords) if article else []
    marks = list(code.summary.marks)
    messages = [[symptom.message.text, symptom.program] for symptom in code.symptoms]
    others = _others(code.name, cells)
    return [code.number, code.name, marks, names, keywords, others, code.lead, messages]


def _others(name: str, texts: Iterable[str]) -> list[str]:
    """The texts that differ from the name."""
    return [text for text in dict.fromkeys(texts) if text and text.casefold() != name.casefold()]


def _class(chapter: Chapter, hue: Callable[[str], int]) -> list[Any]:
    code_class = chapter.code_class
    unassigned = chapter.text.unassigned if chapter.text else ""
    label = code_class.label
    return [label, code_class.name, code_class.low, code_class.high, unassigned, hue(label)]


def _page(route: Route) -> list[Any]:
    entry = [route.title, route.url, route.search_label]
    if not isinstance(route.subject, Guide | Table):
        return [*entry, [], [], []]
    body = route.subject.body
    keywords = route.subject.keywords if isinstance(route.subject, Guide) else ()
    headings = [each.text for each in body.headings if each.level == _SECTION]
    titled = map(int, re.findall(r"\d+", route.title))
    compared = (code.number for part in body.comparisons for code in part.codes or ())
    return [*entry, list(keywords), headings, list(dict.fromkeys([*titled, *compared]))]


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
