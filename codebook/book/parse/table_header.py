"""Parse the header of a table: the first row of its CSV file, with the names of the columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import islice

from msgspec import Struct

from codebook.book.documents import CODE_COLUMN, Column
from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule, similar_word
from codebook.diagnostics.source import Source, Span
from codebook.syntax import toml
from codebook.syntax.csv_cells import Cells

COLUMNS, SUBJECTS = "columns", "subjects"
"""The keys of the front matter that declare columns; the second is that of a survey."""
_SEPARATOR_LINE = re.compile(r'"?sep=(?P<separator>[^"]?)"?[,;\t]*', re.IGNORECASE)
"""A line that tells Excel the separator; other programs that save it may add separators to it."""
_QUOTED = re.compile(r'"[^"]*(?:"|$)')
"""A part of a line in quotes, where a comma separates nothing."""
_SAVE_WITH_COMMAS = "save the file with commas as separators"


class NamedRows(Struct, frozen=True):
    """The names of the columns, and the rows below them."""

    names: tuple[str, ...]
    span: Span
    """The line of the names."""
    rows: tuple[Cells, ...]


def parse_header(
    rows: Sequence[Cells], columns: Sequence[Column], data: Source, head_toml: toml.TomlText
) -> Parsed[NamedRows | None]:
    """Parse the header; None if it has an error or is in a row that can't be parsed.

    `columns` are those that the page declares.
    """
    written = (data.whole(number) for number, line in enumerate(data.lines, 1) if line.strip())
    lines = [*islice(written, 2)]
    if not lines:
        help_text = "add a first line with the names of the columns"
        return Parsed(None, (_invalid(data.whole(1), "the table is empty", help_text),))
    if for_excel := _SEPARATOR_LINE.fullmatch(data.lines[lines[0].line - 1].strip()):
        error, is_readable = _separator_line(for_excel["separator"], lines, data)
        parsed = _named_rows(rows[1:] if is_readable else (), columns, data, head_toml)
        return Parsed(parsed.value, (error, *parsed.diagnostics))
    if separator := other_separator(data.lines[lines[0].line - 1]):
        return Parsed(None, (_wrong_separator(lines[0], separator),))
    return _named_rows(rows, columns, data, head_toml)


def _separator_line(separator: str, lines: Sequence[Span], data: Source) -> tuple[Diagnostic, bool]:
    """The diagnostic for a line for Excel, and whether commas separate the cells below it."""
    help_text, is_readable = "replace this line with the names of the columns", False
    if len(lines) > 1:
        is_readable = not other_separator(data.lines[lines[1].line - 1], separator)
        then = "" if is_readable else f", and {_SAVE_WITH_COMMAS}"
        help_text = f"delete this line{then}"
    message = "this line tells Excel the separator, and is not part of the table"
    return _invalid(lines[0], message, help_text), is_readable


def other_separator(line: str, declared: str = "") -> str:
    """Return the character other than a comma that separates the cells of a line; else empty."""
    if "," in _QUOTED.sub("", line):
        return ""
    return next((character for character in f"{declared};\t|" if character in line), "")


def separator_name(separator: str) -> str:
    """Return the name of a separator in messages."""
    return "tabs" if separator == "\t" else f'"{separator}"'


def _wrong_separator(span: Span, separator: str) -> Diagnostic:
    message = f"the cells are separated by {separator_name(separator)}, not by commas"
    return _invalid(span, message, _SAVE_WITH_COMMAS)


def _named_rows(
    rows: Sequence[Cells], columns: Sequence[Column], data: Source, head_toml: toml.TomlText
) -> Parsed[NamedRows | None]:
    if not rows:
        return Parsed(None)
    errors = tuple(_errors(rows[0], columns, data, head_toml))
    names = tuple(cell.text for cell in rows[0])
    header = NamedRows(names, data.whole(rows[0][0].span.line), tuple(rows[1:]))
    return Parsed(None if errors else header, errors)


def _invalid(span: Span, message: str, help_text: str, note: Note | None = None) -> Diagnostic:
    return Diagnostic(Rule.INVALID_CSV, span, message, note=note, help=help_text)


def _errors(
    header: Cells, columns: Sequence[Column], data: Source, head_toml: toml.TomlText
) -> Iterator[Diagnostic]:
    line = data.whole(header[0].span.line)
    spans = {cell.text: cell.span for cell in reversed(header)}
    if "" in spans or len(spans) < len(header):
        yield from _without_own_name(header, spans, head_toml.source.path.name)
    elif CODE_COLUMN not in spans:
        yield _without_code(spans, line)
    else:
        yield from _mismatches(spans, [column.key for column in columns], line, data, head_toml)


def _without_own_name(header: Cells, first: Mapping[str, Span], page: str) -> Iterator[Diagnostic]:
    """Report columns without a name, or with that of an earlier column."""
    for number, cell in enumerate(header, 1):
        if not cell.text:
            help_text = "write its name, or remove the column from every row"
            yield _invalid(cell.span, f"column {number} has no name", help_text)
        elif cell.span != first[cell.text]:
            yield _invalid(
                cell.span,
                f'two columns are named "{cell.text}"',
                f"remove one of them from every row, or rename it to another column of {page}",
                Note("the first column is here", first[cell.text]),
            )


def _without_code(spans: Mapping[str, Span], line: Span) -> Diagnostic:
    near = similar_word(CODE_COLUMN, spans)
    return Diagnostic(
        Rule.UNKNOWN_COLUMN,
        spans.get(near, line),
        f'the table has no column "{CODE_COLUMN}"',
        help=f'did you mean "{CODE_COLUMN}"?'
        if near
        else f'rename the column that contains the codes to "{CODE_COLUMN}"',
    )


def _mismatches(
    spans: Mapping[str, Span],
    keys: Sequence[str],
    line: Span,
    data: Source,
    head_toml: toml.TomlText,
) -> Iterator[Diagnostic]:
    """Report columns that exist only in the CSV file or only on the page."""
    absent = [key for key in keys if key not in spans]
    is_survey = SUBJECTS in head_toml.values
    kind, example = (SUBJECTS, '{ name = "…" }') if is_survey else (COLUMNS, '"…"')
    for name, span in spans.items():
        if name not in keys:
            near = get_close_matches(name, absent, n=1)
            absent = [key for key in absent if key not in near]
            yield Diagnostic(
                Rule.UNKNOWN_COLUMN,
                span,
                f'{head_toml.source.path.name} does not declare the column "{name}"',
                note=Note("the columns are declared here", head_toml.key((kind,))),
                help=f'did you mean "{near[0]}"?'
                if near
                else f"add it under [{kind}] there: {toml.toml_key(name)} = {example}",
            )
    for key in absent:
        yield Diagnostic(
            Rule.UNKNOWN_COLUMN,
            head_toml.key(
                (SUBJECTS if key in head_toml.values.get(SUBJECTS, ()) else COLUMNS, key)
            ),
            f'{data.path.name} has no column "{key}"',
            note=Note("its columns are declared here", line),
            help=f'add the column "{key}" to {data.path.name}, or remove the line',
        )
