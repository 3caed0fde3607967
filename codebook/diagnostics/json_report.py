"""Diagnostics as JSON: the format of a report, and its JSON Schema.

The format is stable: keys may be added, but never removed, and their meaning never changes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from codebook.diagnostics.causes import Group
from codebook.diagnostics.diagnostic import Note, Rule, Severity
from codebook.diagnostics.source import Span

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_Path = Annotated[str, Meta(description="the path of the file, relative to the working directory")]
_Line = Annotated[int, Meta(ge=1, description="the line, starting at 1")]
_Column = Annotated[int, Meta(ge=1, description="the column in characters, starting at 1")]
_Length = Annotated[int, Meta(ge=1, description="the number of characters")]


class NoteRecord(Struct, frozen=True, omit_defaults=True):
    """More information about a problem, with all four keys of a location or none."""

    message: Annotated[str, Meta(min_length=1)]
    path: _Path | UnsetType = UNSET
    line: _Line | UnsetType = UNSET
    column: _Column | UnsetType = UNSET
    length: _Length | UnsetType = UNSET


class ProblemRecord(Struct, frozen=True):
    """A problem. Every key is always present."""

    rule: Annotated[Rule, Meta(description="the broken rule; `explain` describes it")]
    severity: Annotated[Severity, Meta(description="warnings don't prevent a build")]
    path: _Path
    line: _Line
    column: _Column
    length: _Length
    message: Annotated[str, Meta(min_length=1, description="what's wrong")]
    label: Annotated[str, Meta(description="a few words about the location; often empty")]
    note: NoteRecord | None
    help: Annotated[str, Meta(description="how to fix it; may be empty")]
    more: Annotated[
        int,
        Meta(
            ge=0, description="the number of problems that follow from this one and aren't listed"
        ),
    ]


def encode_report(groups: Sequence[Group]) -> str:
    """Return the causes as a JSON array, with characters that aren't printable escaped."""
    records = msgspec.to_builtins([_record(group) for group in groups])
    text = json.dumps(records, indent=2, ensure_ascii=False)
    return "".join(char if char.isprintable() or char == "\n" else _escape(char) for char in text)


def schema() -> bytes:
    """Return the JSON Schema of a report."""
    document = {"$schema": _DIALECT, **msgspec.json.schema(list[ProblemRecord])}
    return json.dumps(document, indent=1, ensure_ascii=False).encode() + b"\n"


def _record(group: Group) -> ProblemRecord:
    diagnostic = group.cause
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
        more=len(group.consequences),
    )


def _note(note: Note, span: Span | None) -> NoteRecord:
    if span is None:
        return NoteRecord(note.text)
    return NoteRecord(note.text, span.path, span.line, span.column, span.length)


def _escape(character: str) -> str:
    """Return the JSON escape of a character: a surrogate pair if it's beyond U+FFFF."""
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[index : index + 2].hex()}" for index in range(0, len(units), 2))
