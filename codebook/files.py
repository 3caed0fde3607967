"""The one module that touches the disk: reads the sources, writes the site.

The site is never emptied first. Whatever changes is written whole into the site's own
`.codebook/` folder and renamed into place; a build that is killed at any moment leaves a site
that works, and the next one finishes its work. Only what a manifest says that we wrote is ever
replaced or removed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

from codebook import manifest
from codebook.manifest import Changes, DamagedManifestError
from codebook.source import Folder

_OWN = ".codebook"
"""The folder inside the site that holds the manifest, the lock and what is not yet in place."""
_PLACEHOLDER = ".gitignore"
"""Keeps the folder in the repository while nothing is built."""
_SHOWN = 3
"""Names of strangers' files that a refusal gives."""

Watch = Callable[[Iterable[PurePosixPath]], Iterable[PurePosixPath]]
"""Hands on what it is given; the caller can see by it how far the writing is."""


class TroubleError(Exception):
    """Something that the machine or the folders do not allow: one plain sentence."""


def read(folder: Path, shown: str) -> Folder:
    """Every file below the folder, symbolic links apart, in order of path.

    Raises `TroubleError` where the folder or a file in it cannot be read.
    """
    with _plainly():
        if not folder.is_dir():
            what = "is not a folder" if folder.exists() else "does not exist"
            raise TroubleError(f"the folder {shown} {what}")
        found = _read_below(folder, folder)
    return Folder(shown, found.files, found.symlinks, folder)


def reread(folder: Folder, changed: Iterable[Path]) -> Folder:
    """The folder with what lies at these paths now; everything else is as it was read before.

    Raises `TroubleError` where something there cannot be read.
    """
    files, symlinks = dict(folder.files), set(folder.symlinks)
    with _plainly():
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
    ordered = sorted(files, key=lambda path: path.parts)
    return replace(
        folder,
        files={path: files[path] for path in ordered},
        symlinks=tuple(sorted(symlinks, key=lambda path: path.parts)),
    )


def _is_behind_symlink(place: Path, folder: Path) -> bool:
    """Whether the path leads through a symbolic link, and so out of what was read."""
    above = list(place.relative_to(folder).parents)[:-1]
    return any((folder / each).is_symlink() for each in above)


def read_built(site: Path, folder: str, suffix: str) -> Mapping[PurePosixPath, bytes]:
    """What an earlier build left below one folder of the site; nothing where there was none.

    Raises `TroubleError` where a file cannot be read.
    """
    with _plainly():
        paths = sorted((site / folder).rglob(f"*{suffix}")) if (site / folder).is_dir() else []
        return {PurePosixPath(p.relative_to(site).as_posix()): p.read_bytes() for p in paths}


def record(folder: Path, path: PurePosixPath, data: bytes) -> None:
    """Replace one file of the sources by what a build knows better.

    Raises `TroubleError` where it cannot be written; it is then as it was.
    """
    with _plainly():
        # Whatever begins with a dot is no document, should this be as far as it gets.
        _replace(folder / path, folder / path.with_name(f".{path.name}.new"), data)


def create(folder: Path, path: PurePosixPath, data: bytes) -> None:
    """Write a file of the sources that is not there yet, and the folders above it.

    Raises `TroubleError` where something is there, or it cannot be written.
    """
    place = folder / path
    with _plainly():
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            file = place.open("xb")
        except FileExistsError:
            raise TroubleError(f"{place} is there already") from None
        try:
            with file:
                file.write(data)
        except OSError:
            place.unlink()
            raise


def guard(site: Path, sources: Iterable[Path]) -> None:
    """Raise `TroubleError` where a site must not be written to this folder; touch nothing."""
    with _plainly():
        if site.is_symlink():
            raise TroubleError(f"{site} is a symbolic link: name the folder itself")
        if site.exists() and not site.is_dir():
            raise TroubleError(f"{site} is a file: name a folder for the site")
        real = site.resolve()
        if real == Path(real.anchor):
            raise TroubleError(f"{site} is the root of the disk: name a folder for the site alone")
        if Path.home().resolve().is_relative_to(real):
            raise TroubleError(f"{site} holds the home folder: name a folder for the site alone")
        for source in sources:
            below = source.resolve()
            if below.is_relative_to(real):
                raise TroubleError(f"{site} holds {source}, which the site is made from")
            if real.is_relative_to(below):
                raise TroubleError(f"{site} is inside {source}, which the site is made from")
        if (site / ".git").exists():
            raise TroubleError(f"{site} is a repository: name a folder for the site alone")
        if site.is_dir() and not (site / _OWN).is_dir():
            _refuse_strangers(site, frozenset())


def apply(
    files: Mapping[PurePosixPath, bytes],
    site: Path,
    waiting: Callable[[], None],
    watch: Watch = lambda paths: paths,
) -> Changes:
    """Turn the folder into the site, and say what was done.

    Calls `waiting` once where another build holds the folder. Raises `TroubleError` where the
    folder holds files that we did not write, or cannot be written; the site is then as it was.
    """
    with _plainly():
        (site / _OWN).mkdir(parents=True, exist_ok=True)
        with _locked(site / _OWN / "lock", waiting):
            owned = _owned(site)
            _refuse_strangers(site, owned)
            found = manifest.changes(files, _present(files, site), owned)
            with _staging(site / _OWN / "new") as staging:
                # A full disk is met here, while nothing is in place yet.
                staged = {path: staging / str(n) for n, path in enumerate(found.write)}
                for path in watch(found.write):
                    staged[path].write_bytes(files[path])
                # Both the old and the new files are ours from here on: whatever a killed build
                # leaves, the next one finds no stranger.
                if found.write or found.remove:
                    _record(site, owned | files.keys())
                _put_in_place(staged, found.remove, site)
            _record(site, files.keys())
            return found


def _put_in_place(
    staged: Mapping[PurePosixPath, Path], stale: Iterable[PurePosixPath], site: Path
) -> None:
    """Rename what is whole already, then remove what nobody links to any more."""
    for path, place in staged.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        place.replace(site / path)
    for path in stale:
        (site / path).unlink(missing_ok=True)
        _prune((site / path).parent, site)


def _record(site: Path, paths: Iterable[PurePosixPath]) -> None:
    """Write the manifest whole, and only where it says something new."""
    place, data = site / _OWN / "manifest.json", manifest.dump(frozenset(paths))
    if not place.exists() or place.read_bytes() != data:
        _replace(place, place.with_suffix(".new"), data)


def _replace(place: Path, beside: Path, data: bytes) -> None:
    """Write a file whole: whoever reads it meanwhile has the old one or the new."""
    beside.write_bytes(data)
    beside.replace(place)


def _owned(site: Path) -> frozenset[PurePosixPath]:
    place = site / _OWN / "manifest.json"
    try:
        return manifest.load(place.read_bytes())
    except FileNotFoundError:
        return frozenset()
    except DamagedManifestError:
        message = f"{place} is not what a build wrote: empty {site} by hand, then build again"
        raise TroubleError(message) from None


def _refuse_strangers(site: Path, owned: frozenset[PurePosixPath]) -> None:
    strangers = []
    for entry in _walk(site, leave_out=frozenset({_OWN})):
        path = PurePosixPath(Path(entry.path).relative_to(site).as_posix())
        if entry.is_symlink():
            raise TroubleError(f"{site / path} is a symbolic link: a site holds none")
        if path not in owned and path != PurePosixPath(_PLACEHOLDER):
            strangers.append(path.as_posix())
    if strangers:
        more = f" and {len(strangers) - _SHOWN} more" if len(strangers) > _SHOWN else ""
        names = ", ".join(strangers[:_SHOWN])
        raise TroubleError(
            f"{site} holds files that codebook did not write ({names}{more}): "
            "name an empty folder, or move them away"
        )


def _present(files: Mapping[PurePosixPath, bytes], site: Path) -> Mapping[PurePosixPath, bool]:
    """Which of the files exist, and whether each is right already."""
    present: dict[PurePosixPath, bool] = {}
    for path, data in files.items():
        place = site / path
        if place.is_dir():
            raise TroubleError(f"{place} is a folder, where a file of the site belongs")
        if place.exists():
            present[path] = place.stat().st_size == len(data) and place.read_bytes() == data
    return present


def _prune(folder: Path, site: Path) -> None:
    """Remove a folder that became empty, and those above it.

    A build that was killed may have removed some of them already.
    """
    while folder != site:
        if folder.is_dir():
            if any(folder.iterdir()):
                return
            folder.rmdir()
        folder = folder.parent


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
        raise TroubleError(f"{place} is neither a file nor a folder")
    try:
        return _Found({own: place.read_bytes()}, ())
    except FileNotFoundError:
        return _Found({}, ())


def _read_below(place: Path, folder: Path) -> _Found:
    files: dict[PurePosixPath, bytes] = {}
    symlinks: list[PurePosixPath] = []
    for entry in _walk(place):
        path = PurePosixPath(Path(entry.path).relative_to(folder).as_posix())
        if entry.is_symlink():
            symlinks.append(path)
        elif entry.is_file():
            files[path] = Path(entry.path).read_bytes()
        else:
            raise TroubleError(f"{entry.path} is neither a file nor a folder")
    return _Found(files, tuple(symlinks))


def _walk(folder: Path, leave_out: frozenset[str] = frozenset()) -> Iterator[os.DirEntry[str]]:
    """Everything below the folder but folders themselves; symbolic links are not followed."""
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name in leave_out:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
        else:
            yield entry


@contextmanager
def _locked(lock: Path, waiting: Callable[[], None]) -> Iterator[None]:
    own = FileLock(lock)
    try:
        own.acquire(timeout=0)
    except Timeout:
        waiting()
        own.acquire()
    try:
        yield
    finally:
        own.release()


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """An empty folder, whatever a killed build left in it, that is gone afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _plainly() -> Iterator[None]:
    """Turn what the system says into one plain sentence."""
    try:
        yield
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        where = f"{error.filename}: " if error.filename else ""
        raise TroubleError(f"{where}{what}") from None
