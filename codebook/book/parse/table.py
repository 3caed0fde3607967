"""Parse a table: the Markdown page that describes it, and the CSV file."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from io import StringIO

from codebook.book.documents import CODE_COLUMN, Column, Mention, Row, Table
from codebook.book.layout import NUMBER
from codebook.book.parse.front_matter import parse_with_head
from codebook.book.parse.numbers import spelling_help
from codebook.book.parse.toml_types import TableHead
from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule, has_error
from codebook.diagnostics.source import Source, Span
from codebook.syntax import toml
from codebook.syntax.unfinished import placeholder, unfinished_text

_AFTER_QUOTE = re.compile(r'(?:^|,)"(?:[^"]|"")*"(?P<rest>[^",][^,]*)')
"""A quoted cell, and the text after its closing quote."""


def parse_table(page: Source, data: Source) -> Parsed[Table | None]:
    """Parse a table; None if its front matter or its rows have an error."""
    parsed = parse_with_head(page, TableHead)
    if parsed.value is None or parsed.value.head is None or not parsed.value.has_valid_head:
        return Parsed(None, parsed.diagnostics)
    head = parsed.value.head
    columns = tuple(Column(key, label) for key, label in head.columns.items())
    rows = _rows(data, columns, parsed.value.head_toml)
    if has_error(rows.diagnostics):
        return Parsed(None, (*parsed.diagnostics, *rows.diagnostics))
    table = Table(
        path=page.path,
        title=head.title,
        source=head.source,
        retrieved=head.read,
        license=head.license,
        columns=columns,
        rows=rows.value,
        body=parsed.value.body,
        span=page.at(1),
    )
    return Parsed(table, (*parsed.diagnostics, *rows.diagnostics))


def _rows(
    data: Source, columns: Sequence[Column], head_toml: toml.TomlText
) -> Parsed[tuple[Row, ...]]:
    reader = csv.reader(StringIO(data.text, newline=""), strict=True)
    keys = [column.key for column in columns]
    rows: list[Row] = []
    diagnostics: list[Diagnostic] = []
    first = 1
    try:
        header = next(reader, [])
        diagnostics += _header_diagnostics(header, keys, data, head_toml)
        if diagnostics:
            return Parsed((), tuple(diagnostics))
        first = reader.line_num + 1
        for cells in reader:
            if cells:
                row = _row(cells, header, keys, (first, reader.line_num), data)
                rows += row.value
                diagnostics += row.diagnostics
            first = reader.line_num + 1
    except csv.Error as error:
        diagnostics.append(_unreadable(error, data, first))
    return Parsed(tuple(rows), tuple(diagnostics))


def _unreadable(error: csv.Error, data: Source, first: int) -> Diagnostic:
    """The diagnostic for a row with invalid quotes."""
    line = data.lines[first - 1]
    if "expected after" in str(error) and (match := _AFTER_QUOTE.search(line)):
        return Diagnostic(
            Rule.INVALID_CSV,
            data.at(first, match.start("rest") + 1, len(match["rest"])),
            f'unexpected "{match["rest"].strip()}" after the closing quote',
            help='put the whole cell in "quotes", and write "" for a quote inside it',
        )
    quote = line.rfind('"') + 1
    return Diagnostic(
        Rule.INVALID_CSV,
        data.at(first, quote) if quote else data.whole(first),
        "this quote is never closed",
        help='add " at the end of the cell, or remove the quote',
    )


def _header_diagnostics(
    header: Sequence[str], keys: Sequence[str], data: Source, head_toml: toml.TomlText
) -> Iterator[Diagnostic]:
    """Report errors in the first line."""
    duplicate = next((name for name in header if header.count(name) > 1), None)
    separator = next((character for character in ";\t" if character in "".join(header[:1])), "")
    if not header:
        help_text = "add a first line with the names of the columns"
        yield _invalid_header(data, "the table is empty", help_text)
    elif duplicate is not None:
        message = f'two columns are named "{duplicate}"'
        yield _invalid_header(data, message, "rename one of them")
    elif len(header) == 1 and separator:
        name = "tabs" if separator == "\t" else f'"{separator}"'
        message = f"the cells are separated by {name}, not by commas"
        yield _invalid_header(data, message, "save the file with commas as separators")
    elif CODE_COLUMN not in header:
        yield _missing_code_column(header, data)
    else:
        yield from _mismatches(header, keys, data, head_toml)


def _invalid_header(data: Source, message: str, help_text: str) -> Diagnostic:
    return Diagnostic(Rule.INVALID_CSV, data.whole(1), message, help=help_text)


def _missing_code_column(header: Sequence[str], data: Source) -> Diagnostic:
    by_name = {name.strip().lower(): name for name in reversed(header)}
    near = get_close_matches(CODE_COLUMN, by_name, n=1)
    return Diagnostic(
        Rule.UNKNOWN_COLUMN,
        data.find(by_name[near[0]], 1, 1) if near else data.whole(1),
        f'the table has no column "{CODE_COLUMN}"',
        help=f'did you mean "{CODE_COLUMN}"?'
        if near
        else f'rename the column that contains the codes to "{CODE_COLUMN}"',
    )


def _mismatches(
    header: Sequence[str], keys: Sequence[str], data: Source, head_toml: toml.TomlText
) -> Iterator[Diagnostic]:
    """Report columns that exist only in the CSV file or only on the page."""
    absent = [key for key in keys if key not in header]
    for name in header:
        if name not in keys:
            near = get_close_matches(name, absent, n=1)
            absent = [key for key in absent if key not in near]
            yield Diagnostic(
                Rule.UNKNOWN_COLUMN,
                data.find(name, 1, 1),
                f'{head_toml.source.path.name} does not declare the column "{name}"',
                note=Note("the columns are declared here", head_toml.key(("columns",))),
                help=f'did you mean "{near[0]}"?'
                if near
                else f'add it under [columns] there: {name} = "…"',
            )
    for key in absent:
        yield Diagnostic(
            Rule.UNKNOWN_COLUMN,
            head_toml.key(("columns", key)),
            f'{data.path.name} has no column "{key}"',
            note=Note("its columns are declared here", data.whole(1)),
            help=f'add the column "{key}" to {data.path.name}, or remove the line',
        )


def _row(
    cells: Sequence[str],
    header: Sequence[str],
    keys: Sequence[str],
    lines: tuple[int, int],
    data: Source,
) -> Parsed[tuple[Row, ...]]:
    if len(cells) != len(header):
        return Parsed((), (_uneven(cells, header, lines[0], data),))
    by_column = dict(zip(header, cells, strict=True))
    number = by_column[CODE_COLUMN].strip()
    span = _cell_span(number, header.index(CODE_COLUMN), lines, data)
    if not NUMBER.fullmatch(number):
        diagnostic = Diagnostic(
            Rule.INVALID_CODE,
            span,
            f'"{number}" is not a code' if number else "this row has no code",
            help=f"{spelling_help(number)}; otherwise, remove the row"
            if any(map(str.isdecimal, number))
            else f'write a number in the column "{CODE_COLUMN}", or remove the row',
        )
        return Parsed((), (diagnostic,))
    unfinished = (
        unfinished_text(word, _cell_span(word, header.index(key), lines, data))
        for key in keys
        if (word := placeholder(by_column[key]))
    )
    return Parsed(
        (Row(Mention(int(number), span), tuple(by_column[key] for key in keys)),), tuple(unfinished)
    )


def _uneven(cells: Sequence[str], header: Sequence[str], line: int, data: Source) -> Diagnostic:
    """The diagnostic for a row with too many or too few cells."""
    count = f"{len(cells)} cell{'' if len(cells) == 1 else 's'}"
    missing = ", ".join(f'"{name}"' for name in header[len(cells) :])
    help_text = f"add a comma and a cell for each missing column: {missing}"
    if len(cells) > len(header):
        help_text = 'put cells that contain a comma in "quotes", or remove the extra cells'
    return Diagnostic(
        Rule.INVALID_CSV,
        data.whole(line),
        f"this row has {count}, but the table has {len(header)} columns",
        note=Note("the columns are declared here", data.whole(1)),
        help=help_text,
    )


def _cell_span(text: str, index: int, lines: tuple[int, int], data: Source) -> Span:
    """The location of a text in the cell at this index of a row.

    `csv` doesn't report positions, so this checks each occurrence of the text in the row.
    """
    row = "\n".join(data.lines[lines[0] - 1 : lines[1]])
    start = row.find(text)
    while start >= 0 and text:
        before = next(csv.reader(StringIO(row[:start], newline="")), [])
        if max(len(before) - 1, 0) == index:
            above = row[:start].split("\n")
            return data.at(lines[0] + len(above) - 1, len(above[-1]) + 1, len(text))
        start = row.find(text, start + 1)
    return data.at(lines[0])
