"""What every command has in common: its exit codes, status messages, and a progress bar."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sized
from time import monotonic
from typing import TypeVar

T = TypeVar("T")

SUCCESS = 0
CONTENT_PROBLEMS = 1
"""Also where a fix was offered and declined."""
FAILURE = 2
"""Wrong usage, or a file that cannot be read or written."""

_BAR_DELAY = 0.5
"""Seconds of work before a bar is worth drawing."""


def say(text: str, *, quiet: bool) -> None:
    """Print a line on stderr, unless it is empty or nothing but diagnostics is wanted."""
    if text and not quiet:
        print(text, file=sys.stderr, flush=True)


class ProgressBar:
    """Follows work, and draws a bar where stderr is a terminal and the work is long."""

    def __init__(self) -> None:
        self._started = monotonic()

    def __call__(self, items: Iterable[T], task: str) -> Iterable[T]:
        """Hand on the items one by one; `task` says in a word what is done with them."""
        return self._drawn(items, task) if sys.stderr.isatty() else items

    def _drawn(self, items: Iterable[T], task: str) -> Iterator[T]:
        total = len(items) if isinstance(items, Sized) else None
        iterator = iter(items)
        done = 0
        for item in iterator:
            yield item
            done += 1
            if monotonic() - self._started > _BAR_DELAY:
                break
        else:
            return
        # Imported only where a bar is drawn: it costs more than a small build.
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import Progress  # noqa: PLC0415

        with Progress(console=Console(stderr=True), transient=True) as progress:
            bar = progress.add_task(task, total=total, completed=done)
            for item in iterator:
                yield item
                progress.advance(bar)
