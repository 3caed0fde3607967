"""Views of surveys: the matrices and scenarios of a page, and the results for a code."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from codebook.book.book import Code, Excerpt
from codebook.book.documents import Outcome, Survey, Table
from codebook.book.surveys import (
    COLUMNS,
    Result,
    Scenario,
    alike,
    by_group,
    occurring,
    scenarios,
)
from codebook.site import survey_text
from codebook.site.html.scope import PageScope
from codebook.site.html.views import (
    Link,
    MatrixView,
    OutcomeView,
    ScenarioColumns,
    ScenarioView,
    SharesView,
    SubjectView,
    SurveySection,
    SurveyView,
)
from codebook.site.words import counted
from codebook.syntax.rich_text import anchor_id

_MOST_ROWS = 8
"""The maximum number of rows of a survey on the page of a code."""
_FIRST_MATRICES = 2
"""The number of matrices that are open at first."""


def scenario_columns(table: Table) -> ScenarioColumns:
    """The labels of the columns."""
    labels = {column.key: column.label for column in table.columns}
    return ScenarioColumns(*(labels[key] for key in COLUMNS))


def legend(
    survey: Survey, found: Collection[Scenario], scope: PageScope
) -> tuple[OutcomeView, ...]:
    """What the marks in the matrices mean: the outcomes, then a deviation if there is any."""
    outcomes = [
        OutcomeView(outcome.mark, outcome.text, _hue(outcome, scope), deviates=False)
        for outcome in occurring(survey, found)
    ]
    if any(result.deviates for scenario in found for result in scenario.results):
        outcomes.append(OutcomeView("", scope.words.survey.deviates, 0, deviates=True))
    return tuple(outcomes)


def matrices(survey: Survey, found: Collection[Scenario], scope: PageScope) -> Iterator[MatrixView]:
    """A matrix for each group, with a row for each subject that was measured in it."""
    for position, (group, members) in enumerate(by_group(found).items()):
        results = zip(
            survey.subjects, zip(*(it.results for it in members), strict=True), strict=True
        )
        yield MatrixView(
            title=group,
            codes=tuple(Link(it.code, _anchor(it)) for it in members),
            subjects=tuple(
                SubjectView(
                    subject.name, subject.version, tuple(_cell(result, scope) for result in row)
                )
                for subject, row in results
                if any(result.is_measured for result in row)
            ),
            is_open=position < _FIRST_MATRICES,
        )


def scenario_views(
    survey: Survey, found: Collection[Scenario], scope: PageScope
) -> Iterator[ScenarioView]:
    """The list of scenarios."""
    for it in found:
        code = None if it.row.written else scope.book.codes.get(it.row.code.number)
        yield ScenarioView(
            id=anchor_id(it.id),
            name=it.id,
            code=it.code,
            code_url=scope.code(code).url if code else "",
            group=it.group,
            section=scope.cite(it.section),
            expected=survey_text.expected(it, scope.words),
            command=survey_text.command(it, survey),
        )


def survey_sections(code: Code, scope: PageScope) -> Iterator[SurveySection]:
    """The sections with the results for a code."""
    for position, (heading, excerpts) in enumerate(code.surveys.items(), 1):
        surveys = tuple(_survey(excerpt, survey, scope) for excerpt, survey in excerpts)
        yield SurveySection(section_id(position), heading, surveys)


def section_id(position: int) -> str:
    """The ID of a section with surveys, by its position from 1."""
    return f"surveys-{position}" if position > 1 else "surveys"


def _survey(excerpt: Excerpt, survey: Survey, scope: PageScope) -> SurveyView:
    page = scope.table(excerpt.table)
    found = scenarios(survey, excerpt.table.columns, excerpt.rows)
    groups = alike(found)
    rows = tuple(_shares(members, survey, page.url, scope) for members in groups[:_MOST_ROWS])
    omitted = [it for members in groups[_MOST_ROWS:] for it in members]
    more = None
    if omitted:
        text = counted(scope.words.survey.more, len(omitted))
        more = Link(text, f"{page.url}{_anchor(omitted[0])}")
    return SurveyView(page, rows, more)


def _shares(members: Sequence[Scenario], survey: Survey, url: str, scope: PageScope) -> SharesView:
    expected, deviating = survey_text.shares(members[0], survey, scope.words)
    links = tuple(Link(it.group, f"{url}{_anchor(it)}") for it in members)
    return SharesView(links, expected, deviating)


def _anchor(scenario: Scenario) -> str:
    return f"#{anchor_id(scenario.id)}"


def _cell(result: Result, scope: PageScope) -> OutcomeView:
    if result.outcome is None:
        return OutcomeView(result.value, "", 0, deviates=False)
    return OutcomeView(result.outcome.mark, "", _hue(result.outcome, scope), result.deviates)


def _hue(outcome: Outcome, scope: PageScope) -> int:
    return (outcome.color - 1) % scope.html_site.color_count + 1
