"""Parse a table: the Markdown page that describes it, and the CSV file."""

from __future__ import annotations

from collections.abc import Sequence

from codebook.book.documents import CODE_COLUMN, Column, Mention, Row, Table
from codebook.book.layout import NUMBER
from codebook.book.parse.dates import YEAR_OF_FIRST_WEBSITE, implausible_date
from codebook.book.parse.front_matter import parse_with_head
from codebook.book.parse.numbers import spelling_help
from codebook.book.parse.table_header import NamedRows, parse_header
from codebook.book.parse.toml_types import TableHead
from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule, has_error
from codebook.diagnostics.source import Source, Span
from codebook.syntax import toml
from codebook.syntax.csv_cells import Cell, Cells, read_rows
from codebook.syntax.unfinished import placeholder, unfinished_text


def parse_table(page: Source, data: Source) -> Parsed[Table | None]:
    """Parse a table; None if its front matter or its rows have an error."""
    parsed = parse_with_head(page, TableHead)
    if parsed.value is None or parsed.value.head is None or not parsed.value.has_valid_head:
        return Parsed(None, parsed.diagnostics)
    head = parsed.value.head
    columns = tuple(Column(key, label) for key, label in head.columns.items())
    read_span = parsed.value.head_toml.value(("read",), head.read.isoformat())
    dates = tuple(implausible_date("read", head.read, YEAR_OF_FIRST_WEBSITE, read_span))
    rows = _rows(data, columns, parsed.value.head_toml)
    if has_error(rows.diagnostics):
        return Parsed(None, (*parsed.diagnostics, *dates, *rows.diagnostics))
    table = Table(
        path=page.path,
        title=head.title,
        source=head.source,
        retrieved=head.read,
        retrieved_span=read_span,
        license=head.license,
        columns=columns,
        rows=rows.value,
        body=parsed.value.body,
        span=page.at(1),
    )
    return Parsed(table, (*parsed.diagnostics, *dates, *rows.diagnostics))


def _rows(
    data: Source, columns: Sequence[Column], head_toml: toml.TomlText
) -> Parsed[tuple[Row, ...]]:
    cells = read_rows(data)
    header = parse_header(cells.value, columns, data, head_toml)
    if header.value is None:
        # With other separators, invalid quotes follow from them.
        return Parsed((), header.diagnostics or cells.diagnostics)
    if not header.value.rows and not cells.diagnostics:
        message, help_text = "the table has no rows", "add a row for each code below this line"
        empty = Diagnostic(Rule.EMPTY_TABLE, header.value.span, message, help=help_text)
        return Parsed((), (*header.diagnostics, empty))
    keys = [column.key for column in columns]
    rows = [_row(row, header.value, keys, data) for row in header.value.rows]
    return Parsed(
        tuple(row.value for row in rows if row.value),
        (
            *header.diagnostics,
            *(diagnostic for row in rows for diagnostic in row.diagnostics),
            *cells.diagnostics,
        ),
    )


def _row(cells: Cells, header: NamedRows, keys: Sequence[str], data: Source) -> Parsed[Row | None]:
    if len(cells) != len(header.names):
        return Parsed(None, (_uneven(cells, header, data),))
    by_column = dict(zip(header.names, cells, strict=True))
    code = by_column[CODE_COLUMN]
    if not NUMBER.fullmatch(code.text):
        return Parsed(None, (_not_a_code(code),))
    unfinished = (
        unfinished_text(word, _word_span(word, by_column[key], data))
        for key in keys
        if (word := placeholder(by_column[key].text))
    )
    row = Row(Mention(int(code.text), code.span), tuple(by_column[key].text for key in keys))
    return Parsed(row, tuple(unfinished))


def _not_a_code(cell: Cell) -> Diagnostic:
    help_text = f'write a number in the column "{CODE_COLUMN}", or remove the row'
    if any(map(str.isdecimal, cell.text)):
        help_text = f"{spelling_help(cell.text)}; otherwise, remove the row"
    message = f'"{cell.text}" is not a code' if cell.text else "this row has no code"
    return Diagnostic(Rule.INVALID_CODE, cell.span, message, help=help_text)


def _uneven(cells: Cells, header: NamedRows, data: Source) -> Diagnostic:
    """The diagnostic for a row with too many or too few cells."""
    count = f"{len(cells)} cell{'' if len(cells) == 1 else 's'}"
    missing = ", ".join(f'"{name}"' for name in header.names[len(cells) :])
    help_text = f"add a comma and a cell for each missing column: {missing}"
    if len(cells) > len(header.names):
        help_text = 'put cells that contain a comma in "quotes", or remove the extra cells'
    return Diagnostic(
        Rule.INVALID_CSV,
        data.whole(cells[0].span.line),
        f"this row has {count}, but the table has {len(header.names)} columns",
        note=Note("the columns are declared here", header.span),
        help=help_text,
    )


def _word_span(word: str, cell: Cell, data: Source) -> Span:
    """The location of a word in a cell."""
    first = cell.span.line
    last = first + cell.text.count("\n")
    return data.search(word, first, last, cell.span.column) or cell.span
