"""Watches folders for changed files. No other module uses watchfiles."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

from watchfiles import awatch

from codebook.book.leftovers import is_leftover
from codebook.io import AccessError

_QUIET = 2
"""Milliseconds without a change after which the changes so far are reported."""
_MAX_DELAY = 50
"""The maximum time, in milliseconds, for which changes are collected."""


async def changed_paths(folders: Sequence[Path]) -> AsyncIterator[frozenset[Path]]:
    """The paths below these folders that have changed, each time some have.

    Changes are not lost while the caller is busy. Raises `AccessError` if the operating system
    can't watch the folders, for example because its limit of watches is reached.
    """
    resolved = {folder.resolve(): folder for folder in folders}
    try:
        async for changes in awatch(*resolved, watch_filter=None, debounce=_MAX_DELAY, step=_QUIET):
            paths = (_path_in_folder(Path(path), resolved) for _, path in changes)
            if changed := frozenset(path for path in paths if path):
                yield changed
    except OSError as error:
        raise AccessError(f"cannot watch the folders for changes: {error}") from None


def _path_in_folder(path: Path, resolved: Mapping[Path, Path]) -> Path | None:
    """The path below the folder as the caller specified it; None if the change is irrelevant."""
    for real_folder, folder in resolved.items():
        if path.is_relative_to(real_folder) and not is_leftover(path.relative_to(real_folder)):
            return folder / path.relative_to(real_folder)
    return None
