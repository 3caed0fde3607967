"""Starts what an engine consists of, and ends it."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from audit.engines.engine import START, EngineError
from audit.tether import tethered

T = TypeVar("T")


def path_of(names: Iterable[str]) -> str | None:
    """The first of these programs that the machine has."""
    return next(filter(None, map(shutil.which, names)), None)


@dataclass(frozen=True, slots=True)
class Program:
    """A program that runs."""

    name: str
    process: subprocess.Popen[bytes]
    said: Path
    """Where its output goes."""

    def output(self) -> str:
        """What it has written so far."""
        return self.said.read_text(encoding="utf-8", errors="replace")

    def wait(self, answer: Callable[[], T | None]) -> T:
        """The answer as soon as there is one."""
        until = time.monotonic() + START
        while self.process.poll() is None and time.monotonic() < until:
            if (found := answer()) is not None:
                return found
            time.sleep(0.02)
        raise self.fault("does not get ready" if self.process.poll() is None else "ends at once")

    def fault(self, what: str) -> EngineError:
        """What it does wrong, with its last word."""
        # The last line says most, and a finding has only one.
        last = self.output().strip().rpartition("\n")[2]
        return EngineError(f"{self.name} {what}" + (f": {last}" if last else ""))


@contextmanager
def running(
    command: list[str],
    home: Path,
    environment: Mapping[str, str] | None = None,
    keep: tuple[int, ...] = (),
) -> Iterator[Program]:
    """A program with a home of its own, until the end of the block.

    The file descriptors to keep stay open in it.
    """
    name = Path(command[0]).name
    said = home / f"{name}.said"
    with said.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - a program that we found, with our own arguments
            tethered(command),
            cwd=home,
            # Nothing is read from, or left in, the settings of whoever runs this.
            env={**os.environ, "HOME": str(home), **_folders(home), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=keep,
        )
    try:
        yield Program(name, process, said)
    finally:
        process.terminate()
        process.wait()


def _folders(home: Path) -> Mapping[str, str]:
    kinds = ("CONFIG_HOME", "CACHE_HOME", "DATA_HOME", "STATE_HOME", "RUNTIME_DIR")
    return {f"XDG_{kind}": str(home) for kind in kinds}
