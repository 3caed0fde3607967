"""Reads content and templates, and writes the few files of them that the program makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from codebook.diagnostics.source import Folder
from codebook.io.disk import AccessError, os_error_as_access_error, replace_atomically, walk


def read_folder(folder: Path, display_path: str) -> Folder:
    """Every file below the folder, symbolic links apart, in order of path.

    Raises `AccessError` where the folder or a file in it cannot be read.
    """
    with os_error_as_access_error():
        if not folder.is_dir():
            problem = "is not a folder" if folder.exists() else "does not exist"
            raise AccessError(f"the folder {display_path} {problem}")
        contents = _read_below(folder, folder)
    return Folder(display_path, contents.files, contents.symlinks, folder)


def read_text_file(path: Path) -> str:
    """The text of a file in UTF-8, with every line ended by a line feed.

    Raises `AccessError` where it cannot be read.
    """
    with os_error_as_access_error():
        return path.read_text(encoding="utf-8")


def reread_changed(folder: Folder, changed: Iterable[Path]) -> Folder:
    """The folder with what is at these paths now; everything else is as it was read before.

    Where nothing has changed it is the very same. Raises `AccessError` where something there
    cannot be read.
    """
    files, symlinks = dict(folder.files), set(folder.symlinks)
    with os_error_as_access_error():
        for location in sorted(changed):
            if not location.is_relative_to(folder.root) or _is_behind_symlink(
                location, folder.root
            ):
                continue
            top = _relative(location, folder.root)
            for stale in [path for path in (*files, *symlinks) if path.is_relative_to(top)]:
                files.pop(stale, None)
                symlinks.discard(stale)
            contents = _read_one(location, folder.root)
            # What holds the same stays the same object, which later stages know it by.
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
    """Replace one file of the sources by what a build knows better.

    Raises `AccessError` where it cannot be written; it is then as it was.
    """
    with os_error_as_access_error():
        # Whatever begins with a dot is no document, should this be as far as it gets.
        replace_atomically(folder / path, folder / path.with_name(f".{path.name}.new"), data)


def create_file(folder: Path, path: PurePosixPath, data: bytes) -> None:
    """Write a file of the sources that is not there yet, and the folders above it.

    Raises `AccessError` where something is there, or it cannot be written.
    """
    target = folder / path
    with os_error_as_access_error():
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            file = target.open("xb")
        except FileExistsError:
            raise AccessError(f"{target} is there already") from None
        try:
            with file:
                file.write(data)
        except OSError:
            target.unlink()
            raise


def _is_behind_symlink(location: Path, folder: Path) -> bool:
    """Whether the path leads through a symbolic link, and so out of what was read."""
    parents = list(location.relative_to(folder).parents)[:-1]
    return any((folder / parent).is_symlink() for parent in parents)


@dataclass(frozen=True, slots=True)
class _Contents:
    """What is at a location, by paths relative to the folder that is read."""

    files: Mapping[PurePosixPath, bytes]
    symlinks: tuple[PurePosixPath, ...]


def _read_one(location: Path, folder: Path) -> _Contents:
    """What is at a location: a file, all of a folder, or nothing anymore."""
    path = _relative(location, folder)
    if location.is_symlink():
        return _Contents({}, (path,))
    if location.is_dir():
        return _read_below(location, folder)
    if location.exists() and not location.is_file():
        raise AccessError(f"{location} is neither a file nor a folder")
    try:
        return _Contents({path: location.read_bytes()}, ())
    except FileNotFoundError:
        return _Contents({}, ())


def _read_below(location: Path, folder: Path) -> _Contents:
    files: dict[PurePosixPath, bytes] = {}
    symlinks: list[PurePosixPath] = []
    for entry in walk(location):
        path = _relative(Path(entry.path), folder)
        if entry.is_symlink():
            symlinks.append(path)
        elif entry.is_file():
            files[path] = Path(entry.path).read_bytes()
        else:
            raise AccessError(f"{entry.path} is neither a file nor a folder")
    return _Contents(files, tuple(symlinks))


def _relative(location: Path, folder: Path) -> PurePosixPath:
    return PurePosixPath(location.relative_to(folder).as_posix())
