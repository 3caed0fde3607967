"""Folders of files on the disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath


def write_tree(folder: Path, files: Mapping[str, bytes] | Mapping[PurePosixPath, bytes]) -> Path:
    """Write files into a folder, and return the folder."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder
