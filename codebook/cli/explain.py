"""`explain` tells what a rule means, why it is one, and what breaks and keeps it."""

from __future__ import annotations

import argparse
from difflib import get_close_matches

from codebook.cli.arguments import Refuse
from codebook.cli.paths import PROGRAM
from codebook.diagnostics import explain as text
from codebook.diagnostics.diagnostic import Rule

_DONE = 0


def declare(parser: argparse.ArgumentParser) -> None:
    """Let the parser take a rule."""
    parser.add_argument("rule", nargs="?", metavar="RULE", help="the rule; without it, all rules")
    parser.add_argument(
        "--markdown", action="store_true", help="print all rules as docs/rules.md holds them"
    )


def explain(given: argparse.Namespace, refuse: Refuse) -> int:
    """Print what is asked for."""
    if given.markdown:
        print(text.page(), end="")
    elif given.rule is None:
        print(text.listed(), end="")
    elif given.rule in set(Rule):
        print(text.explained(Rule(given.rule)), end="")
    else:
        near = get_close_matches(given.rule, list(Rule), n=1)
        cure = f'did you mean "{near[0]}"?' if near else f"{PROGRAM} explain lists all"
        refuse(f'there is no rule "{given.rule}"; {cure}')
    return _DONE
