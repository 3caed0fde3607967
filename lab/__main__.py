"""Measure what HTTP clients do with each status code, and write the tables of the book."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from lab import results, tables
from lab.clients import AdapterError, Client, clients
from lab.compare import differences, is_outdated
from lab.install import install
from lab.programs import program_of
from lab.run import REPEATS, Plan, run_client, settled
from lab.scenarios import SCENARIOS

_AT_ONCE = 3
"""Clients that are measured at the same time, because most of the time they wait."""
_Item = TypeVar("_Item")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and return the exit status."""
    parser = argparse.ArgumentParser(prog="lab", description=__doc__)
    parser.add_argument("--client", action="append", help="only this client; can be repeated")
    parser.add_argument(
        "--scenario",
        action="append",
        help="only this scenario, or all that match, as in redirect-*-post; writes nothing",
    )
    parser.add_argument(
        "--check", action="store_true", help="compare with the stored results; writes nothing"
    )
    parser.add_argument(
        "--repeats", type=_positive, default=REPEATS, help="how often to run each scenario"
    )
    parser.add_argument(
        "--second-server", action="store_true", help="confirm the results with the second server"
    )
    options = parser.parse_args(arguments)
    try:
        chosen = _matching(clients(), options.client)
        scenarios = _matching(SCENARIOS, options.scenario)
    except LookupError as error:
        parser.error(str(error))
    missing = install(chosen)
    installed = {key: client for key, client in chosen.items() if key not in missing}
    plan = Plan(scenarios, options.repeats, options.second_server)
    measured, failed = asyncio.run(_measure(installed, plan))
    failed = {**missing, **failed}
    console = Console(highlight=False, markup=False, soft_wrap=True)
    for key, reason in failed.items():
        console.print(f"{key}: not measured: {reason}", style="red")
    if options.check or options.second_server:
        differ = [_compare(key, result, console) for key, result in measured.items()]
        return any(differ) or bool(failed)
    if options.scenario:
        for key, result in measured.items():
            _print_outcomes(key, result, console)
        return bool(failed)
    for key, result in measured.items():
        results.write(key, result)
    for path, text in tables.written(SCENARIOS.values(), clients(), results.read_all()).items():
        path.write_text(text, encoding="utf-8")
    return bool(failed)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("it must be at least 1")
    return number


def _matching(items: Mapping[str, _Item], patterns: list[str] | None) -> Mapping[str, _Item]:
    """The items whose key matches a pattern; raises LookupError if a pattern matches none."""
    for pattern in patterns or ():
        if not any(fnmatchcase(key, pattern) for key in items):
            similar = get_close_matches(pattern, items, 5, 0)
            raise LookupError(f"nothing is named {pattern}; similar names: {', '.join(similar)}")
    return {
        key: item
        for key, item in items.items()
        if not patterns or any(fnmatchcase(key, pattern) for pattern in patterns)
    }


async def _measure(
    chosen: Mapping[str, Client], plan: Plan
) -> tuple[dict[str, results.Result], dict[str, str]]:
    """The results, and for each client without one, the reason."""
    measured: dict[str, results.Result] = {}
    failed: dict[str, str] = {}
    limit = asyncio.Semaphore(_AT_ONCE)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:

        async def measure(key: str, client: Client) -> None:
            async with limit:
                total = len(plan.asked_of(client)) * plan.repeats
                task = progress.add_task(key, total=total)
                start = time.monotonic()
                try:
                    # Compiling must not delay the servers of the other clients.
                    program = await asyncio.to_thread(program_of, client)
                    outcomes = await run_client(
                        client, program, plan, lambda: progress.advance(task)
                    )
                except (AdapterError, OSError) as error:
                    failed[key] = str(error)
                else:
                    measured[key] = results.result_of(client, outcomes)
                    if not console.is_terminal:
                        seconds = time.monotonic() - start
                        console.print(f"{key} {outcomes.version}: {seconds:.1f} s")

        await asyncio.gather(*(measure(key, client) for key, client in chosen.items()))
    return {key: measured[key] for key in chosen if key in measured}, failed


def _compare(key: str, result: results.Result, console: Console) -> bool:
    """Print how a client's outcomes differ from the stored ones; whether one should not."""
    stored = results.read(key)
    found = tuple(differences(result, stored))
    if is_outdated(result, stored):
        before = f"{stored.version} was measured" if stored else "it was never measured"
        again = f"measure again with make lab ARGS='--client {key}'"
        console.print(f"{key} {result.version}: {before}; {again}")
        return False
    for each in found:
        text = f"{key} {each.scenario}: {each.now}, before: {each.before or 'not measured'}"
        console.print(text, style="red")
    count = len(result.runs)
    console.print(f"{key} {result.version}: {count - len(found)} of {count} outcomes are as stored")
    return bool(found)


def _print_outcomes(key: str, result: results.Result, console: Console) -> None:
    for scenario, runs in result.runs.items():
        console.print(f"{key}\t{scenario}\t{settled(runs)}")


if __name__ == "__main__":
    # Either lets the clients be stopped, even if the shell ignores Ctrl-C for background jobs.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
        sys.exit(128 + signal.SIGINT)
