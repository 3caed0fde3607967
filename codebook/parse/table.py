"""A table from its two files: the Markdown page that says what it is, and the CSV."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO

from codebook import markdown, toml
from codebook.parse import body as common
from codebook.parse.shapes import TableHead
from codebook.problems import Parsed, Problem, Rule, did_you_mean
from codebook.records import Column, Mention, Row, Table
from codebook.source import Source

_CODE_COLUMN = "code"
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


def table(page: Source, data: Source) -> Parsed[Table | None]:
    """The table; nothing where its head does not say what it is."""
    read = markdown.read(page)
    headed = common.head(read.value, page)
    if headed.value is None:
        problem = Problem(
            Rule.MISSING_HEAD,
            page.whole(1),
            "the head of the table is missing",
            help="begin the file with a block fenced by ```toml and ```",
        )
        return Parsed(None, (*read.problems, problem))
    body = common.body(read.value.blocks[1:], read.value, page)
    fitted = toml.fit(headed.value, TableHead)
    problems = [*read.problems, *(headed.problems or fitted.problems), *body.problems]
    head = fitted.value
    if head is None:
        return Parsed(None, tuple(problems))
    columns = tuple(Column(key, label) for key, label in head.columns.items())
    rows = _rows(data, columns, headed.value)
    made = Table(
        path=page.path,
        title=head.title,
        source=head.source,
        read=head.read,
        licence=head.licence,
        columns=columns,
        rows=rows.value,
        body=body.value,
        span=page.at(1),
    )
    return Parsed(made, (*problems, *rows.problems))


def _rows(data: Source, columns: Sequence[Column], head: toml.TomlText) -> Parsed[tuple[Row, ...]]:
    reader = csv.reader(StringIO(data.text, newline=""), strict=True)
    keys = [column.key for column in columns]
    rows: list[Row] = []
    problems: list[Problem] = []
    try:
        header = next(reader, [])
        problems += _header(header, keys, data, head)
        if problems:
            return Parsed((), tuple(problems))
        first = reader.line_num + 1
        for cells in reader:
            if cells:
                row = _row(cells, header, keys, data.at(first).line, data)
                rows += row.value
                problems += row.problems
            first = reader.line_num + 1
    except csv.Error as error:
        problems.append(_invalid(data, reader.line_num, f"this is not CSV: {error}"))
    return Parsed(tuple(rows), tuple(problems))


def _header(
    header: Sequence[str], keys: Sequence[str], data: Source, head: toml.TomlText
) -> Iterator[Problem]:
    if _CODE_COLUMN not in header:
        yield Problem(
            Rule.UNKNOWN_COLUMN,
            data.whole(1),
            f'the table has no column "{_CODE_COLUMN}"',
            help=f'name the column of the codes "{_CODE_COLUMN}" in the first line',
        )
    if len(set(header)) < len(header):
        yield _invalid(data, 1, "two columns have the same name")
    for name in header:
        if name not in keys:
            yield Problem(
                Rule.UNKNOWN_COLUMN,
                data.find(name, 1, 1),
                f'the page does not say what the column "{name}" is',
                help=f'add {name} = "…" under [columns]; '
                + did_you_mean(name, [key for key in keys if key not in header]),
            )
    for key in keys:
        if key not in header:
            yield Problem(
                Rule.UNKNOWN_COLUMN,
                head.key(("columns", key)),
                f'the table has no column "{key}"',
                help=did_you_mean(key, [name for name in header if name not in keys]),
            )


def _row(
    cells: Sequence[str], header: Sequence[str], keys: Sequence[str], line: int, data: Source
) -> Parsed[tuple[Row, ...]]:
    if len(cells) != len(header):
        message = f"this row has {len(cells)} cells, the first line {len(header)}"
        return Parsed((), (_invalid(data, line, message),))
    named = dict(zip(header, cells, strict=True))
    number = named[_CODE_COLUMN].strip()
    span = data.find(number, line, line)
    if not _NUMBER.fullmatch(number):
        problem = Problem(
            Rule.INVALID_CODE,
            span,
            f'"{number}" is not a code',
            help=f'write a number in the column "{_CODE_COLUMN}"',
        )
        return Parsed((), (problem,))
    return Parsed((Row(Mention(int(number), span), tuple(named[key] for key in keys)),))


def _invalid(data: Source, line: int, message: str) -> Problem:
    return Problem(
        Rule.INVALID_CSV,
        data.whole(line),
        message,
        help='put a cell that holds a comma or a quote in "quotes", and double the quotes in it',
    )
