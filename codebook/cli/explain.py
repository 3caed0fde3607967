"""The `explain` command, which prints the documentation of a rule."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from difflib import get_close_matches
from pathlib import Path

from codebook import diagnostics
from codebook.cli.arguments import UsageError
from codebook.cli.console import SUCCESS
from codebook.cli.paths import COMMAND
from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.explain import explain_rule, list_rules, parse_explanations
from codebook.io.sources import read_text_file

_RULES = Path(diagnostics.__file__).with_name("rules.md")


def declare_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `explain`."""
    parser.add_argument(
        "rule", nargs="?", metavar="RULE", help="the rule to explain (default: list all rules)"
    )
    parser.add_argument("--markdown", action="store_true", help="print all rules as Markdown")


def run(arguments: Namespace) -> int:
    """Print the explanation of one rule, a list of all rules, or the page of all explanations."""
    page = read_text_file(_RULES)
    explanations = {explanation.rule: explanation for explanation in parse_explanations(page)}
    if arguments.markdown:
        print(page, end="")
    elif arguments.rule is None:
        print(list_rules([*explanations.values()]), end="")
    elif arguments.rule in explanations:
        print(explain_rule(explanations[Rule(arguments.rule)]), end="")
    else:
        near = get_close_matches(arguments.rule, list(Rule), n=1)
        help_text = (
            f'did you mean "{near[0]}"?' if near else f"to list all rules, run: {COMMAND} explain"
        )
        raise UsageError(f'unknown rule "{arguments.rule}"; {help_text}')
    return SUCCESS
