"""What the stages made last time, so that a build after an edit makes anew only what it must.

Everything between the two touches of the disk is pure: equal inputs give equal outputs. So what was
made once may be handed out again, and a build with a memory gives the bytes of one without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


class Cache:
    """One result for each thing that is made, with what it was made from.

    A thing that is no longer made stays until the memory goes: a few files of a preview.
    """

    __slots__ = ("_made",)

    def __init__(self) -> None:
        self._made: dict[tuple[str, ...], tuple[object, Any, Any]] = {}

    def recall(
        self, key: tuple[str, ...], own: object, make: Callable[[], T], shared: object = None
    ) -> T:
        """What was made under this key, or else what `make` gives now.

        It holds where it was made from an equal `own`, and from the very same `shared`: comparing
        large values for each thing that they are shared by would take longer than to make it.
        """
        before = self._made.get(key)
        if before and before[0] is shared and before[1] == own:
            made: T = before[2]
            return made
        made = make()
        self._made[key] = (shared, own, made)
        return made

    def recall_each(
        self,
        key: str,
        given: Mapping[K, V],
        make: Callable[[K, V], T],
        shared: object = None,
        watch: Callable[[Iterable[K]], Iterable[K]] = iter,
    ) -> dict[K, T]:
        """What is made of each, as `recall` gives it, for very many that are quickly compared.

        Of those that are not given, nothing is remembered. `watch` looks on while they are made.
        """
        before = self._made.get((key,))
        old, made = (before[1], before[2]) if before and before[0] is shared else ({}, {})
        result: dict[K, T] = {
            name: made[name]
            if name in old and (old[name] is own or old[name] == own)
            else make(name, own)
            for name in watch([*given])
            for own in (given[name],)
        }
        self._made[(key,)] = (shared, given, result)
        return result

    def same(self, key: tuple[str, ...], value: T) -> T:
        """The value, as the object that it was last time where it is equal to that."""
        return self.recall(key, value, lambda: value)
