"""Computes results in two processes.

Only systems that can fork share the work: elsewhere, a second process would first have to import
everything again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from typing import TypeVar

from codebook.cache.encoding import decode, encode

R = TypeVar("R")
T = TypeVar("T")
_FEWEST = 24
"""The number of items from which a second process pays off."""


def compute(
    function: Callable[[T], R],
    items: Sequence[T],
    kind: type[R],
    processes: int,
    watch: Callable[[Sequence[T]], Iterable[T]],
) -> list[R]:
    """The results of a function for each item, in order.

    With two processes, another one computes every second item. What the function remembers there is
    lost, and an exception there is raised here when the item is computed again. So are all items if
    the system can't start the process, or kills it. `kind` is the type of the results; `watch`
    yields the items that this process computes, to show the progress.
    """
    if processes == 1 or len(items) < _FEWEST or sys.platform in {"win32", "darwin"}:
        return [function(item) for item in watch(items)]
    # Imported here because most builds have little to compute.
    from multiprocessing import get_context  # noqa: PLC0415

    context = get_context("fork")
    receiver, sender = context.Pipe(duplex=False)

    def work() -> None:
        receiver.close()
        sender.send_bytes(encode([function(item) for item in items[1::2]]))

    process = context.Process(target=_quietly, args=(work,), daemon=True)
    try:
        process.start()
    except OSError:
        return [function(item) for item in watch(items)]
    sender.close()
    here = [function(item) for item in watch(items[::2])]
    try:
        there: list[R] = decode(receiver.recv_bytes(), list[kind])  # type: ignore[valid-type]
    except (EOFError, OSError):
        there = [function(item) for item in items[1::2]]
    process.join()
    return [result for pair in zip_longest(here, there) for result in pair][: len(items)]


def _quietly(work: Callable[[], None]) -> None:
    """Run in the other process. Whatever stops it is repeated, and reported, in this one."""
    try:
        work()
    except BaseException:  # noqa: BLE001 - also Ctrl-C, which both processes receive
        sys.exit(1)
