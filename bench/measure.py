"""Runs a command, and measures its time or its memory. Only on Linux, which has `/proc`."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_INTERVAL = 0.01
"""Seconds between two samples of the memory."""
_MAX_OUTPUT = 3000
"""Characters of the output of a failed command that are shown."""


class CommandError(Exception):
    """A command failed; the message has the end of its output."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run cost, in seconds."""

    wall: float
    cpu: float
    """Of the process and all that it started and waited for."""


def cost_of(command: Sequence[str], folder: Path) -> Cost:
    """Run a command in a folder. Raises CommandError if it fails."""
    with _started(command, folder) as (process, started):
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(wall, usage.ru_utime + usage.ru_stime)


def peak_memory_of(command: Sequence[str], folder: Path) -> int:
    """Run a command in a folder, and return the most bytes that its processes used together.

    Memory that processes share is counted once. Reading it slows the command down, so the time of
    the same run means nothing. Raises CommandError if the command fails.
    """
    peak = 0
    with _started(command, folder) as (process, _):
        while process.poll() is None:
            peak = max(peak, sum(map(_memory, _session(process.pid))))
            time.sleep(_INTERVAL)
    return peak


def environment(folder: Path) -> Mapping[str, str]:
    """The environment of a generator: PYTHONDONTWRITEBYTECODE and the like would slow it down."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}


@contextmanager
def _started(
    command: Sequence[str], folder: Path
) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """Start a command in its own session, and check its exit status after the block."""
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        with subprocess.Popen(  # noqa: S603 - the command of a generator
            command,
            cwd=folder,
            env=environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        ) as process:
            try:
                yield process, started
            finally:
                if process.returncode is None:
                    os.killpg(process.pid, signal.SIGKILL)
        if process.returncode:
            raise CommandError(f"{' '.join(command)} failed:\n{_end_of(output)}")


def _end_of(output: IO[bytes]) -> str:
    output.seek(0)
    return output.read().decode(errors="replace")[-_MAX_OUTPUT:]


def _session(leader: int) -> Iterator[Path]:
    """The folders in `/proc` of the processes in a session."""
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                state = (path / "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue  # It ended.
            # The name of the program, in parentheses, can contain spaces.
            if int(state.rpartition(")")[2].split()[3]) == leader:
                yield path


def _memory(process: Path) -> int:
    """The bytes of a process; those that it shares with others count in part."""
    try:
        lines = (process / "smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0  # It ended.
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
