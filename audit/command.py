"""Signal handling and output for all audit commands."""

from __future__ import annotations

import io
import signal
import sys
from types import FrameType


def exit_on_signals() -> None:
    """Raise `SystemExit` on a signal, so that the command cleans up."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _exit)


def escape_unprintable_output() -> None:
    """Escape characters on stdout that its encoding can't represent."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _exit(number: int, _: FrameType | None) -> None:
    sys.exit(128 + number)
