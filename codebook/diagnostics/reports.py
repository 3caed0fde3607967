"""Diagnostics as text: for people (full), logs (concise), GitHub, or programs (json).

A report is a string that ends with a line feed. If there are no diagnostics, it's empty, or an
empty array in JSON. Text from files is never printed raw: characters that aren't printable become
U+FFFD, except the two joiners that some scripts require.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import partial

from codebook.diagnostics.diagnostic import Diagnostic, Severity
from codebook.diagnostics.excerpt import marked, printable
from codebook.diagnostics.json_report import encode_report
from codebook.diagnostics.source import Source, Span


class Format(StrEnum):
    """The format of a report."""

    FULL = "full"
    CONCISE = "concise"
    GITHUB = "github"
    JSON = "json"


def report(diagnostics: Sequence[Diagnostic], sources: Mapping[str, Source], style: Format) -> str:
    """Return the diagnostics in their order as a report; `sources` is keyed by display path."""
    if style is Format.JSON:
        return encode_report(diagnostics) + "\n"
    writers: Mapping[Format, Callable[[Diagnostic], str]] = {
        Format.FULL: partial(_full, sources=sources),
        Format.CONCISE: _concise,
        Format.GITHUB: _github,
    }
    return "".join(writers[style](diagnostic) + "\n" for diagnostic in diagnostics)


def tally(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the number of errors and warnings, such as `5 errors, 1 warning`, or nothing."""
    severities = [diagnostic.severity for diagnostic in diagnostics]
    counts = [(severities.count(severity), severity) for severity in Severity]
    return ", ".join(f"{n} {severity}{'' if n == 1 else 's'}" for n, severity in counts if n)


def _full(diagnostic: Diagnostic, sources: Mapping[str, Source]) -> str:
    note = diagnostic.note
    spans = [diagnostic.span, *([note.span] if note and note.span else [])]
    margin = " " * max(len(str(span.line)) for span in spans)
    lines = [f"{diagnostic.severity}[{diagnostic.rule}]: {printable(diagnostic.message)}"]
    lines += _excerpt(diagnostic.span, diagnostic.label, sources, margin)
    if note:
        lines.append(f"note: {printable(note.text)}")
        lines += _excerpt(note.span, "", sources, margin) if note.span else []
    if diagnostic.help:
        lines.append(f"help: {printable(diagnostic.help)}")
    return "\n".join(lines) + "\n"


def _excerpt(span: Span, label: str, sources: Mapping[str, Source], margin: str) -> list[str]:
    """The location and, if the source is known, its line with marks under the words."""
    arrow = f"{margin}--> {_location(span)}"
    source = sources.get(span.path)
    if source is None or not source.text:
        return [arrow]
    text, marks = marked(source.lines[span.line - 1], span.column, span.length)
    number = str(span.line).rjust(len(margin))
    under = marks + (f" {printable(label)}" if label else "")
    return [
        arrow,
        f"{margin} |",
        f"{number} | {text}".rstrip(),
        f"{margin} | {under}",
        f"{margin} |",
    ]


def _location(span: Span) -> str:
    return f"{printable(span.path)}:{span.line}:{span.column}"


def _concise(diagnostic: Diagnostic) -> str:
    help_text = f" ({diagnostic.help})" if diagnostic.help else ""
    text = printable(diagnostic.message + help_text)
    return f"{_location(diagnostic.span)}: {diagnostic.severity}[{diagnostic.rule}] {text}"


def _github(diagnostic: Diagnostic) -> str:
    """Return a workflow command, escaped as in GitHub's toolkit."""
    span = diagnostic.span
    fields = {
        "file": span.path,
        "line": span.line,
        "col": span.column,
        "endColumn": span.column + span.length,
        "title": diagnostic.rule,
    }
    properties = ",".join(f"{key}={_escape(str(value), ':,')}" for key, value in fields.items())
    note = diagnostic.note
    location = f" ({_location(note.span)})" if note and note.span else ""
    message = diagnostic.message + (f"\nnote: {note.text}{location}" if note else "")
    message += f"\nhelp: {diagnostic.help}" if diagnostic.help else ""
    return f"::{diagnostic.severity} {properties}::{_escape(message)}"


def _escape(text: str, more: str = "") -> str:
    """Return the text with `%`, line ends, and the characters in `more` percent-encoded."""
    return "".join(
        f"%{ord(char):02X}" if char in "%\r\n" + more else printable(char) for char in text
    )
