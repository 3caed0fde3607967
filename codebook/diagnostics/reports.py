"""Diagnostics as text: for a person (full), a log (concise), GitHub, or a program (json).

Every report is one string and ends with a line feed, or is empty where there is none (json
excepted, which is then an empty list). Nothing that comes from a file reaches the terminal raw:
characters that do not print are shown as U+FFFD, but for the two joiners that scripts need.
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
    """How diagnostics are written."""

    FULL = "full"
    CONCISE = "concise"
    GITHUB = "github"
    JSON = "json"


def report(diagnostics: Sequence[Diagnostic], sources: Mapping[str, Source], style: Format) -> str:
    """The diagnostics in their order, in one of the formats; `sources` by display path."""
    if style is Format.JSON:
        return encode_report(diagnostics) + "\n"
    writers: Mapping[Format, Callable[[Diagnostic], str]] = {
        Format.FULL: partial(_full, sources=sources),
        Format.CONCISE: _concise,
        Format.GITHUB: _github,
    }
    return "".join(writers[style](diagnostic) + "\n" for diagnostic in diagnostics)


def tally(diagnostics: Iterable[Diagnostic]) -> str:
    """How many errors and warnings: `5 errors, 1 warning`; empty where there is neither."""
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
    """The place, and its line with marks under the words where the text is known."""
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
    """One workflow command, escaped as GitHub's own toolkit does."""
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
    """The text with `%`, line ends, and the characters in `more` in hexadecimal."""
    return "".join(
        f"%{ord(char):02X}" if char in "%\r\n" + more else printable(char) for char in text
    )
