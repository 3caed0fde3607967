"""Computes results in two processes.

Only systems that can fork share the work: elsewhere, a second process would first have to import
everything again.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from threading import Thread
from typing import BinaryIO, NoReturn, TypeVar

from msgspec import DecodeError

from codebook.cache.encoding import decode, encode

R = TypeVar("R")
T = TypeVar("T")
_FEWEST = 24
"""The number of items from which a second process pays off."""
_MAX_PARTS = 1 << 8
"""How many parts a byte can number."""
_PIPE_SIZE = 1 << 20
"""In bytes."""
_LENGTH = 8
"""The bytes before the results of a part, which say how many bytes they take."""


def compute(  # noqa: PLR0913 - the last two are options
    function: Callable[[T], R],
    items: Sequence[T],
    kind: type[R],
    watch: Callable[[Sequence[T]], Iterable[T]],
    *,
    processes: int = 1,
    meanwhile: Callable[[], object] | None = None,
) -> list[R]:
    """The results of a function for each item, in order.

    With two processes, each takes the next items whenever it has computed some. What the function
    remembers in the other process is lost, and so are its exceptions: all results that are missing
    in the end are computed in this process. `kind` is the type of the results; `watch` yields the
    items one by one, to show the progress. `meanwhile` is called in this process before it takes
    any items; for that, a second process is used even if there are few items.
    """
    few = 1 if meanwhile else _FEWEST
    if processes == 1 or len(items) < few or sys.platform in {"win32", "darwin"}:
        return [function(item) for item in watch(items)]
    parts = _parts(len(items))
    with ExitStack() as stack:
        # The numbers of the parts that no process has taken.
        queue, numbers = os.pipe()
        stack.callback(os.close, queue)
        os.write(numbers, bytes(range(len(parts))))
        os.close(numbers)
        receiver, sender = os.pipe()
        _enlarge(sender)
        results = stack.enter_context(os.fdopen(receiver, "rb"))
        try:
            child = os.fork()
        except OSError:
            os.close(sender)
            return [function(item) for item in watch(items)]
        if not child:
            # With it, this process would wait forever if the first one is killed.
            results.close()
            _compute_there(function, items, _taken(parts, queue), sender)
        os.close(sender)
        # Received at once, because they would take memory in both processes.
        there: dict[int, R] = {}
        receiving = Thread(target=_receive, args=(results, kind, there))
        receiving.start()
        stack.callback(receiving.join)
        stack.callback(_end, child)
        if meanwhile:
            meanwhile()
        done = _compute_here(function, watch(items), _taken(parts, queue))
        receiving.join()
    done |= there
    return [done[i] if i in done else function(item) for i, item in enumerate(items)]


def _enlarge(pipe: int) -> None:
    """Let a pipe hold more, so that the other process rarely waits for this one to read."""
    import fcntl  # noqa: PLC0415 - systems that can't fork don't have it

    # Only Linux can, and an administrator can limit the size.
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)


def _parts(count: int) -> Sequence[range]:
    """The indexes of items, in parts of almost the same size."""
    parts = min(count, _MAX_PARTS)
    return [range(count * i // parts, count * (i + 1) // parts) for i in range(parts)]


def _taken(parts: Sequence[range], queue: int) -> Iterator[range]:
    """Take one part after the other, until no parts are left."""
    while number := os.read(queue, 1):
        yield parts[number[0]]


def _compute_here(
    function: Callable[[T], R], items: Iterable[T], taken: Iterator[range]
) -> dict[int, R]:
    """The results by index. Iterates over all items, as the other process takes the rest."""
    done: dict[int, R] = {}
    nothing = range(sys.maxsize, sys.maxsize)
    part = next(taken, nothing)
    for index, item in enumerate(items):
        if index >= part.stop:
            part = next(taken, nothing)
        if index in part:
            done[index] = function(item)
    return done


def _compute_there(
    function: Callable[[T], R], items: Sequence[T], taken: Iterator[range], sender: int
) -> NoReturn:
    """Send results from the other process, and end it.

    Whatever stops it, including Ctrl-C, which both processes receive, is repeated in this one.
    """
    try:
        # Encoded at once, because results take more memory.
        with os.fdopen(sender, "wb") as results:
            for part in taken:
                data = encode((part.start, [function(items[i]) for i in part]))
                results.write(len(data).to_bytes(_LENGTH, "big"))
                results.write(data)
                results.flush()
    finally:
        # Neither buffers nor exit handlers of the first process must run twice.
        os._exit(0)


def _receive(results: BinaryIO, kind: type[R], done: dict[int, R]) -> None:
    """Add the results of the other process, by index, until it ends or is stopped."""
    with suppress(DecodeError):
        while length := results.read(_LENGTH):
            data = results.read(int.from_bytes(length, "big"))
            start, part = decode(data, tuple[int, list[kind]])  # type: ignore[valid-type]
            done.update(enumerate(part, start))


def _end(child: int) -> None:
    """End the other process if it's still running."""
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
