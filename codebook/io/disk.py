"""What every use of the disk shares: its error, a walk through a folder, an atomic write."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AccessError(Exception):
    """Something that the machine or the folders do not allow: one plain sentence."""


@contextmanager
def os_error_as_access_error() -> Iterator[None]:
    """Turn an `OSError` into an `AccessError` with one plain sentence."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        prefix = f"{error.filename}: " if error.filename else ""
        raise AccessError(f"{prefix}{reason}") from None


def walk(folder: Path, leave_out: frozenset[str] = frozenset()) -> Iterator[os.DirEntry[str]]:
    """Everything below the folder but folders themselves; symbolic links are not followed."""
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name in leave_out:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from walk(Path(entry.path))
        else:
            yield entry


def replace_atomically(path: Path, temporary: Path, data: bytes) -> None:
    """Replace a file at once: a program that reads it meanwhile gets the old one or the new one."""
    temporary.write_bytes(data)
    temporary.replace(path)


def display_path(path: Path) -> str:
    """The path as you would type it in the current folder."""
    current = Path.cwd()
    return (path.relative_to(current) if path.is_relative_to(current) else path).as_posix()
