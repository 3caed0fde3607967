"""Surveys in the Markdown versions of pages."""

from __future__ import annotations

from collections.abc import Iterator

from codebook.book import urls
from codebook.book.book import Excerpt
from codebook.book.documents import Survey, Table
from codebook.book.surveys import COLUMNS, Result, Scenario, alike, by_group, occurring, scenarios
from codebook.site import survey_text
from codebook.site.text.markup import bullets, code_span, escape, table
from codebook.site.text.scope import FileScope


def survey_results(excerpt: Excerpt, survey: Survey, scope: FileScope) -> Iterator[str]:
    """What the subjects did with a code: an item for each scenario, or for several alike."""
    words = scope.site.words
    for members in alike(scenarios(survey, excerpt.table.columns, excerpt.rows)):
        groups = words.pages.separator.join(escape(it.group) for it in members)
        expected, deviating = map(escape, survey_text.shares(members[0], survey, words))
        if deviating:
            deviating = f"**{escape(words.survey.deviates)}:** {deviating}"
        yield f"{groups}: {'; '.join(filter(None, [expected, deviating]))}"


def survey_blocks(subject: Table, survey: Survey, scope: FileScope) -> Iterator[str]:
    """The results as a table for each group, and the scenarios."""
    words = scope.site.words.survey
    found = tuple(scenarios(survey, subject.columns, subject.rows))
    yield f"## {words.results}"
    yield bullets(
        [
            *(f"{escape(it.mark)}: {escape(it.text)}" for it in occurring(survey, found)),
            f"{escape(words.deviation)}: {escape(words.deviates)}",
        ]
    )
    for group, members in by_group(found).items():
        yield f"### {escape(group)}"
        results = zip(*(it.results for it in members), strict=True)
        yield table(
            [words.subject, *(escape(it.code) for it in members)],
            (
                [escape(each.label), *(_cell(result, scope) for result in row)]
                for each, row in zip(survey.subjects, results, strict=True)
                if any(result.is_measured for result in row)
            ),
        )
    labels = {column.key: column.label for column in subject.columns}
    yield f"## {words.scenarios}"
    yield table(
        [*(escape(labels[key]) for key in COLUMNS), words.command],
        (_row(it, survey, scope) for it in found),
    )


def _cell(result: Result, scope: FileScope) -> str:
    if result.outcome is None:
        return escape(result.value)
    deviation = scope.site.words.survey.deviation if result.deviates else ""
    return escape(result.outcome.mark + deviation)


def _row(it: Scenario, survey: Survey, scope: FileScope) -> list[str]:
    code = it.code
    if not it.row.written and it.row.code.number in scope.book.codes:
        code = scope.link(code, urls.code(scope.book.settings.codes_path, it.row.code.number))
    return [
        code,
        escape(it.group),
        escape(it.id),
        scope.cite(it.section),
        escape(survey_text.expected(it, scope.site.words)),
        code_span(survey_text.command(it, survey)),
    ]
