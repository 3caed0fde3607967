"""A table from its two files: the Markdown page that says what it is, and the CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from io import StringIO

from codebook import markdown, toml
from codebook.layout import NUMBER
from codebook.parse import body as common
from codebook.parse.shapes import TableHead
from codebook.problems import Parsed, Problem, Rule
from codebook.records import CODE_COLUMN, Column, Mention, Row, Table
from codebook.source import Source, Span


def table(page: Source, data: Source) -> Parsed[Table | None]:
    """The table; nothing where its page does not say what it is, or cannot be read."""
    read = markdown.read(page)
    if read.value is None:
        return Parsed(None, read.problems)
    headed = common.head(read.value, page)
    if headed.value is None:
        return Parsed(None, (*read.problems, *headed.problems))
    body = common.body(read.value.blocks[1:], read.value, page)
    fitted = toml.fit(headed.value, TableHead)
    problems = (*read.problems, *headed.problems, *fitted.problems, *body.problems)
    head = fitted.value
    if head is None or fitted.problems:
        return Parsed(None, problems)
    columns = tuple(Column(key, label) for key, label in head.columns.items())
    rows = _rows(data, columns, headed.value)
    if rows.problems:
        return Parsed(None, (*problems, *rows.problems))
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
    return Parsed(made, problems)


def _rows(data: Source, columns: Sequence[Column], head: toml.TomlText) -> Parsed[tuple[Row, ...]]:
    reader = csv.reader(StringIO(data.text, newline=""), strict=True)
    keys = [column.key for column in columns]
    rows: list[Row] = []
    problems: list[Problem] = []
    first = 1
    try:
        header = next(reader, [])
        problems += _header(header, keys, data, head)
        if problems:
            return Parsed((), tuple(problems))
        first = reader.line_num + 1
        for cells in reader:
            if cells:
                row = _row(cells, header, keys, (first, reader.line_num), data)
                rows += row.value
                problems += row.problems
            first = reader.line_num + 1
    except csv.Error as error:
        cure = 'put a cell that holds a comma or a quote in "quotes", and double the quotes in it'
        problems.append(_invalid(data, first, f"this is not CSV: {error}", cure))
    return Parsed(tuple(rows), tuple(problems))


def _header(
    header: Sequence[str], keys: Sequence[str], data: Source, head: toml.TomlText
) -> Iterator[Problem]:
    """What is wrong with the first line; one problem for each mistake in it."""
    doubled = next((name for name in header if header.count(name) > 1), None)
    if not header:
        cure = "write the names of the columns in the first line"
        yield _invalid(data, 1, "the table is empty", cure)
    elif doubled is not None:
        message = f'two columns have the name "{doubled}"'
        yield _invalid(data, 1, message, "rename one of them, or remove it")
    elif CODE_COLUMN not in header:
        yield Problem(
            Rule.UNKNOWN_COLUMN,
            data.whole(1),
            f'the table has no column "{CODE_COLUMN}"',
            help=f'name the column of the codes "{CODE_COLUMN}" in the first line',
        )
    else:
        yield from _mismatches(header, keys, data, head)


def _mismatches(
    header: Sequence[str], keys: Sequence[str], data: Source, head: toml.TomlText
) -> Iterator[Problem]:
    absent = [key for key in keys if key not in header]
    for name in header:
        if name not in keys:
            near = get_close_matches(name, absent, n=1)
            absent = [key for key in absent if key not in near]
            yield Problem(
                Rule.UNKNOWN_COLUMN,
                data.find(name, 1, 1),
                f'the page does not say what the column "{name}" is',
                help=f'did you mean "{near[0]}"?'
                if near
                else f'add it under [columns] in {head.source.path.name}: {name} = "…"',
            )
    for key in absent:
        yield Problem(
            Rule.UNKNOWN_COLUMN,
            head.key(("columns", key)),
            f'the table has no column "{key}"',
            help=f"add it to the first line of {data.path.name}, or remove it here",
        )


def _row(
    cells: Sequence[str],
    header: Sequence[str],
    keys: Sequence[str],
    lines: tuple[int, int],
    data: Source,
) -> Parsed[tuple[Row, ...]]:
    if len(cells) != len(header):
        count = f"{len(cells)} cell{'' if len(cells) == 1 else 's'}"
        message = f"this row has {count}, and there are {len(header)} columns"
        cure = "add what is missing"
        if len(cells) > len(header):
            cure = 'put a cell that holds a comma in "quotes", or remove what is too much'
        return Parsed((), (_invalid(data, lines[0], message, cure),))
    named = dict(zip(header, cells, strict=True))
    number = named[CODE_COLUMN].strip()
    span = _cell(number, header.index(CODE_COLUMN), lines, data)
    if not NUMBER.fullmatch(number):
        problem = Problem(
            Rule.INVALID_CODE,
            span,
            f'"{number}" is not a code' if number else "this row has no code",
            help=f'write a number in the column "{CODE_COLUMN}"',
        )
        return Parsed((), (problem,))
    return Parsed((Row(Mention(int(number), span), tuple(named[key] for key in keys)),))


def _cell(words: str, place: int, lines: tuple[int, int], data: Source) -> Span:
    """The words in the cell of that column; csv gives no columns, so each match is tried."""
    text = "\n".join(data.lines[lines[0] - 1 : lines[1]])
    at = text.find(words)
    while at >= 0 and words:
        before = next(csv.reader(StringIO(text[:at], newline="")), [])
        if max(len(before) - 1, 0) == place:
            above = text[:at].split("\n")
            return data.at(lines[0] + len(above) - 1, len(above[-1]) + 1, len(words))
        at = text.find(words, at + 1)
    return data.at(lines[0])


def _invalid(data: Source, line: int, message: str, cure: str) -> Problem:
    return Problem(Rule.INVALID_CSV, data.whole(line), message, help=cure)
