"""A process that has loaded the program, and whose children run the command without delay."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_SERVER = """
import json, os, signal, sys
from codebook.cli import building
from codebook.cli.main import main

CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir"}
WRITES = os.O_WRONLY | os.O_RDWR


def kill_at(last):
    # Counts what changes the disk, and kills this process before the last one happens.
    done = 0

    def count(event, arguments):
        nonlocal done
        is_write = event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITES
        if event in CHANGES or is_write:
            done += 1
            if done == last:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


for line in sys.stdin:
    children = []
    for arguments, last in json.loads(line):
        child = os.fork()
        if not child:
            nothing = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(nothing, stream)
            kill_at(last)
            os._exit(main(arguments))
        children.append(child)
    print(json.dumps([os.waitpid(child, 0)[1] for child in children]), flush=True)
"""


class ForkServer:
    """Runs commands in a folder."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    def run(self, *commands: Sequence[str]) -> list[int]:
        """Run commands at the same time, and return their exit codes."""
        return self._run([(command, 0) for command in commands])

    def kill(self, command: Sequence[str], last: int) -> bool:
        """Run a command, but kill it at a change of the disk; return whether it got that far.

        Changes are counted from 1, and the last one doesn't happen.
        """
        (code,) = self._run([(command, last)])
        return code == -signal.SIGKILL

    def close(self) -> None:
        """Stop the server."""
        self._process.communicate(timeout=60)

    def _run(self, commands: Sequence[tuple[Sequence[str], int]]) -> list[int]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(commands) + "\n")
        self._process.stdin.flush()
        statuses: list[int] = json.loads(self._process.stdout.readline())
        return [os.waitstatus_to_exitcode(status) for status in statuses]
