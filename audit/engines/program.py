"""Start and stop the programs of an engine."""

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

from audit.engines.engine import START_TIMEOUT, EngineError
from audit.supervised_process import supervised

T = TypeVar("T")


def find_program(names: Iterable[str]) -> str | None:
    """The path of the first installed program with one of these names."""
    return next(filter(None, map(shutil.which, names)), None)


@dataclass(frozen=True, slots=True)
class Program:
    """A running program."""

    name: str
    process: subprocess.Popen[bytes]
    output_path: Path
    """The file with its output."""

    def output(self) -> str:
        """The output so far."""
        return self.output_path.read_text(encoding="utf-8", errors="replace")

    def wait(self, poll: Callable[[], T | None]) -> T:
        """Poll until the result isn't None."""
        deadline = time.monotonic() + START_TIMEOUT
        while self.process.poll() is None and time.monotonic() < deadline:
            if (result := poll()) is not None:
                return result
            time.sleep(0.02)
        raise self.error(
            "did not get ready" if self.process.poll() is None else "exited immediately"
        )

    def error(self, what: str) -> EngineError:
        """An error of the program, with the last line of its output."""
        # Findings have a single line, and the last line is usually the most helpful.
        last = self.output().strip().rpartition("\n")[2]
        return EngineError(f"{self.name} {what}" + (f": {last}" if last else ""))


@contextmanager
def running(
    command: list[str],
    home: Path,
    environment: Mapping[str, str] | None = None,
    file_descriptors: tuple[int, ...] = (),
) -> Iterator[Program]:
    """Run a program with a separate home folder until the end of the block.

    The program inherits the file descriptors.
    """
    name = Path(command[0]).name
    output_path = home / f"{name}.output"
    with output_path.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - a program that we found, with our own arguments
            supervised(command),
            cwd=home,
            # Don't read or change the user's settings.
            env={**os.environ, "HOME": str(home), **_folders(home), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=file_descriptors,
        )
    try:
        yield Program(name, process, output_path)
    finally:
        process.terminate()
        process.wait()


def _folders(home: Path) -> Mapping[str, str]:
    kinds = ("CONFIG_HOME", "CACHE_HOME", "DATA_HOME", "STATE_HOME", "RUNTIME_DIR")
    return {f"XDG_{kind}": str(home) for kind in kinds}
