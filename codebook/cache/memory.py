"""Results of stages, kept from one build to the next.

A stage is a plain function whose first parameter is the cache. Two decorators let it keep what it
made: `memoize` the last result, `memoize_each` the last result for each value of its first input.
A call stays an ordinary call: `parse_file(cache, path, source)`.

Inputs are compared by content, so a build with a full cache gives the bytes of one with an empty
cache, and the entries of a later run could come from a disk. Each stage has entries of
its own, so no two stages share one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
_Entry = tuple[tuple[object, ...], Any]
"""The inputs of a stage, and its result."""


class Cache:
    """What each stage made last time, and from what. Entries are never evicted."""

    __slots__ = ("_entries",)

    def __init__(self) -> None:
        self._entries: defaultdict[str, dict[Hashable, _Entry]] = defaultdict(dict)

    def result(
        self, stage: str, item: Hashable, inputs: tuple[object, ...], make: Callable[[], T]
    ) -> T:
        """The result of a stage for an item where the inputs are equal, else what `make` gives.

        A new result that equals the old one is handed out as the old object: stages that take it
        as an input then see at once that nothing has changed.
        """
        entries = self._entries[stage]
        entry = entries.get(item)
        if entry and entry[0] == inputs:
            cached: T = entry[1]
            return cached
        result = make()
        if entry and entry[1] == result:
            result = entry[1]
        entries[item] = (inputs, result)
        return result


def memoize(stage: Callable[Concatenate[Cache, P], T]) -> Callable[Concatenate[Cache, P], T]:
    """Let a stage keep its last result."""
    name = _name(stage)

    @wraps(stage)
    def memoized(cache: Cache, /, *args: P.args, **kwargs: P.kwargs) -> T:
        inputs = (*args, *kwargs.items())
        return cache.result(name, None, inputs, partial(stage, cache, *args, **kwargs))

    return memoized


def memoize_each(
    stage: Callable[Concatenate[Cache, K, P], T],
) -> Callable[Concatenate[Cache, K, P], T]:
    """Let a stage keep its last result for each value of its first input, such as a path."""
    name = _name(stage)

    @wraps(stage)
    def memoized(cache: Cache, item: K, /, *args: P.args, **kwargs: P.kwargs) -> T:
        inputs = (*args, *kwargs.items())
        return cache.result(name, item, inputs, partial(stage, cache, item, *args, **kwargs))

    return memoized


def _name(stage: Callable[..., object]) -> str:
    """The name of a stage, which no other has: only functions at the top of a module are stages."""
    return f"{stage.__module__}.{stage.__qualname__}"
