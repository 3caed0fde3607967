"""`python -m audit.mutations`: check that the tests catch deliberate bugs in the program.

Each mutation in `mutations.toml` replaces one snippet of the source, and introduces a bug that
could otherwise go unnoticed. Each runs separately, in a copy of the repository, with the tests that
should fail.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from queue import SimpleQueue

from audit.command import exit_on_signals

ROOT = Path(__file__).resolve().parent.parent
TABLE = Path(__file__).with_name("mutations.toml")
TIMEOUT = 300
"""Seconds that the tests of one mutation can take."""
_PASSED, _FAILED = 0, 1
"""The exit codes of pytest if it could run the tests."""


@dataclass(frozen=True)
class Mutation:
    """A deliberate bug, and the tests that must catch it."""

    id: str
    file: str
    """A source file, relative to the repository."""
    before: str
    """A snippet that appears exactly once in the file."""
    after: str
    tests: tuple[str, ...]
    """Test files or single tests, in the syntax of pytest."""


def declared(path: Path = TABLE) -> tuple[Mutation, ...]:
    """All mutations in the table."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))["mutation"]
    return tuple(Mutation(**{**table, "tests": tuple(table["tests"])}) for table in tables)


def errors(mutations: Sequence[Mutation], root: Path = ROOT) -> Iterator[str]:
    """Entries that don't match the current sources and tests."""
    for name, count in Counter(mutation.id for mutation in mutations).items():
        if count > 1:
            yield f"{name}: {count} mutations have this id"
    for mutation in mutations:
        count = _text(root / mutation.file).count(mutation.before)
        if count != 1:
            yield f"{mutation.id}: {mutation.file} contains the snippet {count} times, not once"
        for test in mutation.tests:
            path, _, function = test.partition("[")[0].partition("::")
            if not re.search(rf"\bdef {function}\b", _text(root / path)):
                yield f"{mutation.id}: no such test: {test}"


def main(arguments: list[str] | None = None) -> int:
    """Report whether each mutation is caught. Return 0 only if all of them are."""
    parser = argparse.ArgumentParser(prog="python -m audit.mutations", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="ID", help="run only these mutations")
    parser.add_argument(
        "--jobs", type=int, default=1, help="how many to run at the same time (default: 1)"
    )
    parser.add_argument(
        "--check", action="store_true", help="check the table without running any tests"
    )
    options = parser.parse_args(arguments)
    exit_on_signals()
    mutations = declared()
    known = {mutation.id: mutation for mutation in mutations}
    wanted = options.only or [*known]
    wrong = [*errors(mutations), *(f"{name}: no such mutation" for name in {*wanted} - {*known})]
    sys.stderr.writelines(f"{error}\n" for error in wrong)
    if wrong or options.check:
        return 1 if wrong else 0
    with tempfile.TemporaryDirectory(prefix="codebook-") as folder:
        return _run_all([known[name] for name in wanted], options.jobs, Path(folder))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _run_all(mutations: Sequence[Mutation], jobs: int, folder: Path) -> int:
    whole = folder / "whole"
    _copy_tracked(whole)
    # The compiled files are reused in all copies.
    tests = sorted({*chain.from_iterable(mutation.tests for mutation in mutations)})
    status, output = _run_tests(tests, whole, jobs, TIMEOUT * len(mutations))
    if status != _PASSED:
        sys.stderr.write(f"{output}\nThese tests must pass without mutations.\n")
        return 1
    copies: SimpleQueue[Path] = SimpleQueue()
    for number in range(jobs):
        copies.put(shutil.copytree(whole, folder / str(number), symlinks=True))

    def run(mutation: Mutation) -> bool:
        copy = copies.get()
        is_caught, line = _run_mutation(mutation, copy)
        copies.put(copy)
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
        return is_caught

    pool = ThreadPoolExecutor(jobs)
    try:
        caught = sum(pool.map(run, mutations))
    finally:
        # After a signal, let running mutations finish, but start no new ones.
        pool.shutdown(cancel_futures=True)
    sys.stdout.write(f"{caught} of {len(mutations)} caught\n")
    return 0 if caught == len(mutations) else 1


def _copy_tracked(folder: Path) -> None:
    """Copy all files that Git tracks, as they are in the working tree."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z"]
    listing = subprocess.run(command, stdout=subprocess.PIPE, check=True)  # noqa: S603 - our own
    for name in listing.stdout.decode().split("\0"):
        if name and (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name, follow_symlinks=False)


def _run_mutation(mutation: Mutation, copy: Path) -> tuple[bool, str]:
    """Whether the tests catch the mutation in this copy, and a line to print."""
    path = copy / mutation.file
    original = path.read_text(encoding="utf-8")
    path.write_text(original.replace(mutation.before, mutation.after), encoding="utf-8")
    status, output = _run_tests(mutation.tests, copy)
    path.write_text(original, encoding="utf-8")
    if status == _FAILED:
        failed = re.search(r"^(?:FAILED|ERROR) (.*?)(?: - |$)", output, re.MULTILINE)
        return True, f"caught  {mutation.id} (by {failed[1] if failed else 'a failure'})"
    return False, f"MISSED  {mutation.id}" + ("" if status == _PASSED else f": {output}")


def _run_tests(
    tests: Sequence[str], copy: Path, workers: int = 0, timeout: int = TIMEOUT
) -> tuple[int, str]:
    """Run these tests, and return the exit code and the output of pytest."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    # Compiled code of a mutated file could be mistaken for that of the original.
    quiet = {} if workers else {"PYTHONDONTWRITEBYTECODE": "1"}
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*command, "-n", str(workers), *tests],
            cwd=copy,
            env={**os.environ, **quiet},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            status = process.wait(timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return process.wait(), f"still running after {timeout} s"
        output.seek(0)
        return status, output.read().decode(errors="replace")


if __name__ == "__main__":
    sys.exit(main())
