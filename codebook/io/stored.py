"""Files of the cache folder with what earlier runs stored.

A file that is damaged, or that another version of the program wrote, counts as missing.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import DecodeError
from msgspec.msgpack import decode

from codebook.io.disk import AccessError, read_regular, temporary_file

_DIGEST_LENGTH = 16
"""In bytes."""
_PACKAGE = Path(__file__).resolve().parent.parent
T = TypeVar("T")


def load(path: Path) -> bytes:
    """What this version of the program stored in a file; empty if there is none, or damaged."""
    try:
        data = read_regular(path) or b""
    except AccessError:
        return b""
    digest, content = data[:_DIGEST_LENGTH], data[_DIGEST_LENGTH:]
    return content if digest == _digest(content) else b""


def load_as(path: Path, kind: type[T]) -> T | None:
    """The value of this type in a file, as `load` reads it; None if it has another type."""
    try:
        return decode(load(path), type=kind)
    except (DecodeError, UnicodeDecodeError, RecursionError):
        return None


def save(path: Path, content: bytes) -> None:
    """Store data for later runs of this version of the program.

    A cache that can't be written only makes the next run slower, so that is no error.
    """
    try:
        with temporary_file(path, _digest(content), sync=False) as new:
            # Appended, because a joined copy would need as much memory again.
            with new.open("ab") as file:
                file.write(content)
            new.replace(path)
    except (AccessError, OSError):
        return


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=_DIGEST_LENGTH, key=_program()).digest()


@cache
def _program() -> bytes:
    """Identifies this program: its files, the packages next to msgspec, and the version of Python.

    Files are identified by their times, so no one can prepare a cache for someone else's program.
    """
    digest = blake2b(sys.version.encode())
    for folder, folders, names in os.walk(_PACKAGE):
        folders.sort()
        for name in sorted(names):
            if not name.endswith(".pyc"):
                status = os.stat(f"{folder}/{name}")  # noqa: PTH116 - this runs in every build
                digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    packages = Path(msgspec.__file__).parent.parent
    digest.update(" ".join(it.name for it in sorted(packages.glob("*.dist-info"))).encode())
    return digest.digest()
