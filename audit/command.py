"""What the commands of the audit have in common."""

from __future__ import annotations

import io
import signal
import sys
from types import FrameType


def leave_when_told() -> None:
    """From now on a signal to stop ends the command in order: it clears away what it has made."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)


def print_any_letter() -> None:
    """From now on stdout shows letters that the terminal lacks by their numbers."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _leave(number: int, _: FrameType | None) -> None:
    sys.exit(128 + number)
