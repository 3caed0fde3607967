"""Shared file access: the error type, directory walks, and atomic writes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath


class AccessError(Exception):
    """A file, folder, or port can't be used. The message is written for users."""


class MissingFolderError(AccessError):
    """A folder to read doesn't exist."""


@contextmanager
def os_error_as_access_error() -> Iterator[None]:
    """Convert an `OSError` to an `AccessError`."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        prefix = f"{error.filename}: " if error.filename else ""
        raise AccessError(f"{prefix}{reason}") from None


def walk(
    folder: Path,
    skip: frozenset[str] = frozenset(),
    is_ignored: Callable[[PurePath], bool] | None = None,
) -> Iterator[os.DirEntry[str]]:
    """All files and symbolic links below the folder, without following links.

    `skip` is names in the folder itself; `is_ignored` is asked about every name below it.
    """
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name in skip or (is_ignored and is_ignored(PurePath(entry.name))):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from walk(Path(entry.path), is_ignored=is_ignored)
        else:
            yield entry


def replace_atomically(path: Path, temporary: Path, data: bytes) -> None:
    """Replace a file atomically: other programs read either the old or the new version.

    Raises an `OSError` that names the file and never the temporary one, which users don't know.
    """
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def display_path(path: Path) -> str:
    """The path relative to the current folder, if it is inside it."""
    current = Path.cwd()
    return (path.relative_to(current) if path.is_relative_to(current) else path).as_posix()
