"""Which versions of files a folder has, without reading them.

A file counts as unchanged if its inode, its size, and the times of its last modification and of its
last change are. A file that changes right after it was read can keep all of them, because some file
systems count whole seconds. So these times must also be older than that.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

Stamp = tuple[int, int, int, int]
"""Inode, size, and the times of the last modification and the last change in nanoseconds."""
_COARSEST_TIME = 2_000_000_000
"""In nanoseconds: the times of FAT have a resolution of two seconds."""


class Snapshot(NamedTuple):
    """A folder at one time. Paths are relative to it, and it has the empty path itself."""

    taken: int
    """When the first file was looked at, in nanoseconds since 1970."""
    folders: Mapping[str, Stamp]
    """A folder changes when a file in it is added, renamed, or removed."""
    files: Mapping[str, Stamp]

    def is_settled(self, path: str) -> bool:
        """Whether a file, or a folder, with the same stamp must be the same: it was old enough."""
        _, _, modified, changed = self.files.get(path) or self.folders[path]
        return max(modified, changed) + _COARSEST_TIME < self.taken


NOTHING = Snapshot(0, {}, {})


def stamp_of(status: os.stat_result) -> Stamp:
    """The stamp of a file or a folder."""
    return (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def stamps_of(root: Path, paths: Iterable[str]) -> dict[str, Stamp]:
    """The stamps of those files and folders that exist. Symbolic links aren't followed."""
    found: dict[str, Stamp] = {}
    for path in paths:
        try:
            found[path] = stamp_of(os.lstat(f"{root}/{path}"))
        except OSError:
            continue
    return found


def is_same_and_settled(before: Snapshot, now: Snapshot) -> bool:
    """Whether two snapshots show the same versions, and that could be told from the first one."""
    return before[1:] == now[1:] and all(map(before.is_settled, before.files))


def is_listing_current(root: Path, before: Snapshot) -> bool:
    """Whether no file was added, renamed, or removed."""
    return stamps_of(root, before.folders) == before.folders


def is_current(root: Path, before: Snapshot) -> bool:
    """Whether no file or folder has changed."""
    return is_listing_current(root, before) and stamps_of(root, before.files) == before.files


def unchanged_files(root: Path, before: Snapshot) -> frozenset[str]:
    """The files that still have their stamps."""
    now = stamps_of(root, before.files)
    return frozenset(path for path, stamp in now.items() if before.files[path] == stamp)
