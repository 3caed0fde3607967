"""Explanations as text: one rule for a terminal, all of them as a page of the docs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from textwrap import fill

from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.explanations import EXPLANATIONS, STAGES, Example, Explanation, Kind

_WIDTH = 80
_ABOUT = """\
# The rules

What can be wrong with a book, rule by rule. `python build.py explain RULE` says the same in a
terminal. This page is made from `codebook/diagnostics/explanations/` by `make rules`;
[problems.md](problems.md) says how problems are reported.

Each example is put onto a small book that is right; the tests build both.
"""


def explained(rule: Rule) -> str:
    """What a rule means, why it is one, a bad and a good example."""
    it = EXPLANATIONS[rule]
    return "\n".join(
        [
            f"{rule} ({rule.severity})",
            "",
            fill(it.meaning, _WIDTH),
            "",
            fill(it.reason, _WIDTH),
            "",
            *_shown("Bad", it.bad),
            *_shown("Good", it.good),
        ]
    )


def listed() -> str:
    """Every rule, with a line of what it means."""
    width = max(map(len, Rule))
    lines: list[str] = []
    for stage, explanations in STAGES.items():
        rules = (f"  {each.rule:{width}}  {_first(each)}" for each in explanations)
        lines += [f"{stage}:", *rules, ""]
    return "\n".join(lines)


def page() -> str:
    """All explanations as Markdown."""
    return (
        "\n".join([_ABOUT, *(line for stage in STAGES for line in _stage(stage))]).rstrip() + "\n"
    )


def _first(explanation: Explanation) -> str:
    """The meaning up to the end of its first part."""
    return re.split(r"[.:;](?: |$)", explanation.meaning)[0]


def _shown(title: str, examples: Sequence[Example]) -> Iterator[str]:
    for example in examples:
        yield f"{title}: {_name(example)}"
        yield ""
        yield from (f"    {line}".rstrip() for line in _text(example).splitlines())
        if example.text:
            yield ""


def _name(example: Example) -> str:
    return f"{example.path}{example.kind and ', '}{example.kind}"


def _text(example: Example) -> str:
    return f"-> {example.text}" if example.kind is Kind.LINK else example.text


def _stage(stage: str) -> Iterator[str]:
    yield f"## {stage}"
    yield ""
    for each in STAGES[stage]:
        yield f"### {each.rule}"
        yield ""
        yield f"{'A warning' if each.rule.severity == 'warning' else 'An error'}. {each.meaning}"
        yield ""
        yield each.reason
        yield ""
        for title, examples in (("Bad", each.bad), ("Good", each.good)):
            for example in examples:
                yield f"{title}: `{example.path}`{example.kind and ', '}{example.kind}"
                yield ""
                if example.text:
                    yield from ("````text", *_text(example).splitlines(), "````", "")
