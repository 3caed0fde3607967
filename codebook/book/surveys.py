"""The scenarios of a survey: what each subject did, and what was expected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from codebook.book.documents import CODE_COLUMN, Column, Outcome, Row, Subject, Survey

GROUP, SCENARIO, SECTION, EXPECTED = "group", "scenario", "section", "expected"
COLUMNS = (CODE_COLUMN, GROUP, SCENARIO, SECTION, EXPECTED)
"""The columns of a survey, besides its subjects."""
PLACEHOLDER = "{scenario}"
"""In the command that repeats a row."""


class Result(Struct, frozen=True):
    """What a subject did: one of the outcomes, another value, or nothing that was measured."""

    outcome: Outcome | None
    value: str
    """Empty if there is an outcome, or if nothing was measured."""
    deviates: bool
    """Whether something else was expected."""

    @property
    def is_measured(self) -> bool:
        """Whether anything was measured."""
        return self.outcome is not None or bool(self.value)

    @property
    def text(self) -> str:
        """The outcome or the value in words."""
        return self.outcome.text if self.outcome else self.value


class Scenario(Struct, frozen=True):
    """A row of a survey."""

    row: Row
    code: str
    """As written."""
    group: str
    id: str
    section: str
    expected: tuple[Outcome, ...]
    """Empty if everything is allowed."""
    results: tuple[Result, ...]
    """In the order of the subjects."""


class Count(Struct, frozen=True):
    """The subjects that did the same in a scenario."""

    result: Result
    subjects: tuple[Subject, ...]


def scenarios(survey: Survey, columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[Scenario]:
    """Yield the scenario of each row, whose cells are in the order of the columns."""
    outcomes = {outcome.key: outcome for outcome in survey.outcomes}
    keys = [column.key for column in columns]
    for row in rows:
        cells = dict(zip(keys, row.cells, strict=True))
        expected = tuple(outcomes[key] for key in cells[EXPECTED].split())
        yield Scenario(
            row,
            cells[CODE_COLUMN],
            cells[GROUP],
            cells[SCENARIO],
            cells[SECTION],
            expected,
            tuple(
                _result(cells[subject.key], outcomes.get(cells[subject.key]), expected)
                for subject in survey.subjects
            ),
        )


def _result(cell: str, outcome: Outcome | None, expected: Sequence[Outcome]) -> Result:
    if outcome is None:
        return Result(None, cell, deviates=False)
    deviates = bool(expected) and outcome.can_deviate and outcome not in expected
    return Result(outcome, "", deviates)


def occurring(survey: Survey, found: Iterable[Scenario]) -> Iterator[Outcome]:
    """The declared outcomes that a subject had, or that were expected.

    A measurement seldom has all that its page declares, and readers would look for the others.
    """
    keys = {
        outcome.key
        for scenario in found
        for outcome in (*scenario.expected, *(it.outcome for it in scenario.results))
        if outcome
    }
    return (outcome for outcome in survey.outcomes if outcome.key in keys)


def by_group(scenarios: Iterable[Scenario]) -> dict[str, list[Scenario]]:
    """The scenarios of each group, in the order of their first rows."""
    groups: defaultdict[str, list[Scenario]] = defaultdict(list)
    for scenario in scenarios:
        groups[scenario.group].append(scenario)
    return groups


def alike(scenarios: Iterable[Scenario]) -> list[list[Scenario]]:
    """Group the scenarios in which the same was expected and each subject did the same."""
    groups: defaultdict[tuple[object, ...], list[Scenario]] = defaultdict(list)
    for scenario in scenarios:
        groups[scenario.expected, scenario.results].append(scenario)
    return [*groups.values()]


def counts(scenario: Scenario, survey: Survey) -> list[Count]:
    """Count the subjects with each result, the most frequent first, without unmeasured ones."""
    subjects: defaultdict[Result, list[Subject]] = defaultdict(list)
    for subject, result in zip(survey.subjects, scenario.results, strict=True):
        if result.is_measured:
            subjects[result].append(subject)
    ranked = sorted(subjects.items(), key=lambda item: -len(item[1]))
    return [Count(result, tuple(found)) for result, found in ranked]
