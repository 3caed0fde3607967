"""Reads content and templates, and writes the few files in them that the program generates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from codebook.book.leftovers import is_leftover
from codebook.diagnostics.source import Folder
from codebook.io.disk import (
    AccessError,
    MissingFolderError,
    os_error_as_access_error,
    replace_atomically,
    walk,
)


def read_folder(folder: Path, display_path: str) -> Folder:
    """The files and symbolic links below the folder, sorted by path, except leftovers.

    Raises `MissingFolderError` if the folder doesn't exist, and `AccessError` if it or a file in it
    can't be read.
    """
    with os_error_as_access_error():
        if not folder.is_dir():
            if folder.exists():
                raise AccessError(f"{display_path} is not a folder")
            raise MissingFolderError(f"the folder {display_path} does not exist")
        contents = _read_below(folder, folder)
    return Folder(display_path, contents.files, contents.symlinks, folder)


def names_in(folder: Path) -> tuple[str, ...]:
    """The names of the files and folders in a folder, sorted; none if it doesn't exist.

    Raises `AccessError` if it can't be read.
    """
    with os_error_as_access_error():
        try:
            return tuple(sorted(entry.name for entry in folder.iterdir()))
        except FileNotFoundError:
            return ()


def read_text_file(path: Path) -> str:
    """The text of a UTF-8 file, with line endings converted to line feeds.

    Raises `AccessError` if it can't be read.
    """
    with os_error_as_access_error():
        return path.read_text(encoding="utf-8")


def reread_changed(folder: Folder, changed: Iterable[Path]) -> Folder:
    """The folder with these paths read again.

    Returns the same object if nothing has changed. Raises `AccessError` if a path can't be read.
    """
    files, symlinks = dict(folder.files), set(folder.symlinks)
    with os_error_as_access_error():
        for location in sorted(changed):
            if not location.is_relative_to(folder.root) or _is_behind_symlink(
                location, folder.root
            ):
                continue
            top = _relative(location, folder.root)
            if is_leftover(top):
                continue
            for stale in [path for path in (*files, *symlinks) if path.is_relative_to(top)]:
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


def replace_file(folder: Path, path: PurePosixPath, data: bytes) -> None:
    """Replace one source file.

    Raises `AccessError`, and leaves the file unchanged, if it can't be written.
    """
    with os_error_as_access_error():
        # If this is interrupted, the temporary file is ignored because its name begins with a dot.
        replace_atomically(folder / path, folder / path.with_name(f".{path.name}.new"), data)


def create_folder(folder: Path) -> None:
    """Create a folder and its parents, unless they exist.

    Raises `AccessError` if it can't be created.
    """
    with os_error_as_access_error():
        folder.mkdir(parents=True, exist_ok=True)


def create_file(folder: Path, path: PurePosixPath, data: bytes) -> None:
    """Create a source file and its parent folders.

    Raises `AccessError` if the path exists or can't be written.
    """
    target = folder / path
    with os_error_as_access_error():
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            file = target.open("xb")
        except FileExistsError:
            raise AccessError(f"{target} already exists") from None
        try:
            with file:
                file.write(data)
        except OSError:
            target.unlink()
            raise


def _is_behind_symlink(location: Path, folder: Path) -> bool:
    """Whether a parent folder is a symbolic link, which `read_folder` doesn't follow."""
    parents = list(location.relative_to(folder).parents)[:-1]
    return any((folder / parent).is_symlink() for parent in parents)


@dataclass(frozen=True, slots=True)
class _Contents:
    """The files and symbolic links at a location, by paths relative to the folder that is read."""

    files: Mapping[PurePosixPath, bytes]
    symlinks: tuple[PurePosixPath, ...]


def _read_one(location: Path, folder: Path) -> _Contents:
    """Read a file or a folder; empty if the location no longer exists."""
    path = _relative(location, folder)
    if location.is_symlink():
        return _Contents({}, (path,))
    if location.is_dir():
        return _read_below(location, folder)
    if location.exists() and not location.is_file():
        raise AccessError(f"{location} is not a regular file or a folder")
    try:
        return _Contents({path: location.read_bytes()}, ())
    except FileNotFoundError:
        return _Contents({}, ())


def _read_below(location: Path, folder: Path) -> _Contents:
    files: dict[PurePosixPath, bytes] = {}
    symlinks: list[PurePosixPath] = []
    for entry in walk(location, is_ignored=is_leftover):
        path = _relative(Path(entry.path), folder)
        if entry.is_symlink():
            symlinks.append(path)
        elif entry.is_file():
            files[path] = Path(entry.path).read_bytes()
        else:
            raise AccessError(f"{entry.path} is not a regular file or a folder")
    return _Contents(files, tuple(symlinks))


def _relative(location: Path, folder: Path) -> PurePosixPath:
    return PurePosixPath(location.relative_to(folder).as_posix())
