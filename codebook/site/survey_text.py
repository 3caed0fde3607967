"""The results of surveys in words, for pages and for their Markdown versions."""

from __future__ import annotations

from codebook.book.documents import Survey
from codebook.book.surveys import PLACEHOLDER, Count, Scenario, counts
from codebook.site.words import Words, fill

_MOST_NAMES = 6
"""The maximum number of subjects that are listed by name."""


def shares(scenario: Scenario, survey: Survey, words: Words) -> tuple[str, str]:
    """The results with their subjects, without and with a deviation; both may be empty."""
    ranked = counts(scenario, survey)
    total = sum(len(count.subjects) for count in ranked)
    expected, deviating = (
        words.survey.between.join(
            _share(count, total, words) for count in ranked if count.result.deviates is deviates
        )
        for deviates in (False, True)
    )
    return expected, deviating


def _share(count: Count, total: int, words: Words) -> str:
    """A result and the subjects that had it, or their number if there are many."""
    if len(count.subjects) > _MOST_NAMES:
        subjects = fill(words.survey.count, count=len(count.subjects), total=total)
    else:
        subjects = words.pages.separator.join(subject.name for subject in count.subjects)
    return fill(words.survey.share, outcome=count.result.text, subjects=subjects)


def expected(scenario: Scenario, words: Words) -> str:
    """What was expected in a scenario."""
    texts = (outcome.text for outcome in scenario.expected)
    return words.survey.alternative.join(texts) or words.survey.open


def command(scenario: Scenario, survey: Survey) -> str:
    """The command that repeats a scenario."""
    return survey.repeat.replace(PLACEHOLDER, scenario.id)
