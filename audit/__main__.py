"""`python -m audit`: test every recipe in the book on real servers."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

from audit.check import find_mismatches
from audit.command import exit_on_signals
from audit.effects import Effect, EffectError, declared, gaps
from audit.install import MissingError, Program, servers
from audit.recipes import Key, Recipe, read

CONTENT = Path(__file__).resolve().parent.parent / "content"
CONCURRENCY = 8
"""How many servers run at the same time. They spend most of the time waiting."""


def main(arguments: list[str] | None = None) -> int:
    """Print every mismatch and a summary, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m audit", description=__doc__)
    parser.add_argument(
        "--content", type=Path, help="a folder with articles that override those of the book"
    )
    parser.add_argument(
        "--only",
        default="",
        help="test only recipes whose article or server contains this text, such as 404 or nginx",
    )
    options = parser.parse_args(arguments)
    exit_on_signals()
    started = time.monotonic()
    recipes = read(CONTENT, options.content)
    try:
        effects = declared()
        mismatches = list(gaps(recipes, effects))
        programs = servers()
    except (EffectError, MissingError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    chosen = [
        effect
        for effect in effects
        if effect.key in recipes and options.only in f"{effect.article} {effect.server}"
    ]
    mismatches += _check_all(recipes, chosen, programs)
    sys.stderr.writelines(f"{line}\n" for line in mismatches)
    versions = ", ".join(f"{name} {program.version}" for name, program in programs.items())
    sys.stdout.write(
        f"{len({effect.key for effect in chosen})} recipes, {len(chosen)} effects on {versions}: "
        f"{f'{len(mismatches)} problems' if mismatches else 'all as expected'}, "
        f"in {time.monotonic() - started:.0f} s\n"
    )
    return 1 if mismatches else 0


def _check_all(
    recipes: Mapping[Key, Recipe], effects: Iterable[Effect], programs: Mapping[str, Program]
) -> list[str]:
    def check(effect: Effect) -> list[str]:
        recipe = recipes[effect.key]
        mismatches = find_mismatches(recipe, effect, programs[effect.server])
        return [f"{recipe}: {effect}: {mismatch}" for mismatch in mismatches]

    pool = ThreadPoolExecutor(CONCURRENCY)
    try:
        return list(chain.from_iterable(pool.map(check, effects)))
    finally:
        # After a signal, running checks stop their servers; no new check starts.
        pool.shutdown(cancel_futures=True)


if __name__ == "__main__":
    sys.exit(main())
