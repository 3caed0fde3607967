"""A table from its two files: the Markdown page that says what it is, and the CSV."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from io import StringIO

from codebook.book.documents import CODE_COLUMN, Column, Mention, Row, Table
from codebook.book.layout import NUMBER
from codebook.book.parse import body as common
from codebook.book.parse.front_matter import head_of
from codebook.book.parse.toml_types import TableHead
from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule
from codebook.diagnostics.source import Source, Span
from codebook.syntax import markdown, toml

_AFTER_QUOTE = re.compile(r'(?:^|,)"(?:[^"]|"")*"(?P<more>[^",][^,]*)')
"""A cell in quotes, and what follows it."""


def table(page: Source, data: Source) -> Parsed[Table | None]:
    """The table; nothing where its page does not say what it is, or cannot be read."""
    read = markdown.read(page)
    if read.value is None:
        return Parsed(None, read.diagnostics)
    headed = head_of(read.value, page)
    if headed.value is None:
        return Parsed(None, (*read.diagnostics, *headed.diagnostics))
    body = common.body(read.value.blocks[1:], read.value, page)
    fitted = toml.fit(headed.value, TableHead)
    diagnostics = (*read.diagnostics, *headed.diagnostics, *fitted.diagnostics, *body.diagnostics)
    head = fitted.value
    if head is None or fitted.diagnostics:
        return Parsed(None, diagnostics)
    columns = tuple(Column(key, label) for key, label in head.columns.items())
    rows = _rows(data, columns, headed.value)
    if rows.diagnostics:
        return Parsed(None, (*diagnostics, *rows.diagnostics))
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
    return Parsed(made, diagnostics)


def _rows(data: Source, columns: Sequence[Column], head: toml.TomlText) -> Parsed[tuple[Row, ...]]:
    reader = csv.reader(StringIO(data.text, newline=""), strict=True)
    keys = [column.key for column in columns]
    rows: list[Row] = []
    diagnostics: list[Diagnostic] = []
    first = 1
    try:
        header = next(reader, [])
        diagnostics += _header(header, keys, data, head)
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
    """The problem of a row in which quotes go wrong."""
    line = data.lines[first - 1]
    if "expected after" in str(error) and (found := _AFTER_QUOTE.search(line)):
        cure = 'put the whole cell in "quotes", and write "" for a quote in it'
        return Diagnostic(
            Rule.INVALID_CSV,
            data.at(first, found.start("more") + 1, len(found["more"])),
            f'"{found["more"].strip()}" follows the quote that ends a cell',
            help=cure,
        )
    quote = line.rfind('"') + 1
    return Diagnostic(
        Rule.INVALID_CSV,
        data.at(first, quote) if quote else data.whole(first),
        "this quote is never closed",
        help='write " where the cell ends, or remove the quote',
    )


def _header(
    header: Sequence[str], keys: Sequence[str], data: Source, head: toml.TomlText
) -> Iterator[Diagnostic]:
    """What is wrong with the first line; one problem for each mistake in it."""
    doubled = next((name for name in header if header.count(name) > 1), None)
    sign = next((each for each in ";\t" if header and each in header[0]), "")
    if not header:
        cure = "write the names of the columns in the first line"
        yield _invalid(data, 1, "the table is empty", cure)
    elif doubled is not None:
        message = f'two columns have the name "{doubled}"'
        yield _invalid(data, 1, message, "rename one of them, or remove it with its cells")
    elif len(header) == 1 and sign:
        what = "tabs" if sign == "\t" else f'"{sign}"'
        cure = "save it with commas between the cells"
        yield _invalid(data, 1, f"the cells have {what} between them, not commas", cure)
    elif CODE_COLUMN not in header:
        yield _no_codes(header, data)
    else:
        yield from _mismatches(header, keys, data, head)


def _no_codes(header: Sequence[str], data: Source) -> Diagnostic:
    """The problem of a table that does not say which column holds the codes."""
    by_name = {each.strip().lower(): each for each in reversed(header)}
    near = get_close_matches(CODE_COLUMN, by_name, n=1)
    return Diagnostic(
        Rule.UNKNOWN_COLUMN,
        data.find(by_name[near[0]], 1, 1) if near else data.whole(1),
        f'the table has no column "{CODE_COLUMN}"',
        help=f'did you mean "{CODE_COLUMN}"?'
        if near
        else f'write "{CODE_COLUMN}" for the name of the column that holds the codes',
    )


def _mismatches(
    header: Sequence[str], keys: Sequence[str], data: Source, head: toml.TomlText
) -> Iterator[Diagnostic]:
    absent = [key for key in keys if key not in header]
    for name in header:
        if name not in keys:
            near = get_close_matches(name, absent, n=1)
            absent = [key for key in absent if key not in near]
            yield Diagnostic(
                Rule.UNKNOWN_COLUMN,
                data.find(name, 1, 1),
                f'{head.source.path.name} does not say what the column "{name}" is',
                note=Note("the columns are declared here", head.key(("columns",))),
                help=f'did you mean "{near[0]}"?'
                if near
                else f'add a line under [columns] there: {name} = "…"',
            )
    for key in absent:
        yield Diagnostic(
            Rule.UNKNOWN_COLUMN,
            head.key(("columns", key)),
            f'{data.path.name} has no column "{key}"',
            note=Note("its columns are these", data.whole(1)),
            help=f'remove the line, or add the column "{key}" to {data.path.name}',
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
    named = dict(zip(header, cells, strict=True))
    number = named[CODE_COLUMN].strip()
    span = _cell(number, header.index(CODE_COLUMN), lines, data)
    if not NUMBER.fullmatch(number):
        diagnostic = Diagnostic(
            Rule.INVALID_CODE,
            span,
            f'"{number}" is not a code' if number else "this row has no code",
            help=f'write a number in the column "{CODE_COLUMN}", or remove the row',
        )
        return Parsed((), (diagnostic,))
    return Parsed((Row(Mention(int(number), span), tuple(named[key] for key in keys)),))


def _uneven(cells: Sequence[str], header: Sequence[str], line: int, data: Source) -> Diagnostic:
    """The problem of a row that has more cells than there are columns, or fewer."""
    count = f"{len(cells)} cell{'' if len(cells) == 1 else 's'}"
    missing = ", ".join(f'"{name}"' for name in header[len(cells) :])
    cure = f"add a comma and a cell for each that is missing: {missing}"
    if len(cells) > len(header):
        cure = 'put a cell that holds a comma in "quotes", or remove what is too much'
    return Diagnostic(
        Rule.INVALID_CSV,
        data.whole(line),
        f"this row has {count}, and there are {len(header)} columns",
        note=Note("the columns are named here", data.whole(1)),
        help=cure,
    )


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


def _invalid(data: Source, line: int, message: str, cure: str) -> Diagnostic:
    return Diagnostic(Rule.INVALID_CSV, data.whole(line), message, help=cure)
