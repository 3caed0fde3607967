"""Diagnostics as JSON, for programs: the shape of a report, and its JSON Schema.

The shape is a promise. Keys may come to it; none goes, and none changes its meaning.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from codebook.diagnostics.diagnostic import Diagnostic, Note, Rule, Severity
from codebook.diagnostics.source import Span

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_Path = Annotated[
    str, Meta(description="the file from the folder of the command, with / between folders")
]
_Line = Annotated[int, Meta(ge=1, description="counted from 1")]
_Column = Annotated[int, Meta(ge=1, description="in characters, not bytes, counted from 1")]
_Length = Annotated[int, Meta(ge=1, description="how many characters are meant")]


class NoteRecord(Struct, frozen=True, omit_defaults=True):
    """What else belongs to a problem; it has all four keys of a place, or none of them."""

    message: Annotated[str, Meta(min_length=1)]
    path: _Path | UnsetType = UNSET
    line: _Line | UnsetType = UNSET
    column: _Column | UnsetType = UNSET
    length: _Length | UnsetType = UNSET


class ProblemRecord(Struct, frozen=True):
    """One problem. Every key is always there."""

    rule: Annotated[Rule, Meta(description="which rule is broken; `explain` tells of each")]
    severity: Annotated[Severity, Meta(description="a warning alone stops no build")]
    path: _Path
    line: _Line
    column: _Column
    length: _Length
    message: Annotated[str, Meta(min_length=1, description="what is wrong")]
    label: Annotated[str, Meta(description="what the words in the place are; often empty")]
    note: NoteRecord | None
    help: Annotated[str, Meta(description="what to do; may be empty")]


def encode_report(diagnostics: Sequence[Diagnostic]) -> str:
    """The diagnostics as an array in which every character that does not print is escaped."""
    records = msgspec.to_builtins([_record(diagnostic) for diagnostic in diagnostics])
    text = json.dumps(records, indent=2, ensure_ascii=False)
    return "".join(char if char.isprintable() or char == "\n" else _escape(char) for char in text)


def schema() -> bytes:
    """The JSON Schema of a report."""
    document = {"$schema": _DIALECT, **msgspec.json.schema(list[ProblemRecord])}
    return json.dumps(document, indent=1, ensure_ascii=False).encode() + b"\n"


def _record(diagnostic: Diagnostic) -> ProblemRecord:
    span = diagnostic.span
    return ProblemRecord(
        rule=diagnostic.rule,
        severity=diagnostic.severity,
        path=span.path,
        line=span.line,
        column=span.column,
        length=span.length,
        message=diagnostic.message,
        label=diagnostic.label,
        note=_note(diagnostic.note, diagnostic.note.span) if diagnostic.note else None,
        help=diagnostic.help,
    )


def _note(note: Note, span: Span | None) -> NoteRecord:
    if span is None:
        return NoteRecord(note.text)
    return NoteRecord(note.text, span.path, span.line, span.column, span.length)


def _escape(character: str) -> str:
    """A character as JSON escapes it: as a surrogate pair where it lies beyond U+FFFF."""
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[index : index + 2].hex()}" for index in range(0, len(units), 2))
