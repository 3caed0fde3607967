"""Results of stages, cached from one build to the next.

A stage is a plain function whose first parameter is the cache. `memoize` caches its last result;
`memoize_each` caches the last result for each value of its first input. Calls look the same with
and without a decorator: `page_table(cache, book, words)`. `each` calls a stage for many items,
whose results it also stores for later runs.

Inputs are compared by value, so a build produces the same bytes whether the cache is full or empty.
Entries belong to one stage; stages never share them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from msgspec import DecodeError

from codebook.cache.compiled import CompiledTemplates
from codebook.cache.encoding import Keys, decode, encode
from codebook.cache.processes import compute
from codebook.cache.stored import StoredResults

P = ParamSpec("P")
K = TypeVar("K", bound=Hashable)
S = TypeVar("S")
T = TypeVar("T")
_Entry = tuple[tuple[object, ...], Any]
"""The inputs of a stage and its result."""


class Cache:
    """The last results of every stage, with their inputs. Entries are never evicted."""

    __slots__ = ("_entries", "_meanwhile", "compiled", "is_reused", "keys", "processes", "stored")

    def __init__(
        self,
        stored: StoredResults | None = None,
        processes: int = 1,
        compiled: CompiledTemplates | None = None,
        *,
        is_reused: bool = True,
        meanwhile: Callable[[], object] | None = None,
    ) -> None:
        """`stored` has the results of earlier runs; without it, later runs get none of these.

        Stages can use this many processes. `compiled` has compiled templates, which are code, so
        they come from a place that only the program writes to. `is_reused` is whether more builds
        of this process use the cache. `meanwhile` is called once, by the first stage whose results
        another process can compute at the same time.
        """
        self._entries: defaultdict[str, dict[Hashable, _Entry]] = defaultdict(dict)
        self.stored = stored
        self.compiled = compiled or CompiledTemplates()
        self.processes = processes
        self.is_reused = is_reused
        self._meanwhile = meanwhile
        self.keys = Keys()

    def compute(
        self,
        function: Callable[[S], T],
        items: Sequence[S],
        kind: type[T],
        watch: Callable[[Sequence[S]], Iterable[S]],
    ) -> list[T]:
        """The results of a function for each item; see `processes.compute`."""
        meanwhile, self._meanwhile = (self._meanwhile, None) if items else (None, self._meanwhile)
        return compute(function, items, kind, watch, processes=self.processes, meanwhile=meanwhile)

    def find(self, stage: str, item: Hashable, inputs: tuple[object, ...]) -> _Entry | None:
        """The cached entry of a stage for an item if its inputs are equal."""
        entry = self._entries[stage].get(item)
        return entry if entry and entry[0] == inputs else None

    def keep(self, stage: str, item: Hashable, inputs: tuple[object, ...], result: T) -> T:
        """Cache a result and return it.

        If it equals the old one, the old object is returned: comparing an object with itself is
        fast for the stages that take it as an input.
        """
        entries = self._entries[stage]
        old = entries.get(item)
        if old and old[1] == result:
            result = old[1]
        entries[item] = (inputs, result)
        return result

    def find_or_make(
        self, stage: str, item: Hashable, inputs: tuple[object, ...], make: Callable[[], T]
    ) -> T:
        """A large result that a build needs only once: cached only if there is a next build."""
        if entry := self.find(stage, item, inputs):
            found: T = entry[1]
            return found
        made = make()
        return self.keep(stage, item, inputs, made) if self.is_reused else made


def memoize(stage: Callable[Concatenate[Cache, P], T]) -> Callable[Concatenate[Cache, P], T]:
    """Cache the last result of a stage."""
    name = name_of(stage)

    @wraps(stage)
    def memoized(cache: Cache, /, *args: P.args, **kwargs: P.kwargs) -> T:
        inputs = (*args, *kwargs.items()) if kwargs else args
        if entry := cache.find(name, None, inputs):
            cached: T = entry[1]
            return cached
        return cache.keep(name, None, inputs, stage(cache, *args, **kwargs))

    return memoized


def memoize_each(
    stage: Callable[Concatenate[Cache, K, P], T],
) -> Callable[Concatenate[Cache, K, P], T]:
    """Cache the last result of a stage for each value of its first input, such as a path."""
    name = name_of(stage)

    @wraps(stage)
    def memoized(cache: Cache, item: K, /, *args: P.args, **kwargs: P.kwargs) -> T:
        inputs = (*args, *kwargs.items()) if kwargs else args
        if entry := cache.find(name, item, inputs):
            cached: T = entry[1]
            return cached
        return cache.keep(name, item, inputs, stage(cache, item, *args, **kwargs))

    return memoized


def each(
    cache: Cache,
    stage: Callable[..., T],
    work: Mapping[K, tuple[object, ...]],
    kind: type[T],
    watch: Callable[[Sequence[K]], Iterable[K]] = lambda items: items,
) -> dict[K, T]:
    """The result of a stage for each item, called with the item and its inputs.

    Results come from this cache or from an earlier run, and the others are computed, in several
    processes if the cache allows it. `kind` is the type of the results; `watch` yields the items
    that are computed, to show the progress.
    """
    name = name_of(stage)
    results: dict[K, T] = {}
    missing: dict[K, tuple[object, ...]] = {}
    for item, inputs in work.items():
        if entry := cache.find(name, item, inputs):
            results[item] = entry[1]
        else:
            missing[item] = inputs
    if cache.stored is None:
        made = cache.compute(lambda item: stage(item, *work[item]), [*missing], kind, watch)
        found: Mapping[K, T] = dict(zip(missing, made, strict=True))
    else:
        found = _stored_or_computed(cache, cache.stored, stage, missing, kind, watch)
    for item, result in found.items():
        results[item] = cache.keep(name, item, work[item], result)
    return {item: results[item] for item in work}


def _stored_or_computed(  # noqa: PLR0913, PLR0917 - the parameters of `each`, and the store
    cache: Cache,
    stored: StoredResults,
    stage: Callable[..., T],
    work: Mapping[K, tuple[object, ...]],
    kind: type[T],
    watch: Callable[[Sequence[K]], Iterable[K]],
) -> Mapping[K, T]:
    """The result of a stage for each item, from an earlier run or else for later ones."""
    name = name_of(stage)
    results: dict[K, T] = {}
    missing: dict[K, bytes] = {}
    for item, inputs in work.items():
        key = cache.keys.of(item, *inputs)
        data = stored.find(name, str(item), key)
        try:
            if data is not None:
                results[item] = decode(data, kind)
                continue
        except DecodeError:
            # The entry was damaged.
            pass
        missing[item] = key
    computed = cache.compute(
        lambda item: encode(stage(item, *work[item])), [*missing], bytes, watch
    )
    for (item, key), result in zip(missing.items(), computed, strict=True):
        stored.add(name, str(item), key, result)
        results[item] = decode(result, kind)
    return results


def name_of(stage: Callable[..., object]) -> str:
    """The name of a stage. It's unique, because stages are functions at module level."""
    return f"{stage.__module__}.{stage.__qualname__}"
