"""Values that stay encoded until they are needed."""

from __future__ import annotations

from typing import Generic, TypeVar

from msgspec import Raw, Struct

from codebook.cache.encoding import decode, encode

T = TypeVar("T")


class Packed(Struct, Generic[T], frozen=True):
    """A value as bytes, for large values that few builds look at.

    Most of a book is the same as in the last build. A value that stays packed costs little to read
    from the cache, to compare, and to store again, and it needs a tenth of the memory. In a result
    of an earlier run, it's a part of what was read from the disk, not a copy.
    """

    data: Raw

    @classmethod
    def of(cls, value: T) -> Packed[T]:
        """Pack a value."""
        return cls(Raw(encode(value)))

    def unpack(self, kind: type[T]) -> T:
        """The value, as a new object each time. `kind` is its type."""
        return decode(self.data, kind)
