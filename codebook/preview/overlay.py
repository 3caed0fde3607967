"""Problems as the overlay shows them: plain strings, which it writes as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from codebook.diagnostics.diagnostic import Diagnostic, Severity
from codebook.diagnostics.excerpt import marked, printable
from codebook.diagnostics.source import Source, Span

OpenAt = Callable[[Span], str]
"""The address that opens an editor at a place; empty where it lies in no file."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is."""

    words: str
    """The file, line and column."""
    link: str
    """Opens an editor there, or is empty."""
    line: str = ""
    """The number of the line, where its text is known."""
    text: str = ""
    marks: str = ""
    """What is printed under the text, cell for cell, to mark its words."""


@dataclass(frozen=True, slots=True)
class OverlayItem:
    """One problem. Every string may be shown as it is, and none may be read as markup."""

    severity: Severity
    rule: str
    message: str
    place: Place | None
    note: str = ""
    note_place: Place | None = None
    help: str = ""


def overlay_item(
    diagnostic: Diagnostic, sources: Mapping[str, Source], open_at: OpenAt
) -> OverlayItem:
    """The problem as it is shown. `sources` by their shown path."""
    note = diagnostic.note
    return OverlayItem(
        severity=diagnostic.severity,
        rule=diagnostic.rule,
        message=printable(diagnostic.message),
        place=_place(diagnostic.span, diagnostic.label, sources, open_at),
        note=printable(note.text) if note else "",
        note_place=_place(note.span, "", sources, open_at) if note and note.span else None,
        help=printable(diagnostic.help),
    )


def access_error_item(message: str) -> OverlayItem:
    """What the disk does not allow, which has no rule and no place."""
    return OverlayItem(Severity.ERROR, "", printable(message), None)


def _place(span: Span, label: str, sources: Mapping[str, Source], open_at: OpenAt) -> Place:
    words = f"{printable(span.path)}:{span.line}:{span.column}"
    source = sources.get(span.path)
    if source is None or not source.text:
        return Place(words, open_at(span))
    text, marks = marked(source.lines[span.line - 1], span.column, span.length)
    under = f"{marks} {printable(label)}".rstrip()
    return Place(words, open_at(span), str(span.line), text, under)
