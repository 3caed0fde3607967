"""A progress bar on stderr, for a person who waits."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sized
from time import monotonic
from typing import TypeVar

T = TypeVar("T")

_PATIENCE = 0.5
"""Seconds of work before a bar is worth drawing."""


class Progress:
    """Watches work, and draws a bar where stderr is a terminal and the work is long."""

    def __init__(self) -> None:
        self._since = monotonic()

    def __call__(self, work: Iterable[T], what: str) -> Iterable[T]:
        """Hand on the work piece by piece; `what` says in a word what is done with it."""
        return self._drawn(work, what) if sys.stderr.isatty() else work

    def _drawn(self, work: Iterable[T], what: str) -> Iterator[T]:
        total = len(work) if isinstance(work, Sized) else None
        pieces = iter(work)
        done = 0
        for piece in pieces:
            yield piece
            done += 1
            if monotonic() - self._since > _PATIENCE:
                break
        else:
            return
        # Imported only for somebody who waits: it costs more than a small build.
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import Progress as Bar  # noqa: PLC0415

        with Bar(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(what, total=total, completed=done)
            for piece in pieces:
                yield piece
                bar.advance(task)
