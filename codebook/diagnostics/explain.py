"""Explanations of the rules for the terminal, from `rules.md`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from textwrap import fill

from msgspec import Struct

from codebook.diagnostics.diagnostic import Rule

_WIDTH = 80
_EXAMPLE = r"(Bad|Good): `(.+)`(?:, (.+))?\n\n(?:````text\n((?:.*\n)*?)````\n)?"
_EXPLANATION = re.compile(
    r"(?:^## (?P<stage>.+)\n\n)?"
    r"^### (?P<rule>.+)\n\n"
    r"An? (?P<severity>error|warning)\. (?P<meaning>.+)\n\n"
    r"(?P<reason>.+)\n\n"
    rf"(?P<examples>(?:{_EXAMPLE}\n?)+)",
    re.MULTILINE,
)


class Example(Struct, frozen=True):
    """A file of a small book."""

    title: str
    """`Bad` if it breaks the rule, `Good` if not."""
    path: str
    kind: str
    """What the text doesn't show, such as `a symbolic link`; empty for most files."""
    text: str


class Explanation(Struct, frozen=True):
    """The meaning of a rule, the reason for it, and examples."""

    stage: str
    rule: Rule
    severity: str
    meaning: str
    """When the rule is broken, in a sentence."""
    reason: str
    """Why the rule matters."""
    examples: tuple[Example, ...]


def parse_explanations(markdown: str) -> tuple[Explanation, ...]:
    """Parse the text of `rules.md`."""
    explanations: list[Explanation] = []
    for match in _EXPLANATION.finditer(markdown):
        explanation = Explanation(
            match["stage"] or explanations[-1].stage,
            Rule(match["rule"]),
            match["severity"],
            match["meaning"],
            match["reason"],
            tuple(Example(*groups) for groups in re.findall(_EXAMPLE, match["examples"])),
        )
        explanations.append(explanation)
    return tuple(explanations)


def explain_rule(explanation: Explanation) -> str:
    """Return an explanation as text for the terminal."""
    lines = [f"{explanation.rule} ({explanation.rule.severity})", ""]
    for paragraph in (explanation.meaning, explanation.reason):
        lines += [fill(paragraph, _WIDTH), ""]
    for example in explanation.examples:
        lines += [f"{example.title}: {example.path}{example.kind and ', '}{example.kind}", ""]
        lines += [f"    {line}".rstrip() for line in example.text.splitlines()]
        lines += [""] if example.text else []
    return "\n".join(lines)


def list_rules(explanations: Sequence[Explanation]) -> str:
    """Return a list of all rules by stage, each with the first clause of its meaning."""
    width = max(map(len, Rule))
    lines: list[str] = []
    for stage, group in groupby(explanations, lambda explanation: explanation.stage):
        lines.append(f"{stage}:")
        for explanation in group:
            summary = re.split(r"[.:;](?: |$)", explanation.meaning)[0]
            lines.append(f"  {explanation.rule:{width}}  {summary}")
        lines.append("")
    return "\n".join(lines)
