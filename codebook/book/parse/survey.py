"""Parse a survey: the outcomes and subjects in its front matter, and its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from codebook.book.documents import CODE_COLUMN, Column, Outcome, Subject, Survey
from codebook.book.layout import SLUG
from codebook.book.parse.table_header import COLUMNS as COLUMNS_KEY
from codebook.book.parse.table_header import SUBJECTS
from codebook.book.parse.toml_types import TableHead
from codebook.book.surveys import COLUMNS, EXPECTED, GROUP, PLACEHOLDER, SCENARIO
from codebook.diagnostics.diagnostic import (
    Diagnostic,
    Note,
    Parsed,
    Rule,
    did_you_mean,
    has_error,
    similar_word,
)
from codebook.diagnostics.source import Span
from codebook.syntax import toml
from codebook.syntax.csv_cells import Cell

CODE = re.compile("[0-9]{1,9}")
"""A code of a survey, which can be invalid, such as 099."""
_OUTCOME = re.compile("[a-z][a-z0-9_-]*")
_VALUE = re.compile("[0-9].*", re.DOTALL)
"""A cell that is shown as it is."""
_ONLY_SURVEYS = ("section", "repeat", SUBJECTS)
"""The keys that surveys must have, and other tables can't."""

NamedCells = Mapping[str, Cell]
"""The cells of a row by the names of their columns."""


def parse_survey(head: TableHead, head_toml: toml.TomlText) -> Parsed[Survey | None]:
    """The survey that the front matter declares; None if the table isn't one, or has an error."""
    if "outcomes" not in head_toml.values:
        return Parsed(None, tuple(_not_a_survey(head_toml)))
    diagnostics = (
        *_missing(head, head_toml),
        *_columns(head, head_toml),
        *_subjects(head, head_toml),
        *_outcomes(head, head_toml),
    )
    if has_error(diagnostics):
        return Parsed(None, diagnostics)
    survey = Survey(
        section=head.section.strip(),
        repeat=head.repeat.strip(),
        outcomes=tuple(
            Outcome(key, it.mark, it.text.strip(), it.color or position, it.deviates)
            for position, (key, it) in enumerate(head.outcomes.items(), 1)
        ),
        subjects=tuple(
            Subject(key, it.name.strip(), it.version.strip()) for key, it in head.subjects.items()
        ),
    )
    return Parsed(survey, diagnostics)


def subject_columns(survey: Survey | None) -> tuple[Column, ...]:
    """The columns of the subjects, in order."""
    return tuple(Column(it.key, it.label) for it in survey.subjects) if survey else ()


def check_survey(survey: Survey, rows: Sequence[NamedCells]) -> Iterator[Diagnostic]:
    """Report errors in the rows."""
    known = [outcome.key for outcome in survey.outcomes]
    scenarios: dict[str, Span] = {}
    codes: dict[tuple[str, str], Span] = {}
    for cells in rows:
        yield from _identity(cells, scenarios, codes)
        for key in cells[EXPECTED].text.split():
            if key not in known:
                yield _unknown_outcome(key, cells[EXPECTED].span, known)
        for subject in survey.subjects:
            cell = cells[subject.key]
            if cell.text and cell.text not in known and not _VALUE.fullmatch(cell.text):
                yield _unknown_outcome(cell.text, cell.span, known)


def _not_a_survey(head_toml: toml.TomlText) -> Iterator[Diagnostic]:
    for key in _ONLY_SURVEYS:
        if key in head_toml.values:
            yield Diagnostic(
                Rule.MISSING_KEY,
                head_toml.key((key,)),
                f'only a survey can have "{key}", and "outcomes" is missing',
                help=f'add [outcomes] with what the subjects can do, or remove "{key}"',
            )
            return


def _missing(head: TableHead, head_toml: toml.TomlText) -> Iterator[Diagnostic]:
    """Report missing keys, and values that no survey can have."""
    for key in _ONLY_SURVEYS:
        if not head_toml.values.get(key):
            example = '{ name = "…" }' if key == SUBJECTS else '"…"'
            yield Diagnostic(
                Rule.MISSING_KEY,
                head_toml.key(("outcomes",)),
                f'a survey needs "{key}"',
                help=f"add [{SUBJECTS}] with a line for each: key = {example}"
                if key == SUBJECTS
                else f"add {key} = {example}",
            )
    if head.repeat and PLACEHOLDER not in head.repeat:
        yield _invalid(
            head_toml.key(("repeat",)),
            f'"repeat" does not contain {PLACEHOLDER}',
            f"add {PLACEHOLDER} where the command names the scenario",
        )
    if head.choose:
        yield _invalid(
            head_toml.key(("choose",)),
            'a survey cannot have "choose": its cells are outcomes, not code',
            "remove the line",
        )


def _columns(head: TableHead, head_toml: toml.TomlText) -> Iterator[Diagnostic]:
    absent = [key for key in COLUMNS if key not in head.columns]
    for key in head.columns:
        if key not in COLUMNS:
            near = similar_word(key, absent)
            absent = [other for other in absent if other != near]
            yield Diagnostic(
                Rule.UNKNOWN_COLUMN,
                head_toml.key((COLUMNS_KEY, key)),
                f'a survey has no column "{key}"',
                help=f'did you mean "{near}"?' if near else f"move it to [{SUBJECTS}]",
            )
    for key in absent:
        yield Diagnostic(
            Rule.UNKNOWN_COLUMN,
            head_toml.key((COLUMNS_KEY,)),
            f'a survey needs the column "{key}"',
            help=f'add it under [{COLUMNS_KEY}]: {key} = "…"',
        )


def _subjects(head: TableHead, head_toml: toml.TomlText) -> Iterator[Diagnostic]:
    for key in head.subjects:
        if key in head.columns or key in COLUMNS:
            yield _invalid(
                head_toml.key((SUBJECTS, key)),
                f'"{key}" is also the name of another column',
                "rename the subject here and in the CSV file",
            )


def _outcomes(head: TableHead, head_toml: toml.TomlText) -> Iterator[Diagnostic]:
    first: dict[str, str] = {}
    for key, outcome in head.outcomes.items():
        span = head_toml.key(("outcomes", key))
        if not _OUTCOME.fullmatch(key):
            help_text = "use lowercase letters, digits, and hyphens, and start with a letter"
            yield _invalid(span, f'"{key}" cannot be the key of an outcome', help_text)
        if len(outcome.mark.strip()) != 1:
            message = f'the mark of "{key}" must be one character, not "{outcome.mark}"'
            yield _invalid(span, message, f'shorten it, such as mark = "{key[:1].upper()}"')
        elif outcome.mark in first:
            other = first[outcome.mark]
            yield _invalid(
                span,
                f'"{key}" has the same mark as "{other}"',
                "change one of them, so that they can be distinguished without color",
                Note("the other one is here", head_toml.key(("outcomes", other))),
            )
        first.setdefault(outcome.mark, key)
        if outcome.color < 0:
            message = f'the color of "{key}" must be a number from 1, not {outcome.color}'
            yield _invalid(span, message, "write the number of a color, such as color = 1")


def _identity(
    cells: NamedCells, scenarios: dict[str, Span], codes: dict[tuple[str, str], Span]
) -> Iterator[Diagnostic]:
    """Report a row without its own scenario, or that shares its group and code with another."""
    scenario, group, code = cells[SCENARIO], cells[GROUP], cells[CODE_COLUMN]
    if not SLUG.fullmatch(scenario.text):
        yield _invalid(
            scenario.span,
            f'"{scenario.text}" cannot be a scenario'
            if scenario.text
            else "this row has no scenario",
            "use lowercase letters, digits, and single hyphens, because it becomes a part of a URL",
        )
    elif scenario.text in scenarios:
        yield _invalid(
            scenario.span,
            f'two rows have the scenario "{scenario.text}"',
            "rename one of them, or remove the row",
            Note("the first row is here", scenarios[scenario.text]),
        )
    scenarios.setdefault(scenario.text, scenario.span)
    column = (group.text, code.text)
    if not group.text:
        yield _invalid(group.span, "this row has no group", "name the matrix that shows the row")
    elif column in codes:
        yield _invalid(
            code.span,
            f'the group "{group.text}" has two rows about {code.text}',
            "rename the group of one of them: a matrix has one column for each code",
            Note("the first row is here", codes[column]),
        )
    codes.setdefault(column, code.span)


def _unknown_outcome(key: str, span: Span, known: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        Rule.UNKNOWN_VALUE,
        span,
        f'"{key}" is not an outcome of this survey',
        help=did_you_mean(key, known, "declare it under [outcomes]"),
    )


def _invalid(span: Span, message: str, help_text: str, note: Note | None = None) -> Diagnostic:
    return Diagnostic(Rule.INVALID_VALUE, span, message, note=note, help=help_text)
