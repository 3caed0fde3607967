"""Whether anything has changed since the last build of a site."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path

from msgspec import Struct
from msgspec.msgpack import encode

from codebook.book.leftovers import is_leftover
from codebook.io.disk import as_text, os_error_as_access_error, parents_of, read_regular, walk_all
from codebook.io.git import Head
from codebook.io.snapshots import Snapshot, is_current, stamps_of
from codebook.io.sources import StoredFolder
from codebook.io.stored import load_as, save

_LAST_BUILD, _OUTPUTS = "last-build", "outputs"
"""Files in the folder with the state of a site."""


class KnownFolder(Struct, frozen=True):
    """A folder with sources as a build read it."""

    snapshot: Snapshot
    digests: Mapping[str, bytes]
    """For each file that can have changed since without a trace, what it contained."""

    @classmethod
    def of(cls, folder: StoredFolder) -> KnownFolder:
        """What to remember of a folder."""
        snapshot = folder.snapshot
        recent = [path for path in snapshot.files if not snapshot.is_settled(path)]
        return cls(snapshot, {path: _digest(folder.data[path]) for path in recent})

    def is_current(self, root: Path) -> bool:
        """Whether no file in the folder has changed."""
        return (
            is_current(root, self.snapshot)
            and all(
                _digest(read_regular(root / path) or b"") == digest
                for path, digest in self.digests.items()
            )
            and (all(map(self.snapshot.is_settled, self.snapshot.folders)) or self._has_names(root))
        )

    def _has_names(self, root: Path) -> bool:
        """Whether a folder has the same files, even if one was added without a trace."""
        start = len(str(root)) + 1
        with os_error_as_access_error():
            entries = [*walk_all(root, is_ignored=is_leftover)]
        names = {as_text(entry.path[start:].replace(os.sep, "/")) for entry in entries}
        return names == {*self.snapshot.files, *self.snapshot.folders} - {""}


class LastBuild(Struct, frozen=True):
    """A build without errors."""

    request: bytes
    """A key of everything that was asked for."""
    content: KnownFolder
    templates: KnownFolder
    head: Head | None
    site: Snapshot
    """The site as it was published."""
    outputs: bytes
    """A digest of its `StoredOutputs`."""
    report: str
    notes: tuple[str, ...]
    """What else the build said, apart from what it did."""
    summary: str
    """The number of files and warnings, in words."""


def read_last_build(state: Path) -> LastBuild | None:
    """The last build of the site whose state is in this folder; None if it isn't known."""
    return load_as(state / _LAST_BUILD, LastBuild)


class StoredOutputs(Struct, frozen=True):
    """The files of the site that the last build published; see `Published`."""

    keys: Mapping[str, bytes]
    ids: Mapping[str, tuple[str, ...]]

    @property
    def digest(self) -> bytes:
        """Identifies them."""
        return _digest(encode(self))


def read_outputs(state: Path, build: LastBuild) -> StoredOutputs:
    """The files that a build published; none if they aren't known.

    If saving them failed, the file has those of an earlier build, which aren't in the site anymore.
    """
    outputs = load_as(state / _OUTPUTS, StoredOutputs)
    return outputs if outputs and outputs.digest == build.outputs else StoredOutputs({}, {})


def is_site_current(build: LastBuild, site: Path) -> bool:
    """Whether the site is as the build published it: nothing was changed, added, or removed."""
    return is_current(site, build.site)


def save_last_build(state: Path, build: LastBuild, outputs: StoredOutputs) -> None:
    """Remember a build and what it published."""
    save(state / _OUTPUTS, encode(outputs))
    save(state / _LAST_BUILD, encode(build))


def look_again(site: Path, before: Snapshot, kept: Iterable[str]) -> Snapshot:
    """The site before a build compares it with what it should contain.

    Files that the build keeps without a comparison have their stamps of `before`.
    """
    stamps = {path: before.files[path] for path in kept}
    others = stamps_of(site, before.files.keys() - stamps.keys())
    return Snapshot(before.taken, stamps_of(site, before.folders), {**stamps, **others})


def snapshot_site(
    site: Path, before: Snapshot, files: Iterable[str], changed: Iterable[str]
) -> Snapshot:
    """The site after a build that wrote or removed some files.

    Files that this build left as they were in `before` aren't looked at again: if another program
    has changed them since, the next build notices.
    """
    old, new = before.files, frozenset(changed)
    stamps = {path: old[path] for path in files if path in old and path not in new}
    stamps |= stamps_of(site, (path for path in files if path not in stamps))
    folders = {folder for path in files for folder in ("", *parents_of(path))}
    touched = {folder for path in new for folder in ("", *parents_of(path))}
    known = {path: before.folders[path] for path in folders - touched if path in before.folders}
    known |= stamps_of(site, folders - known.keys())
    return Snapshot(before.taken, known, stamps)


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()
