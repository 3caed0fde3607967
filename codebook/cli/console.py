"""Exit codes, status messages, and the progress bar."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sized
from time import monotonic
from typing import TypeVar

T = TypeVar("T")

SUCCESS = 0
CONTENT_PROBLEMS = 1
"""Errors, or warnings with `--strict`; also fixes that the user declined."""
FAILURE = 2
"""Invalid usage, or a file that can't be read or written."""

_BAR_DELAY = 0.5
"""Seconds before the bar appears."""


def say(text: str, *, quiet: bool) -> None:
    """Print a line to stderr, unless it is empty or `quiet` is set."""
    if text and not quiet:
        print(text, file=sys.stderr, flush=True)


class ProgressBar:
    """Shows a progress bar during long work if stderr is a terminal."""

    def __init__(self) -> None:
        self._started = monotonic()

    def __call__(self, items: Iterable[T], task: str) -> Iterable[T]:
        """Yield the items while showing progress; `task` is the label of the bar."""
        return self._with_bar(items, task) if sys.stderr.isatty() else items

    def _with_bar(self, items: Iterable[T], task: str) -> Iterator[T]:
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
        # Imported lazily: importing Rich takes longer than a small build.
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import Progress  # noqa: PLC0415

        with Progress(console=Console(stderr=True), transient=True) as progress:
            bar = progress.add_task(task, total=total, completed=done)
            for item in iterator:
                yield item
                progress.advance(bar)
