"""Compiled templates by key, which later runs of the program reuse."""

from __future__ import annotations

from msgspec import DecodeError

from codebook.cache.encoding import decode, encode

_MOST = 60
"""Enough for several books with templates of their own."""


class CompiledTemplates:
    """The code of templates. If there are too many, those go that weren't used for longest."""

    __slots__ = ("_codes", "_is_changed")

    def __init__(self, data: bytes = b"") -> None:
        """`data` is what an earlier run stored; anything in another format is ignored."""
        self._codes: dict[str, bytes] = {}
        self._is_changed = False
        if data:
            try:
                self._codes = decode(data, dict[str, bytes])
            except DecodeError:
                self._codes = {}

    def find(self, key: str) -> bytes | None:
        """The code for a key. The order of the keys is that of their last use."""
        code = self._codes.pop(key, None)
        if code is not None:
            self._codes[key] = code
        return code

    def add(self, key: str, code: bytes) -> None:
        """Store the code for a key."""
        self._codes[key] = code
        self._is_changed = True

    def dump(self) -> bytes | None:
        """What to store for the next run; None if nothing was added."""
        newest = [*self._codes.items()][-_MOST:]
        return encode(dict(newest)) if self._is_changed else None
