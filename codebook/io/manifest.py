"""The manifest of written files, which the next build may replace or remove; the write order."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

_VERSION = 1
_RANKS: Mapping[str, int] = {".html": 1, ".xml": 2, ".txt": 2, "": 2}
"""The write order, by suffix; the default is 0."""


class DamagedManifestError(ValueError):
    """The manifest was not written by a build."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The writes and removals that update the site folder, in this order."""

    write: tuple[PurePosixPath, ...]
    remove: tuple[PurePosixPath, ...]
    unchanged: int


def plan_changes(
    files: Mapping[PurePosixPath, bytes],
    present: Mapping[PurePosixPath, bool],
    owned: Collection[PurePosixPath],
) -> Changes:
    """The changes, in an order that never leaves broken links on the published site.

    `present` contains the files that exist, and whether each is up to date. Assets are written
    first, then new pages, then changed pages, which may link to new ones, then lists of pages and
    redirect rules. Files that nothing links to anymore are removed last.
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
    """The manifest of these files."""
    names = sorted(path.as_posix() for path in paths)
    return (json.dumps({"version": _VERSION, "files": names}, indent=1) + "\n").encode()


def load(data: bytes) -> frozenset[PurePosixPath]:
    """The files in a manifest.

    Raises `DamagedManifestError` if it is invalid or lists a file outside the site.
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
