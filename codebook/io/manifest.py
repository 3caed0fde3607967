"""The manifest of written files, which the next build may replace or remove; the write order."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from pathlib import PurePosixPath
from typing import NamedTuple

from codebook.book import urls

STATE_FOLDER = ".codebook"
"""The folder inside the site that contains staged files during a build, if it's in another file
system than the cache. Older versions kept the manifest there."""
PLACEHOLDER = ".gitignore"
"""Keeps the empty folder in the repository."""
_VERSION = 1
_RESERVED = frozenset({STATE_FOLDER, PLACEHOLDER})
"""The first parts of paths that are never part of a site."""
_INSIDE = re.compile(r"(?!\.\.?(?:/|\Z))[^/\0]+(?:/(?!\.\.?(?:/|\Z))[^/\0]+)*")
"""A path that leads to a file in the site, and no other way to write it."""
_RANKS: Mapping[str, int] = {".html": 1, ".xml": 2, ".txt": 2, "": 2}
"""The write order, by suffix; the default is 0."""


class DamagedManifestError(ValueError):
    """The manifest was not written by a build."""


class Manifest(NamedTuple):
    """The files in the site folder that builds wrote."""

    files: frozenset[str] = frozenset()
    previous: frozenset[str] = frozenset()
    """Those that the site doesn't contain anymore: assets that open pages can still load."""


class Changes(NamedTuple):
    """The writes and removals that update the site folder, in this order."""

    write: tuple[PurePosixPath, ...]
    remove: tuple[PurePosixPath, ...]
    unchanged: int
    previous: frozenset[str] = frozenset()
    """The assets of the previous site that stay."""


def plan_changes(
    files: AbstractSet[str],
    present: Mapping[str, bool],
    owned: Manifest,
) -> Changes:
    """The changes, in an order that never leaves broken links on the published site.

    `present` contains the files that exist, and whether each is up to date. Assets are written
    first, then new pages, then changed pages, which may link to new ones, then lists of pages and
    redirect rules. Files that nothing links to anymore are removed last.
    """
    outdated = [path for path in files if not present.get(path, False)]
    previous = _previous_assets(files, present.keys(), owned)
    return Changes(
        write=tuple(sorted(map(PurePosixPath, outdated), key=lambda path: _order(path, present))),
        remove=tuple(sorted(map(PurePosixPath, owned.files - files - previous))),
        unchanged=len(files) - len(outdated),
        previous=previous,
    )


def _order(path: PurePosixPath, present: Mapping[str, bool]) -> tuple[int, bool, PurePosixPath]:
    return _RANKS.get(path.suffix, 0), str(path) in present, path


def _previous_assets(
    files: AbstractSet[str], present: AbstractSet[str], owned: Manifest
) -> frozenset[str]:
    """The replaced assets that stay, so that pages which are open in browsers can load them.

    The previous version of an asset stays until the asset changes again. The last version of an
    asset that was removed from the site stays until any asset changes.
    """
    replaced = {
        path: name
        for path in (owned.files - owned.previous - files) & present
        if (name := _asset_name(path))
    }
    current = {_asset_name(path) for path in files} - {*replaced.values()}
    older = owned.previous & present - files
    return frozenset(replaced).union(
        path for path in older if not replaced or _asset_name(path) in current
    )


def _asset_name(path: str) -> str:
    name, _ = urls.split_asset(path)
    return name


def dump(manifest: Manifest) -> bytes:
    """The manifest as a file. `files` includes `previous`, which older programs don't know."""
    files, previous = sorted(manifest.files), sorted(manifest.previous)
    return (
        json.dumps({"version": _VERSION, "files": files, "previous": previous}, indent=1) + "\n"
    ).encode()


def load(data: bytes) -> Manifest:
    """The manifest in a file.

    Raises `DamagedManifestError` if a build can't have written it, such as one that lists a file
    outside the site.
    """
    try:
        fields = json.loads(data)
        if fields["version"] != _VERSION:
            raise DamagedManifestError
        files, previous = (
            frozenset(map(_checked, names))
            for names in (fields["files"], fields.get("previous", []))
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedManifestError from error
    return Manifest(files | previous, previous)


def _checked(name: str) -> str:
    name.encode()  # a lone surrogate is a `ValueError`
    if not _INSIDE.fullmatch(name) or name.partition("/")[0] in _RESERVED:
        raise DamagedManifestError
    return name
