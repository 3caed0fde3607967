"""Which files of some folders have changed. The one module that knows watchfiles."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

from watchfiles import awatch

from codebook.io import AccessError

_STEP = 2
"""Milliseconds without a change after which those before are handed on."""
_LONGEST = 50
"""Milliseconds for which changes are collected at most."""
_PASSING = re.compile(r"\..*|.*~|.*\.sw[a-z]|#.*#|4913|__pycache__")
"""Names of what editors and Python leave beside a file for a moment."""


async def changes(folders: Sequence[Path]) -> AsyncIterator[frozenset[Path]]:
    """The paths that have changed, each time that some have, as they lie below these folders.

    What changes while nobody waits comes next. Raises `TroubleError` where the system does not
    tell, because too much is watched on this machine.
    """
    real = {folder.resolve(): folder for folder in folders}
    try:
        async for found in awatch(*real, watch_filter=None, debounce=_LONGEST, step=_STEP):
            below = (_below(Path(path), real) for _, path in found)
            if changed := frozenset(path for path in below if path):
                yield changed
    except OSError as error:
        raise AccessError(f"the folders cannot be watched: {error}") from None


def is_passing(path: Path) -> bool:
    """Whether the file or a folder above it is there for a moment only, and no part of a book."""
    return any(_PASSING.fullmatch(part) for part in path.parts)


def _below(path: Path, real: Mapping[Path, Path]) -> Path | None:
    """The path as it lies below the folder that was named; nothing where it does not count."""
    for folder, named in real.items():
        if path.is_relative_to(folder) and not is_passing(path.relative_to(folder)):
            return named / path.relative_to(folder)
    return None
