"""Tables: each row names a code that the book knows; one of them may name the codes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from codebook.book.documents import Documents, Table
from codebook.book.layout import SETTINGS, TABLES
from codebook.book.settings import Word
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule, did_you_mean


def names_of(documents: Documents) -> Parsed[Mapping[int, str]]:
    """The names that the table chosen in the settings gives, by code."""
    wanted = documents.settings.names
    if wanted is None:
        return Parsed(MappingProxyType({}))
    table = _naming_table(documents)
    if table is None:
        slugs = [each.slug for each in documents.tables]
        diagnostic = _unknown(wanted.table, "table", slugs)
        return Parsed(MappingProxyType({}), () if _is_unread(documents) else (diagnostic,))
    keys = [column.key for column in table.columns]
    if wanted.column.text not in keys:
        return Parsed(MappingProxyType({}), (_unknown(wanted.column, "column", keys),))
    place = keys.index(wanted.column.text)
    names = {row.code.number: row.cells[place].strip() for row in reversed(table.rows)}
    return Parsed(MappingProxyType(names))


def unknown_rows(documents: Documents, codes: Collection[int]) -> Iterator[Diagnostic]:
    """Rows about a code that nobody knows.

    The table that names the codes may hold more than the registers describe, as long as each
    belongs to a class; every other table may name only codes of the registers or of that table.
    """
    if SETTINGS in documents.unread or _is_unread(documents):
        return
    naming = _naming_table(documents)
    classes = [each for register in documents.registers for each in register.classes]
    named = {row.code.number for row in naming.rows} if naming else set()
    for table in documents.tables:
        for row in table.rows:
            number = row.code.number
            if table is naming and not any(number in each for each in classes):
                message = f"no register announces a class for code {number}"
                cure = "correct the number, remove the row, or announce a class for it"
            elif table is not naming and not (
                number in codes or number in named or documents.may_describe(number)
            ):
                message = f"no register describes code {number}, and no table names it"
                cure = "correct the number, remove the row, or describe the code in a register"
            else:
                continue
            yield Diagnostic(Rule.UNKNOWN_CODE, row.code.span, message, help=cure)


def unknown_columns(documents: Documents) -> Iterator[Diagnostic]:
    """Columns that the search is told to look into, and that are not there."""
    for wanted in documents.settings.search:
        table = next((t for t in documents.tables if t.slug == wanted.table.text), None)
        halves = {PurePosixPath(TABLES, f"{wanted.table.text}{end}") for end in (".md", ".csv")}
        if table is None:
            if halves.isdisjoint(documents.unread):
                slugs = [each.slug for each in documents.tables]
                yield _unknown(wanted.table, "table", slugs, "search in")
        elif wanted.column.text not in (keys := [column.key for column in table.columns]):
            yield _unknown(wanted.column, "column", keys, "search in")


def _naming_table(documents: Documents) -> Table | None:
    wanted = documents.settings.names
    if wanted is None:
        return None
    return next((each for each in documents.tables if each.slug == wanted.table.text), None)


def _is_unread(documents: Documents) -> bool:
    """Whether the table that names the codes is there and could not be read."""
    wanted = documents.settings.names
    name = wanted.table.text if wanted else ""
    halves = {PurePosixPath(TABLES, f"{name}{suffix}") for suffix in (".md", ".csv")}
    return not halves.isdisjoint(documents.unread)


def _unknown(
    word: Word, what: str, known: list[str], purpose: str = "take names from"
) -> Diagnostic:
    return Diagnostic(
        Rule.INVALID_VALUE,
        word.span,
        f'there is no {what} "{word.text}" to {purpose}',
        help=did_you_mean(word.text, known),
    )
