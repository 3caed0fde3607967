"""Diagnostics as text: for people (full), logs (concise), GitHub, or programs (json).

Diagnostics that only follow from another one are counted below it, or listed with `--all`.

A report is a string that ends with a line feed. If there are no diagnostics, it's empty, or an
empty array in JSON. Text from files is never printed raw: characters that aren't printable become
U+FFFD, except the two joiners that some scripts require.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from codebook.diagnostics.causes import Group
from codebook.diagnostics.diagnostic import Diagnostic, Severity
from codebook.diagnostics.excerpt import marked, printable
from codebook.diagnostics.formats import Format
from codebook.diagnostics.json_report import encode_report
from codebook.diagnostics.source import Source, Span


def report(groups: Sequence[Group], sources: Mapping[str, Source], style: Format) -> str:
    """Return the groups in their order as a report; `sources` is keyed by display path."""
    if style is Format.JSON:
        return encode_report(groups) + "\n"
    writers: Mapping[Format, Callable[[Diagnostic, str], str]] = {
        Format.FULL: partial(_full, sources=sources),
        Format.CONCISE: _concise,
        Format.GITHUB: _github,
    }
    return "".join(
        writers[style](group.cause, _more(len(group.consequences))) + "\n" for group in groups
    )


def tally(groups: Sequence[Group]) -> str:
    """Return the number of errors and warnings, such as `5 errors, 1 warning`, or nothing."""
    severities = [group.cause.severity for group in groups]
    counts = [(severities.count(severity), severity) for severity in Severity]
    causes = ", ".join(f"{n} {severity}{'' if n == 1 else 's'}" for n, severity in counts if n)
    consequences = sum(len(group.consequences) for group in groups)
    more = _more(consequences, "it" if len(groups) == 1 else "them")
    return f"{causes}{more and ', '}{more}"


def _more(number: int, causes: str = "it") -> str:
    """The number of consequences, in words; empty if there are none."""
    return f"and {number} more that follow{'s' * (number == 1)} from {causes}" if number else ""


def _full(diagnostic: Diagnostic, more: str, sources: Mapping[str, Source]) -> str:
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
    if more:
        lines.append(f"{more} (to list all, add --all)")
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


def _concise(diagnostic: Diagnostic, more: str) -> str:
    help_text = f" ({diagnostic.help})" if diagnostic.help else ""
    text = printable(diagnostic.message + help_text) + (f" {more}" if more else "")
    return f"{_location(diagnostic.span)}: {diagnostic.severity}[{diagnostic.rule}] {text}"


def _github(diagnostic: Diagnostic, more: str) -> str:
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
    message += f"\n{more}" if more else ""
    return f"::{diagnostic.severity} {properties}::{_escape(message)}"


def _escape(text: str, more: str = "") -> str:
    """Return the text with `%`, line ends, and the characters in `more` percent-encoded."""
    return "".join(
        f"%{ord(char):02X}" if char in "%\r\n" + more else printable(char) for char in text
    )
