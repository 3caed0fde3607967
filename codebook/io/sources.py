"""Reads content and templates, and writes the few files of them that the program makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from codebook.diagnostics.source import Folder
from codebook.io.disk import AccessError, plainly, put, walk


def read_folder(folder: Path, shown: str) -> Folder:
    """Every file below the folder, symbolic links apart, in order of path.

    Raises `TroubleError` where the folder or a file in it cannot be read.
    """
    with plainly():
        if not folder.is_dir():
            what = "is not a folder" if folder.exists() else "does not exist"
            raise AccessError(f"the folder {shown} {what}")
        found = _read_below(folder, folder)
    return Folder(shown, found.files, found.symlinks, folder)


def reread_changed(folder: Folder, changed: Iterable[Path]) -> Folder:
    """The folder with what lies at these paths now; everything else is as it was read before.

    Where nothing has changed it is the very same. Raises `TroubleError` where something there
    cannot be read.
    """
    files, symlinks = dict(folder.files), set(folder.symlinks)
    with plainly():
        for place in sorted(changed):
            if not place.is_relative_to(folder.place) or _is_behind_symlink(place, folder.place):
                continue
            own = PurePosixPath(place.relative_to(folder.place).as_posix())
            for gone in [path for path in (*files, *symlinks) if path.is_relative_to(own)]:
                files.pop(gone, None)
                symlinks.discard(gone)
            found = _read_one(folder.place, place)
            # What holds the same stays the same object, which later stages know it by.
            files |= {
                path: folder.files[path] if folder.files.get(path) == data else data
                for path, data in found.files.items()
            }
            symlinks |= set(found.symlinks)
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

    Raises `TroubleError` where it cannot be written; it is then as it was.
    """
    with plainly():
        # Whatever begins with a dot is no document, should this be as far as it gets.
        put(folder / path, folder / path.with_name(f".{path.name}.new"), data)


def create_file(folder: Path, path: PurePosixPath, data: bytes) -> None:
    """Write a file of the sources that is not there yet, and the folders above it.

    Raises `TroubleError` where something is there, or it cannot be written.
    """
    place = folder / path
    with plainly():
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            file = place.open("xb")
        except FileExistsError:
            raise AccessError(f"{place} is there already") from None
        try:
            with file:
                file.write(data)
        except OSError:
            place.unlink()
            raise


def _is_behind_symlink(place: Path, folder: Path) -> bool:
    """Whether the path leads through a symbolic link, and so out of what was read."""
    above = list(place.relative_to(folder).parents)[:-1]
    return any((folder / each).is_symlink() for each in above)


@dataclass(frozen=True, slots=True)
class _Found:
    """What lies at a place, by paths below the folder that is read."""

    files: Mapping[PurePosixPath, bytes]
    symlinks: tuple[PurePosixPath, ...]


def _read_one(folder: Path, place: Path) -> _Found:
    """What lies at a place: a file, all of a folder, or nothing any more."""
    own = PurePosixPath(place.relative_to(folder).as_posix())
    if place.is_symlink():
        return _Found({}, (own,))
    if place.is_dir():
        return _read_below(place, folder)
    if place.exists() and not place.is_file():
        raise AccessError(f"{place} is neither a file nor a folder")
    try:
        return _Found({own: place.read_bytes()}, ())
    except FileNotFoundError:
        return _Found({}, ())


def _read_below(place: Path, folder: Path) -> _Found:
    files: dict[PurePosixPath, bytes] = {}
    symlinks: list[PurePosixPath] = []
    for entry in walk(place):
        path = PurePosixPath(Path(entry.path).relative_to(folder).as_posix())
        if entry.is_symlink():
            symlinks.append(path)
        elif entry.is_file():
            files[path] = Path(entry.path).read_bytes()
        else:
            raise AccessError(f"{entry.path} is neither a file nor a folder")
    return _Found(files, tuple(symlinks))
