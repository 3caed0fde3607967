"""Diagnostics as plain strings for the overlay, which inserts them as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from codebook.diagnostics.causes import Group
from codebook.diagnostics.diagnostic import Severity
from codebook.diagnostics.excerpt import marked, printable
from codebook.diagnostics.source import Source, Span

EditorUrl = Callable[[Span], str]
"""The URL that opens an editor at a span; empty if the span isn't in a source file."""


class Location(Struct, frozen=True):
    """The location of a diagnostic or its note."""

    position: str
    """The file, line, and column."""
    editor_url: str
    """The URL that opens an editor there, or empty."""
    line_number: str = ""
    """Empty if the text of the line is unknown."""
    line_text: str = ""
    underline: str = ""
    """Aligned below the text, to mark a part of it."""


class OverlayItem(Struct, frozen=True):
    """One diagnostic. Every string is plain, printable text, never markup."""

    severity: Severity
    rule: str
    message: str
    location: Location | None
    note: str = ""
    note_location: Location | None = None
    help: str = ""
    more: int = 0
    """The number of diagnostics that follow from this one and aren't shown."""


def overlay_item(group: Group, sources: Mapping[str, Source], editor_url: EditorUrl) -> OverlayItem:
    """The cause of a group for the overlay; `sources` are by display path."""
    diagnostic = group.cause
    note = diagnostic.note
    return OverlayItem(
        severity=diagnostic.severity,
        rule=diagnostic.rule,
        message=printable(diagnostic.message),
        location=_location(diagnostic.span, diagnostic.label, sources, editor_url),
        note=printable(note.text) if note else "",
        note_location=_location(note.span, "", sources, editor_url) if note and note.span else None,
        help=printable(diagnostic.help),
        more=len(group.consequences),
    )


def access_error_item(message: str) -> OverlayItem:
    """A file system error, which has no rule or location."""
    return OverlayItem(Severity.ERROR, "", printable(message), None)


def _location(
    span: Span, label: str, sources: Mapping[str, Source], editor_url: EditorUrl
) -> Location:
    position = f"{printable(span.path)}:{span.line}:{span.column}"
    source = sources.get(span.path)
    if source is None or not source.text:
        return Location(position, editor_url(span))
    text, marks = marked(source.lines[span.line - 1], span.column, span.length)
    underline = f"{marks} {printable(label)}".rstrip()
    return Location(position, editor_url(span), str(span.line), text, underline)
