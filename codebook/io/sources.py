"""Reads content and templates, and writes the few files in them that the program generates."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from time import time_ns
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from codebook.book.leftovers import is_leftover
from codebook.diagnostics.source import Folder
from codebook.io.disk import (
    AccessError,
    MissingFolderError,
    NotAFolderError,
    as_text,
    display_path,
    kind,
    locked_folder,
    mode_of,
    os_error_as_access_error,
    read_regular,
    sync_folder,
    temporary_file,
    walk_all,
)
from codebook.io.snapshots import (
    NOTHING,
    Snapshot,
    Stamp,
    is_same_and_settled,
    stamp_of,
    stamps_of,
)

_ATTEMPTS = 10
"""How often a file is updated again after another program has changed it."""


class StoredFolder(Struct, frozen=True):
    """The files of a folder as an earlier run read them."""

    snapshot: Snapshot
    data: Mapping[str, bytes]


NOT_STORED = StoredFolder(NOTHING, {})


def require_folder(folder: Path, display_path: str) -> None:
    """Raise `MissingFolderError` if the folder doesn't exist, `NotAFolderError` if it isn't one."""
    with os_error_as_access_error():
        if not folder.is_dir():
            if folder.exists():
                raise NotAFolderError(f"{display_path} is not a folder")
            raise MissingFolderError(f"the folder {display_path} does not exist")


def read_folder(folder: Path, display_path: str) -> Folder:
    """The files and symbolic links below the folder, sorted by path, except leftovers.

    Raises `MissingFolderError` if the folder doesn't exist, and `AccessError` if it or a file in it
    can't be read.
    """
    return read_and_store(folder, display_path, NOT_STORED)[0]


def read_and_store(
    folder: Path, display_path: str, before: StoredFolder
) -> tuple[Folder, StoredFolder]:
    """The folder as `read_folder` reads it, and the same for later runs.

    Files that haven't changed since `before` aren't read.
    """
    with os_error_as_access_error():
        require_folder(folder, display_path)
        taken = time_ns()
        root = stamps_of(folder, [""])
        contents = _read_below(folder, folder, before)
    snapshot = Snapshot(taken, {**root, **contents.folders}, contents.stamps)
    read = Folder(display_path, contents.files, contents.symlinks, folder)
    if is_same_and_settled(before.snapshot, snapshot):
        return read, before
    return read, StoredFolder(snapshot, {it.as_posix(): data for it, data in read.files.items()})


def names_in(folder: Path) -> tuple[str, ...]:
    """The names of the files and folders in a folder, sorted; none if it doesn't exist.

    Raises `AccessError` if it can't be read.
    """
    with os_error_as_access_error():
        try:
            return tuple(sorted(entry.name for entry in folder.iterdir()))
        except FileNotFoundError:
            return ()


def read_files(folder: Path, paths: Iterable[PurePosixPath]) -> Mapping[PurePosixPath, bytes]:
    """The data of those files in the folder that exist. Raises `AccessError` as `read_folder`."""
    data = {path: read_regular(folder / path) for path in paths}
    return {path: found for path, found in data.items() if found is not None}


def read_text_file(path: Path) -> str:
    """The text of a UTF-8 file, with line endings converted to line feeds.

    Raises `AccessError` if it can't be read.
    """
    with os_error_as_access_error():
        return path.read_text(encoding="utf-8")


def reread_changed(folder: Folder, changed: Iterable[Path]) -> Folder:
    """The folder with these paths read again.

    Returns the same object if nothing has changed. Raises `AccessError` if the folder or a path
    can't be read.
    """
    files, symlinks = dict(folder.files), set(folder.symlinks)
    inside = sorted(path for path in changed if path.is_relative_to(folder.root))
    with os_error_as_access_error():
        if inside:
            # Without the folder, each of its files would be missing too.
            require_folder(folder.root, folder.display_path)
        for location in inside:
            if _is_behind_symlink(location, folder.root):
                continue
            top = _relative(location, folder.root)
            if is_leftover(top):
                continue
            is_known = top in files or top in symlinks
            others = () if is_known else (*files, *symlinks)
            for stale in (top, *(path for path in others if top in path.parents)):
                files.pop(stale, None)
                symlinks.discard(stale)
            contents = _read_one(location, folder.root)
            # Unchanged data stays the same object, which the caches of later stages compare.
            files |= {
                path: folder.files[path] if folder.files.get(path) == data else data
                for path, data in contents.files.items()
            }
            symlinks |= set(contents.symlinks)
    if files.keys() == folder.files.keys() and symlinks == {*folder.symlinks}:
        is_same = all(files[path] is data for path, data in folder.files.items())
        return folder if is_same else replace(folder, files={p: files[p] for p in folder.files})
    return replace(
        folder,
        files={path: files[path] for path in sorted(files, key=lambda path: path.parts)},
        symlinks=tuple(sorted(symlinks, key=lambda path: path.parts)),
    )


def replace_files(
    folder: Path, files: Mapping[PurePosixPath, bytes], before: Mapping[PurePosixPath, bytes]
) -> None:
    """Create or replace files of a folder, unless one of them has changed since it was read.

    `before` has the data that was read; a file that isn't in it must not exist yet. Raises
    `AccessError` that names the files, and writes nothing, if a file differs or can't be written.
    """
    with os_error_as_access_error():
        folder.mkdir(parents=True, exist_ok=True)
        with locked_folder(folder):
            changed = _write_unless_changed(folder, files, before)
    if existing := [path for path in changed if path not in before]:
        raise AccessError(f"{_names(folder, existing)} already exists; nothing was written")
    if changed:
        raise AccessError(
            f"{_names(folder, changed)} changed while this command was running; nothing was "
            "written, so run the command again"
        )


def update_file(folder: Path, path: PurePosixPath, update: Callable[[bytes], bytes]) -> bool:
    """Replace a file by an update of its current data; whether that changed it.

    If another program changes the file in the meantime, the new data is updated instead, so that no
    change is lost. A file that no longer exists stays missing. Raises `AccessError` if it can't be
    written, and what `update` raises.
    """
    with os_error_as_access_error(), locked_folder(folder):
        for _ in range(_ATTEMPTS):
            data = read_regular(folder / path)
            if data is None or (updated := update(data)) == data:
                return False
            if not _write_unless_changed(folder, {path: updated}, {path: data}):
                return True
    raise AccessError(f"{display_path(folder / path)}: another program keeps changing this file")


def _write_unless_changed(
    folder: Path, files: Mapping[PurePosixPath, bytes], before: Mapping[PurePosixPath, bytes]
) -> Sequence[PurePosixPath]:
    """Write the files, and return none; or write none, and return those that have changed.

    No file system can compare and rename in one step, so what an editor saves in the moment between
    the two is lost. All data is on the disk before the last comparison, to keep that moment short.
    """

    def changed() -> Sequence[PurePosixPath]:
        return [path for path in files if _has_changed(folder / path, before.get(path))]

    if early := changed():
        return early
    with ExitStack() as stack:
        temporary = {}
        for path, data in files.items():
            _make_parents(folder, path)
            file = temporary_file(folder / path, data, mode_of(folder / path))
            temporary[path] = stack.enter_context(file)
        if late := changed():
            return late
        for path, new in temporary.items():
            with os_error_as_access_error(folder / path):
                if path in before:
                    new.replace(folder / path)
                else:
                    _rename_to_missing(new, folder / path)
    for parent in {(folder / path).parent for path in files}:
        sync_folder(parent)
    return ()


def _has_changed(path: Path, before: bytes | None) -> bool:
    """Whether a file differs from what was read, or exists although there was none."""
    found = kind(path)
    return found != ("" if before is None else "a file") or read_regular(path) != before


def _rename_to_missing(temporary: Path, target: Path) -> None:
    """Rename a file to a name that doesn't exist. A link to it fails if the name exists."""
    try:
        target.hardlink_to(temporary)
    except FileExistsError:
        raise AccessError(f"{target} already exists") from None
    except OSError:
        # Not every file system has links.
        temporary.rename(target)


def _make_parents(folder: Path, path: PurePosixPath) -> None:
    """Create the folders of a file. Raises `AccessError` if one is a symbolic link."""
    for parent in list(reversed(path.parents))[1:]:
        found = kind(folder / parent)
        if found not in {"", "a folder"}:
            raise AccessError(f"{display_path(folder / parent)} is {found}, not a folder")
        (folder / parent).mkdir(exist_ok=True)


def _names(folder: Path, paths: Iterable[PurePosixPath]) -> str:
    return " and ".join(display_path(folder / path) for path in paths)


def _is_behind_symlink(location: Path, folder: Path) -> bool:
    """Whether a parent folder is a symbolic link, which `read_folder` doesn't follow."""
    parents = list(location.relative_to(folder).parents)[:-1]
    return any((folder / parent).is_symlink() for parent in parents)


class _Contents(Struct, frozen=True):
    """The files and symbolic links at a location, by paths relative to the folder that is read."""

    files: Mapping[PurePosixPath, bytes]
    symlinks: tuple[PurePosixPath, ...]
    stamps: Mapping[str, Stamp] = MappingProxyType({})
    folders: Mapping[str, Stamp] = MappingProxyType({})


def _read_one(location: Path, folder: Path) -> _Contents:
    """Read a file or a folder; empty if the location no longer exists."""
    path = _relative(location, folder)
    # The folder itself may be a symbolic link, as when it is read for the first time.
    if location.is_symlink() and location != folder:
        return _Contents({}, (path,))
    if location.is_dir():
        return _read_below(location, folder)
    if location.exists() and not location.is_file():
        raise AccessError(f"{location} is not a regular file or a folder")
    try:
        return _Contents({path: location.read_bytes()}, ())
    except FileNotFoundError:
        return _Contents({}, ())


def _read_below(location: Path, folder: Path, before: StoredFolder = NOT_STORED) -> _Contents:
    files: dict[PurePosixPath, bytes] = {}
    symlinks: list[PurePosixPath] = []
    stamps: dict[str, Stamp] = {}
    folders: dict[str, Stamp] = {}
    start = len(str(folder)) + 1
    for entry in walk_all(location, is_ignored=is_leftover):
        name = as_text(entry.path[start:].replace(os.sep, "/"))
        path = PurePosixPath(name)
        if entry.is_symlink():
            symlinks.append(path)
        elif entry.is_dir():
            folders[name] = stamp_of(entry.stat())
        elif entry.is_file():
            stamps[name] = stamp = stamp_of(entry.stat(follow_symlinks=False))
            is_same = before.snapshot.files.get(name) == stamp and before.snapshot.is_settled(name)
            files[path] = before.data[name] if is_same else Path(entry.path).read_bytes()
        else:
            raise AccessError(f"{entry.path} is not a regular file or a folder")
    return _Contents(files, tuple(symlinks), stamps, folders)


def _relative(location: Path, folder: Path) -> PurePosixPath:
    return PurePosixPath(as_text(location.relative_to(folder).as_posix()))
