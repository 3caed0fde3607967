"""Results of stages, cached from one build to the next.

A stage is a plain function whose first parameter is the cache. `memoize` caches its last result;
`memoize_each` caches the last result for each value of its first input. Calls look the same with
and without a decorator: `parse_file(cache, path, source)`.

Inputs are compared by value, so a build produces the same bytes whether the cache is full or empty,
and a later run could load the entries from disk. Entries belong to one stage; stages never share
them.
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
"""The inputs of a stage and its result."""


class Cache:
    """The last results of every stage, with their inputs. Entries are never evicted."""

    __slots__ = ("_entries",)

    def __init__(self) -> None:
        self._entries: defaultdict[str, dict[Hashable, _Entry]] = defaultdict(dict)

    def result(
        self, stage: str, item: Hashable, inputs: tuple[object, ...], make: Callable[[], T]
    ) -> T:
        """The cached result of a stage for an item if the inputs are equal, else that of `make`.

        If a new result equals the old one, the old object is returned: comparing an object with
        itself is fast for the stages that take it as an input.
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
    """Cache the last result of a stage."""
    name = _name(stage)

    @wraps(stage)
    def memoized(cache: Cache, /, *args: P.args, **kwargs: P.kwargs) -> T:
        inputs = (*args, *kwargs.items())
        return cache.result(name, None, inputs, partial(stage, cache, *args, **kwargs))

    return memoized


def memoize_each(
    stage: Callable[Concatenate[Cache, K, P], T],
) -> Callable[Concatenate[Cache, K, P], T]:
    """Cache the last result of a stage for each value of its first input, such as a path."""
    name = _name(stage)

    @wraps(stage)
    def memoized(cache: Cache, item: K, /, *args: P.args, **kwargs: P.kwargs) -> T:
        inputs = (*args, *kwargs.items())
        return cache.result(name, item, inputs, partial(stage, cache, item, *args, **kwargs))

    return memoized


def _name(stage: Callable[..., object]) -> str:
    """The name of a stage. It's unique, because stages are functions at module level."""
    return f"{stage.__module__}.{stage.__qualname__}"
