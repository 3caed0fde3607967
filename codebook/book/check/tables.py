"""Check the codes and columns of tables; one table can provide the names of codes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import accumulate
from pathlib import PurePosixPath
from types import MappingProxyType

from msgspec.structs import replace

from codebook.book.documents import Documents, Register, Table
from codebook.book.layout import SETTINGS, TABLES, article_path, csv_path
from codebook.book.settings import Word
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule, did_you_mean


def names_by_code(documents: Documents) -> Parsed[Mapping[int, str]]:
    """Return the names of codes from the table in the `names` setting."""
    chosen = documents.settings.names
    if chosen is None or _is_unparsed(chosen.table.text, documents):
        return Parsed(MappingProxyType({}))
    table = _table(chosen.table.text, documents)
    if table is None:
        return Parsed(MappingProxyType({}), (_unknown_table(chosen.table, documents),))
    keys = [column.key for column in table.columns]
    if chosen.column.text not in keys:
        return Parsed(MappingProxyType({}), (_unknown(chosen.column, "column", keys),))
    index = keys.index(chosen.column.text)
    names = {row.code.number: row.cells[index] for row in reversed(table.rows)}
    return Parsed(MappingProxyType(names))


def check_rows(documents: Documents, codes: Collection[int]) -> Iterator[Diagnostic]:
    """Report rows about unknown codes.

    The table with the names of codes can contain any code in the range of a class. Other tables can
    contain only codes that a register describes or that table names; surveys can contain any.
    """
    chosen = documents.settings.names
    if SETTINGS in documents.unparsed or (chosen and _is_unparsed(chosen.table.text, documents)):
        return
    naming = _table(chosen.table.text, documents) if chosen else None
    named = {row.code.number for row in naming.rows} if naming else set()
    in_class = _in_class(named, documents.registers)
    without_names = documents.show(csv_path(naming.path)) if naming and not named else ()
    for table in documents.tables:
        for row in () if table.survey else table.rows:
            number = row.code.number
            if table is naming and number not in in_class:
                hiding = documents.hiding_class(str(number))
                message = f"no class contains code {number}"
                help_text = "correct the number, or add a class for it to a register"
            elif table is not naming and not (number in codes or number in named):
                hiding = (*without_names, *documents.hiding_code(number))
                message = f"no register describes code {number}"
                help_text = "correct the number, or describe the code in a register"
            else:
                continue
            yield Diagnostic(
                Rule.UNKNOWN_CODE,
                row.code.span,
                message,
                help=help_text,
                subject=str(article_path(number)),
                follows_from=hiding,
            )


def _in_class(numbers: Iterable[int], registers: Iterable[Register]) -> Collection[int]:
    """Return those of the numbers that are in the range of a class."""
    classes = sorted((it.low, it.high) for register in registers for it in register.classes)
    starts = [low for low, _ in classes]
    # Ranges can overlap: of those that start before a number, the one that ends last counts.
    ends = [*accumulate((high for _, high in classes), max)]
    return {
        number
        for number in numbers
        if (before := bisect_right(starts, number)) and number <= ends[before - 1]
    }


def check_columns(documents: Documents) -> Iterator[Diagnostic]:
    """Report unknown tables and columns in the `search` setting."""
    for chosen in documents.settings.search:
        table = _table(chosen.table.text, documents)
        if table is None:
            if not _is_unparsed(chosen.table.text, documents):
                yield _unknown_table(chosen.table, documents)
        elif chosen.column.text not in (keys := [column.key for column in table.columns]):
            yield _unknown(chosen.column, "column", keys)


def _table(slug: str, documents: Documents) -> Table | None:
    return next((table for table in documents.tables if table.slug == slug), None)


def _is_unparsed(slug: str, documents: Documents) -> bool:
    """Whether one of the two files of a table exists but could not be parsed."""
    files = {PurePosixPath(TABLES, f"{slug}{suffix}") for suffix in (".md", ".csv")}
    return not files.isdisjoint(documents.unparsed)


def _unknown_table(word: Word, documents: Documents) -> Diagnostic:
    unknown = _unknown(word, "table", [table.slug for table in documents.tables])
    return replace(unknown, subject=f"{TABLES}/{word.text}.md")


def _unknown(word: Word, kind: str, known: list[str]) -> Diagnostic:
    return Diagnostic(
        Rule.INVALID_VALUE,
        word.span,
        f'there is no {kind} "{word.text}"',
        help=did_you_mean(word.text, known),
    )
