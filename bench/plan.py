"""What a run measures: the arguments of `make bench`."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass

from bench.scenarios import Scenario

CORPORA = ("real", "68", "1000", "10000")
BUILDS, PREVIEWS, GROWTH, QUICK = "builds", "previews", "growth", "quick"
OURS, BASELINE = "codebook", "baseline"
OTHERS = ("hugo", "eleventy", "pelican", "zensical", "material", "sphinx")

_ROUNDS = 7
_QUICK_ROUNDS = 3
_LARGE = ("10000",)
"""The corpora with fewer rounds and scenarios."""
_LARGE_ROUNDS = 3
_LARGE_SCENARIOS = (Scenario.CLEAN, Scenario.NOTHING, Scenario.ARTICLE)
_WITH_URL = ("real", "68")
_PREVIEWED = ("real", "1000")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run measures."""

    parts: Sequence[str]
    corpora: Sequence[str]
    generators: Sequence[str]
    scenarios: Sequence[Scenario]
    rounds: int
    baseline: str
    """A folder or a commit; empty for none."""
    is_written: bool
    """Whether the results become `RESULTS.md`."""

    def rounds_of(self, corpus: str) -> int:
        """How often each scenario runs."""
        return min(self.rounds, _LARGE_ROUNDS) if corpus in _LARGE else self.rounds

    def scenarios_of(self, corpus: str) -> Sequence[Scenario]:
        """The scenarios that run."""
        is_large = corpus in _LARGE
        return [it for it in self.scenarios if not is_large or it in _LARGE_SCENARIOS]

    def has_url(self, corpus: str) -> bool:
        """Whether this program and the baseline also build with a public URL."""
        return corpus in _WITH_URL

    def has_preview(self, corpus: str) -> bool:
        """Whether previews are compared."""
        return PREVIEWS in self.parts and corpus in _PREVIEWED


def read_plan(arguments: Sequence[str] | None = None) -> Plan:
    """The plan that the arguments describe; by default everything, which is then written."""
    parser = ArgumentParser(
        prog="bench",
        description="Compare builds and previews with those of other generators.",
        epilog="exit status: 0 (success), 1 (a ratio exceeds its limit)",
    )
    parts = (BUILDS, PREVIEWS, GROWTH, QUICK)
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="PART",
        help=f"what to measure: {', '.join(parts[:-1])}, or {QUICK}, which compares a few builds "
        "in a few minutes (default: everything)",
    )
    _add_list(parser, "--only", CORPORA)
    _add_list(parser, "--generators", (OURS, *OTHERS))
    _add_list(parser, "--scenarios", tuple(Scenario))
    parser.add_argument("--rounds", type=int, help=f"how often to run each (default: {_ROUNDS})")
    parser.add_argument(
        "--baseline",
        default="",
        metavar="VERSION",
        help="a commit or a folder with another version of codebook to compare with",
    )
    parser.add_argument("--write", action="store_true", help="write the results into bench/")
    options = parser.parse_args(arguments)
    if unknown := set(options.parts) - set(parts):
        parser.error(f"invalid PART: {', '.join(sorted(unknown))}")
    is_quick = QUICK in options.parts
    selects = (options.parts, options.only, options.generators, options.scenarios, options.rounds)
    quick_generators = (OURS, "hugo", "eleventy")
    return Plan(
        parts=[BUILDS] if is_quick else options.parts or parts,
        corpora=options.only or (CORPORA[:2] if is_quick else CORPORA),
        generators=options.generators or (quick_generators if is_quick else (OURS, *OTHERS)),
        scenarios=options.scenarios or tuple(Scenario),
        rounds=options.rounds or (_QUICK_ROUNDS if is_quick else _ROUNDS),
        baseline=options.baseline,
        is_written=options.write or not any(selects),
    )


def _add_list(parser: ArgumentParser, name: str, values: Sequence[str]) -> None:
    """An option whose value is some of these values, separated by commas."""

    def read(text: str) -> Sequence[str]:
        chosen = text.split(",")
        if unknown := set(chosen) - set(values):
            raise ValueError(unknown)
        return [value for value in values if value in chosen]

    read.__name__ = "list"
    parser.add_argument(
        name, type=read, default=(), metavar="LIST", help=f"some of: {','.join(values)}"
    )
