"""`python -m audit`: tries every recipe of the book on the real servers."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from audit.check import faults
from audit.command import leave_when_told
from audit.effects import Effect, EffectError, declared, gaps
from audit.install import MissingError, Program, servers
from audit.recipes import Key, Recipe, read

CONTENT = Path(__file__).resolve().parent.parent / "content"
AT_ONCE = 8
"""Servers that run beside each other; most of their time is spent waiting."""


def main(arguments: list[str] | None = None) -> int:
    """Say what is wrong, line by line, or that all is well."""
    parser = argparse.ArgumentParser(prog="python -m audit", description=__doc__)
    parser.add_argument("--content", type=Path, help="a folder whose articles come first")
    parser.add_argument("--only", default="", help="a part of the article's name: 404, nginx")
    options = parser.parse_args(arguments)
    leave_when_told()
    began = time.monotonic()
    recipes = read(CONTENT, options.content)
    try:
        effects = declared()
        diagnostics = list(gaps(recipes, effects))
        programs = servers()
    except (EffectError, MissingError) as diagnostic:
        sys.stderr.write(f"{diagnostic}\n")
        return 1
    chosen = [e for e in effects if e.key in recipes and options.only in f"{e.article} {e.server}"]
    diagnostics += _try(recipes, chosen, programs)
    sys.stderr.writelines(f"{line}\n" for line in diagnostics)
    versions = ", ".join(f"{name} {program.version}" for name, program in programs.items())
    sys.stdout.write(
        f"{len({each.key for each in chosen})} recipes, {len(chosen)} effects on {versions}: "
        f"{f'{len(diagnostics)} problems' if diagnostics else 'all as declared'}, "
        f"in {time.monotonic() - began:.0f} s\n"
    )
    return 1 if diagnostics else 0


def _try(
    recipes: Mapping[Key, Recipe], effects: Iterable[Effect], programs: Mapping[str, Program]
) -> list[str]:
    def one(effect: Effect) -> list[str]:
        recipe = recipes[effect.key]
        found = faults(recipe, effect, programs[effect.server])
        return [f"{recipe}: {effect}: {fault}" for fault in found]

    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        return [fault for found in pool.map(one, effects) for fault in found]
    finally:
        # After a signal, what runs comes to its end, and its servers with it; nothing new begins.
        pool.shutdown(cancel_futures=True)


if __name__ == "__main__":
    sys.exit(main())
