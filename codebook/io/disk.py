"""What all work on the disk has in common: its troubles, a walk through a folder, a whole write."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AccessError(Exception):
    """Something that the machine or the folders do not allow: one plain sentence."""


@contextmanager
def plainly() -> Iterator[None]:
    """Turn what the system says into one plain sentence."""
    try:
        yield
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        where = f"{error.filename}: " if error.filename else ""
        raise AccessError(f"{where}{what}") from None


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


def put(place: Path, beside: Path, data: bytes) -> None:
    """Write a file whole: whoever reads it meanwhile has the old one or the new."""
    beside.write_bytes(data)
    beside.replace(place)


def display_path(folder: Path) -> str:
    """The folder as a person here would type it."""
    here = Path.cwd()
    return (folder.relative_to(here) if folder.is_relative_to(here) else folder).as_posix()
