"""Converts values to bytes and back: keys of results, and results on the disk.

The format is msgpack. Unlike pickle, reading it never runs code, so a file that anyone changed can
at worst be invalid.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from types import MappingProxyType, NoneType
from typing import Any, TypeVar, get_origin

from msgspec import DecodeError, Raw, ValidationError
from msgspec.msgpack import Decoder, Encoder

T = TypeVar("T")
_KEY_LENGTH = 16
"""In bytes."""
_SMALL = frozenset({str, bytes, int, NoneType})
"""The types of values that are rarely the same object twice."""


def key_of(*values: object) -> bytes:
    """A digest of values: if two keys are equal, so are the values.

    Records that can take each other's place must be tagged, or have different fields.
    """
    return blake2b(encode(values), digest_size=_KEY_LENGTH).digest()


class Keys:
    """Keys of values that have large parts in common, each of which is encoded only once."""

    __slots__ = ("_keys",)

    def __init__(self) -> None:
        # The values are kept, because the identity of a value can be reused once it's gone.
        self._keys: dict[int, tuple[object, bytes]] = {}

    def of(self, *values: object) -> bytes:
        """The key of these values. If the same record occurs again, its key is known."""
        return key_of(*[value if type(value) in _SMALL else self._key(value) for value in values])

    def _key(self, value: object) -> bytes:
        known = self._keys.get(id(value))
        if known is None:
            known = self._keys[id(value)] = (value, key_of(value))
        return known[1]


def encode(value: object) -> bytes:
    """A value as bytes."""
    return _ENCODER.encode(value)


def decode(data: bytes | Raw, kind: type[T]) -> T:
    """The value of this type. Raises `msgspec.DecodeError` if the data isn't one."""
    try:
        value: T = _decoder(kind).decode(data)  # type: ignore[arg-type] # types are hashable
    except (UnicodeDecodeError, RecursionError, re.error) as error:
        raise DecodeError(str(error)) from error
    return value


_BUILTINS: Mapping[type, Callable[[Any], object]] = {
    PurePosixPath: str,
    type(Path()): str,
    range: lambda value: (value.start, value.stop),
    MappingProxyType: dict,
    re.Pattern: lambda value: (value.pattern, value.flags),
}
"""How to encode values of types that msgpack doesn't have. Most calls are for paths."""


def _encoded(value: object) -> object:
    to_builtin = _BUILTINS.get(type(value))
    if to_builtin is None:
        raise NotImplementedError(f"cannot encode {type(value).__name__}")
    return to_builtin(value)


def _decoded(kind: type[object], value: Any) -> object:  # noqa: ANN401 - any msgpack value
    if kind is PurePosixPath:
        return _path(value)
    if kind is range:
        return range(*value)
    if get_origin(kind) is re.Pattern:
        return re.compile(*value)
    raise ValidationError(f"cannot decode {kind.__name__}")


@cache
def _path(text: str) -> PurePosixPath:
    """The path, as the same object each time: most links lead to a few documents."""
    return PurePosixPath(text)


@lru_cache
def _decoder(kind: Any) -> Decoder[Any]:  # noqa: ANN401 - a type, or a union of types
    return Decoder(kind, dec_hook=_decoded)


_ENCODER = Encoder(enc_hook=_encoded)
