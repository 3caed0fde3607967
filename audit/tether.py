"""Runs a command that ends with whoever started it, even where that one is killed.

Started as a script: `python tether.py PARENT COMMAND ...`. It stays beside the command: the kernel
forgets the order to end a process when the process changes its user, as Apache httpd does.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress
from types import FrameType

PR_SET_PDEATHSIG = 1
GRACE = 1
"""Seconds that the command has to end by itself."""


def tethered(command: list[str]) -> list[str]:
    """The command with this program before it; it ends with the thread that starts it."""
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *command]


def main(parent: int, command: list[str]) -> int:
    """Start the command, and end it when the parent says so or is gone."""
    _follow(parent, signal.SIGTERM)
    # A group of its own: one who kills the parent's whole group leaves this program to clean up,
    # and Apache httpd sends what ends it to its whole group.
    os.setsid()
    this = os.getpid()
    child = os.fork()
    if child == 0:
        _follow(this, signal.SIGKILL)
        os.execv(command[0], command)  # noqa: S606 - the command is our own, and wants no shell

    def stop(number: int, _: FrameType | None) -> None:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGTERM if number == signal.SIGTERM else signal.SIGKILL)
        signal.alarm(GRACE)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGALRM, stop)
    return abs(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _follow(parent: int, order: signal.Signals) -> None:
    """Have this process sent a signal when its parent is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, order)
    # The order comes too late where the parent has gone in the meantime.
    if os.getppid() != parent:
        sys.exit(1)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
