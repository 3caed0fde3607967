"""Runs a command that ends with the process that started it, even if that process is killed.

Started as a script: `python supervised_process.py PARENT COMMAND ...`. It keeps running beside the
command: the kernel drops the parent-death signal when a process changes its user, as Apache httpd
does.
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
"""Seconds that the command has to terminate after SIGTERM."""


def supervised(command: list[str]) -> list[str]:
    """The command, prefixed with this program: it ends with the thread that starts it."""
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *command]


def main(parent: int, command: list[str]) -> int:
    """Run the command, and terminate it on SIGTERM or when the parent has exited."""
    _exit_with(parent, signal.SIGTERM)
    # A process group of its own: killing the parent's whole group leaves this program to clean up,
    # and Apache httpd signals its whole group.
    os.setsid()
    supervisor = os.getpid()
    child = os.fork()
    if child == 0:
        _exit_with(supervisor, signal.SIGKILL)
        os.execv(command[0], command)  # noqa: S606 - the command is our own, and wants no shell

    def stop(received: int, _: FrameType | None) -> None:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGTERM if received == signal.SIGTERM else signal.SIGKILL)
        signal.alarm(GRACE)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGALRM, stop)
    return abs(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _exit_with(parent: int, death_signal: signal.Signals) -> None:
    """Have the kernel signal this process when its parent exits."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal)
    # The parent may have exited before the signal was requested.
    if os.getppid() != parent:
        sys.exit(1)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
