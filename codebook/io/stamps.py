"""What identifies a folder and the versions of its files, without reading them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from codebook.book.leftovers import is_leftover
from codebook.io.disk import walk


class FolderIdentity(NamedTuple):
    """The folder, or anything else, that a path currently leads to."""

    path: Path
    """Without symbolic links."""
    device: int
    inode: int


Stamp = FolderIdentity | tuple[int, ...] | None
"""Differs between two versions of a file, and between a folder and its replacement."""


def folder_identity(folder: Path) -> FolderIdentity | None:
    """What is at this path; None if nothing is, or if the system does not say."""
    try:
        path = Path(os.path.realpath(folder, strict=True))
        status = path.stat()
    except OSError:
        return None
    return FolderIdentity(path, status.st_dev, status.st_ino)


def stamps(folder: Path) -> Mapping[Path, Stamp]:
    """A stamp of the folder itself, and of each file and symbolic link below it, except leftovers.

    Never raises: if a part of the folder can't be listed, its files are missing from the result.
    """
    found: dict[Path, Stamp] = {folder: folder_identity(folder)}
    with suppress(OSError):
        for entry in walk(folder, is_ignored=is_leftover):
            with suppress(OSError):
                found[Path(entry.path)] = _stamp(entry.stat(follow_symlinks=False))
    return found


def _stamp(status: os.stat_result) -> Stamp:
    # Editors can restore the time of the last modification, but not that of the last change.
    return (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_mode)
