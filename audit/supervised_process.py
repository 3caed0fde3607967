"""Run a command that ends when its parent process ends, even if the parent is killed.

Run as a script: `python supervised_process.py PARENT COMMAND ...`. The script keeps running next to
the command, because the kernel clears the parent-death signal when a process changes its user, as
Apache httpd does.
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
"""Seconds that the command has to exit after SIGTERM."""


def supervised(command: list[str]) -> list[str]:
    """The command, wrapped in this script. It ends with the thread that starts it."""
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *command]


def main(parent: int, command: list[str]) -> int:
    """Run the command, and terminate it on SIGTERM or when the parent exits."""
    _exit_with(parent, signal.SIGTERM)
    # Use a separate process group: this script must outlive the parent's group to clean up, and
    # Apache httpd sends signals to its whole group.
    os.setsid()
    supervisor = os.getpid()
    child = os.fork()
    if child == 0:
        _exit_with(supervisor, signal.SIGKILL)
        os.execv(command[0], command)  # noqa: S606 - our own command, without a shell

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
