"""What a build wrote, so that the next one knows what it may remove; and the order of changes."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

_VERSION = 1
_RANKS: Mapping[str, int] = {".html": 1, ".xml": 2, ".txt": 2, "": 2}
"""Which files come later than others, by the end of their names."""


class DamagedManifestError(ValueError):
    """The manifest is not one that we wrote."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What turns the folder as it is into the site as it shall be, in this order."""

    write: tuple[PurePosixPath, ...]
    remove: tuple[PurePosixPath, ...]
    unchanged: int


def plan_changes(
    files: Mapping[PurePosixPath, bytes],
    present: Mapping[PurePosixPath, bool],
    owned: Collection[PurePosixPath],
) -> Changes:
    """The changes, ordered so that a reader never meets a link to what is not there.

    `present` says of each of the files that exists whether it is already right. Assets come
    first, then pages that are new, then pages that change and may link to them, then lists of
    pages and what sends visitors to them, and what nobody links to any more is removed at the end.
    """
    outdated = [path for path in files if not present.get(path, False)]
    return Changes(
        write=tuple(
            sorted(outdated, key=lambda path: (_RANKS.get(path.suffix, 0), path in present, path))
        ),
        remove=tuple(sorted(set(owned) - set(files))),
        unchanged=len(files) - len(outdated),
    )


def dump(paths: Collection[PurePosixPath]) -> bytes:
    """The manifest that owns these files."""
    names = sorted(path.as_posix() for path in paths)
    return (json.dumps({"version": _VERSION, "files": names}, indent=1) + "\n").encode()


def load(data: bytes) -> frozenset[PurePosixPath]:
    """The files that a manifest owns.

    Raises `DamagedManifestError` where it is not a manifest, or names a file outside the site.
    """
    try:
        manifest = json.loads(data)
        version, names = manifest["version"], manifest["files"]
        paths = frozenset(PurePosixPath(name) for name in names)
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedManifestError from error
    if version != _VERSION or any(path.is_absolute() or ".." in path.parts for path in paths):
        raise DamagedManifestError
    return paths
