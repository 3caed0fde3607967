"""Results of earlier runs, which are stored on the disk.

Each has a key made of all inputs of its stage, so it's never used for others. A result that can't
be read is computed again.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import DecodeError, Raw

from codebook.cache.encoding import decode, encode

_Results = dict[str, dict[str, tuple[bytes, Raw]]]
"""The key and the encoded result, by stage and item."""


class StoredResults:
    """The last result of each stage for each item."""

    __slots__ = ("_before", "_now")

    def __init__(self, data: bytes = b"") -> None:
        """`data` is what an earlier run stored; results in another format are ignored."""
        self._before: _Results = {}
        self._now: _Results = {}
        if data:
            try:
                self._before = decode(data, _Results)
            except DecodeError:
                self._before = {}

    def find(self, stage: str, item: str, key: bytes) -> Raw | None:
        """The encoded result of a stage for an item; None if the inputs were others."""
        for results in (self._now, self._before):
            found = results.get(stage, {}).get(item)
            if found and found[0] == key:
                self.add(stage, item, key, found[1])
                return found[1]
        return None

    def add(self, stage: str, item: str, key: bytes, result: bytes | Raw) -> None:
        """Store a result in place of the last one for this item."""
        self._now.setdefault(stage, {})[item] = (key, Raw(result))

    def dump(self) -> bytes | None:
        """What to store for the next run; None if it's the same as before.

        If this run used a stage, its items that this run didn't use are dropped: they are no longer
        part of the book.
        """
        results = {**self._before, **self._now}
        keys, before = ([*_keys(some)] for some in (results, self._before))
        return None if keys == before else encode(results)


def _keys(results: _Results) -> Iterator[tuple[str, str, bytes]]:
    for stage, items in sorted(results.items()):
        for item, (key, _) in sorted(items.items()):
            yield stage, item, key
