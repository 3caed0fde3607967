"""`python -m audit`: test every recipe in the book on real servers, and reproduce its messages."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

from audit import scenarios
from audit.check import find_mismatches
from audit.command import exit_on_signals
from audit.effects import Effect, EffectError, declared, gaps
from audit.install import MissingError, Program, servers
from audit.recipes import Recipe, read

CONTENT = Path(__file__).resolve().parent.parent / "content"
CONCURRENCY = 8
"""How many servers run at the same time. They spend most of the time waiting."""

Trial = tuple[Recipe, Effect]


def main(arguments: list[str] | None = None) -> int:
    """Print every mismatch and a summary, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m audit", description=__doc__)
    parser.add_argument(
        "--content", type=Path, help="a folder with articles that override those of the book"
    )
    parser.add_argument(
        "--only",
        default="",
        help="test only articles or servers whose name contains this text, such as 404 or nginx",
    )
    options = parser.parse_args(arguments)
    exit_on_signals()
    started = time.monotonic()
    recipes = read(CONTENT, options.content)
    symptoms = scenarios.symptoms(CONTENT)
    try:
        effects, provoked = declared(), scenarios.declared(symptoms)
        mismatches = [*gaps(recipes, effects), *scenarios.gaps(symptoms, provoked)]
        programs = servers()
    except (EffectError, MissingError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    tried = [(recipes[effect.key], effect) for effect in effects if effect.key in recipes]
    chosen = _chosen(tried, options.only)
    chosen_scenarios = _chosen([(it.recipe, it.effect) for it in provoked], options.only)
    mismatches += scenarios.version_errors(provoked, programs)
    mismatches += _check_all([*chosen, *chosen_scenarios], programs)
    sys.stderr.writelines(f"{line}\n" for line in mismatches)
    versions = ", ".join(f"{name} {program.version}" for name, program in programs.items())
    sys.stdout.write(
        f"{len({effect.key for _, effect in chosen})} recipes, {len(chosen)} effects, and "
        f"{len(chosen_scenarios)} messages on {versions}: "
        f"{f'{len(mismatches)} problems' if mismatches else 'all as expected'}, "
        f"in {time.monotonic() - started:.0f} s\n"
    )
    return 1 if mismatches else 0


def _chosen(tried: Iterable[Trial], text: str) -> list[Trial]:
    return [
        (recipe, effect) for recipe, effect in tried if text in f"{effect.article} {effect.server}"
    ]


def _check_all(trials: Iterable[Trial], programs: Mapping[str, Program]) -> list[str]:
    def check(trial: Trial) -> list[str]:
        recipe, effect = trial
        mismatches = find_mismatches(recipe, effect, programs[effect.server])
        return [f"{recipe}: {effect}: {mismatch}" for mismatch in mismatches]

    pool = ThreadPoolExecutor(CONCURRENCY)
    try:
        return list(chain.from_iterable(pool.map(check, trials)))
    finally:
        # After a signal, running checks stop their servers; no new check starts.
        pool.shutdown(cancel_futures=True)


if __name__ == "__main__":
    sys.exit(main())
