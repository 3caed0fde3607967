"""Parse a table: the Markdown page that describes it, and the CSV file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from codebook.book.documents import CODE_COLUMN, Column, Mention, Row, Survey, Table
from codebook.book.layout import NUMBER
from codebook.book.parse.dates import YEAR_OF_FIRST_WEBSITE, implausible_date
from codebook.book.parse.front_matter import parse_with_head
from codebook.book.parse.numbers import has_digit, spelling_help
from codebook.book.parse.survey import (
    CODE,
    NamedCells,
    check_survey,
    parse_survey,
    subject_columns,
)
from codebook.book.parse.table_header import (
    NamedRows,
    other_separator,
    parse_header,
    separator_name,
)
from codebook.book.parse.toml_types import TableHead
from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule, has_error
from codebook.diagnostics.source import Source, Span
from codebook.syntax import toml
from codebook.syntax.csv_cells import Cell, Cells, read_rows
from codebook.syntax.decode import visible
from codebook.syntax.unfinished import placeholder, unfinished_text

_MOST_TYPOS = 3
"""The maximum number of rows in which the same error counts as separate typos."""


def parse_table(page: Source, data: Source) -> Parsed[Table | None]:
    """Parse a table; None if its front matter or its rows have an error."""
    parsed = parse_with_head(page, TableHead)
    if parsed.value is None or parsed.value.head is None or not parsed.value.has_valid_head:
        return Parsed(None, parsed.diagnostics)
    head = parsed.value.head
    survey = parse_survey(head, parsed.value.head_toml)
    if has_error(survey.diagnostics):
        return Parsed(None, (*parsed.diagnostics, *survey.diagnostics))
    declared = tuple(Column(key, label) for key, label in head.columns.items())
    columns = (*declared, *subject_columns(survey.value))
    read_span = parsed.value.head_toml.value(("read",), head.read.isoformat())
    dates = tuple(implausible_date("read", head.read, YEAR_OF_FIRST_WEBSITE, read_span))
    rows = _rows(data, columns, survey.value, parsed.value.head_toml)
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
        choose=head.choose.strip(),
        survey=survey.value,
        rows=rows.value,
        body=parsed.value.body,
        span=page.at(1),
    )
    return Parsed(table, (*parsed.diagnostics, *dates, *rows.diagnostics))


def _rows(
    data: Source, columns: Sequence[Column], survey: Survey | None, head_toml: toml.TomlText
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
    names, keys = header.value.names, [column.key for column in columns]
    named = [
        dict(zip(names, row, strict=True)) for row in header.value.rows if len(row) == len(names)
    ]
    rows = [_row(row, keys, data, is_survey=survey is not None) for row in named]
    return Parsed(
        tuple(row.value for row in rows if row.value),
        (
            *header.diagnostics,
            *_uneven_rows(header.value, data),
            *(diagnostic for row in rows for diagnostic in row.diagnostics),
            *(check_survey(survey, named) if survey else ()),
            *cells.diagnostics,
        ),
    )


def _row(
    by_column: NamedCells, keys: Sequence[str], data: Source, *, is_survey: bool
) -> Parsed[Row | None]:
    code = by_column[CODE_COLUMN]
    number = visible(code.text)
    is_number = NUMBER.fullmatch(number)
    if not (is_number or (is_survey and CODE.fullmatch(number))):
        return Parsed(None, (_not_a_code(code),))
    unfinished = (
        unfinished_text(word, _word_span(word, by_column[key], data))
        for key in keys
        if (word := placeholder(by_column[key].text))
    )
    texts = tuple(by_column[key].text for key in keys)
    row = Row(Mention(int(number), code.span), texts, "" if is_number else number)
    return Parsed(row, tuple(unfinished))


def _not_a_code(cell: Cell) -> Diagnostic:
    help_text = f'write a number in the column "{CODE_COLUMN}", or remove the row'
    if has_digit(cell.text):
        help_text = f"{spelling_help(cell.text)}; otherwise, remove the row"
    message = f'"{cell.text}" is not a code' if cell.text else "this row has no code"
    return Diagnostic(Rule.INVALID_CODE, cell.span, message, help=help_text)


def _uneven_rows(header: NamedRows, data: Source) -> Iterator[Diagnostic]:
    """Report rows with too many or too few cells.

    If all rows, or more than a few, have the same error, it's one error of the whole file.
    """
    by_error: defaultdict[tuple[int, str], list[Cells]] = defaultdict(list)
    for row in header.rows:
        if len(row) != len(header.names):
            by_error[len(row), _uneven_help(row, header, data)].append(row)
    for (count, help_text), rows in by_error.items():
        if len(rows) > _MOST_TYPOS or len(rows) == len(header.rows):
            subject = f"the rows with {count} cells: {help_text}"
            shared_help = _uneven_help(rows[0], header, data, "each row")
            uneven = (_uneven(row, shared_help, header, data) for row in rows)
            yield replace(next(uneven), subject=subject)
            for other in uneven:
                yield replace(other, subject=subject, follows_from=(data.display_path,))
        else:
            yield from (_uneven(row, help_text, header, data) for row in rows)


def _uneven_help(cells: Cells, header: NamedRows, data: Source, where: str = "the row") -> str:
    excess = len(cells) - len(header.names)
    line = data.lines[cells[0].span.line - 1]
    if len(cells) == 1 and (separator := other_separator(line)):
        return f"separate the cells with commas, not with {separator_name(separator)}"
    if excess < 0:
        missing = ", ".join(f'"{name}"' for name in header.names[excess:])
        return f"add a comma and a cell for each missing column: {missing}"
    if not any(cell.text for cell in cells[-excess:]):
        return f"remove the comma{'s' * (excess > 1)} at the end of {where}"
    return 'put cells that contain a comma in "quotes", or remove the extra cells'


def _uneven(cells: Cells, help_text: str, header: NamedRows, data: Source) -> Diagnostic:
    count = f"{len(cells)} cell{'' if len(cells) == 1 else 's'}"
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
