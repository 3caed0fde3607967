"""Writes the site.

The site is never emptied first. Whatever changes is written whole into the site's own
`.codebook/` folder and renamed into place; a build that is killed at any moment leaves a site
that works, and the next one finishes its work. Only what a manifest says that we wrote is ever
replaced or removed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

from codebook.io import manifest
from codebook.io.disk import AccessError, plainly, put, walk
from codebook.io.manifest import Changes, DamagedManifestError

_OWN = ".codebook"
"""The folder inside the site that holds the manifest, the lock and what is not yet in place."""
_PLACEHOLDER = ".gitignore"
"""Keeps the folder in the repository while nothing is built."""
_SHOWN = 3
"""Names of strangers' files that a refusal gives."""

Watch = Callable[[Iterable[PurePosixPath]], Iterable[PurePosixPath]]
"""Hands on what it is given; the caller can see by it how far the writing is."""


def read_built(site: Path, folder: str, suffix: str) -> Mapping[PurePosixPath, bytes]:
    """What an earlier build left below one folder of the site; nothing where there was none.

    Raises `TroubleError` where a file cannot be read.
    """
    with plainly():
        paths = sorted((site / folder).rglob(f"*{suffix}")) if (site / folder).is_dir() else []
        return {PurePosixPath(p.relative_to(site).as_posix()): p.read_bytes() for p in paths}


def check_site_folder(site: Path, sources: Iterable[Path]) -> None:
    """Raise `TroubleError` where a site must not be written to this folder; touch nothing."""
    with plainly():
        if site.is_symlink():
            raise AccessError(f"{site} is a symbolic link: name the folder itself")
        if site.exists() and not site.is_dir():
            raise AccessError(f"{site} is a file: name a folder for the site")
        real = site.resolve()
        if real == Path(real.anchor):
            raise AccessError(f"{site} is the root of the disk: name a folder for the site alone")
        if Path.home().resolve().is_relative_to(real):
            raise AccessError(f"{site} holds the home folder: name a folder for the site alone")
        for source in sources:
            below = source.resolve()
            if below.is_relative_to(real):
                raise AccessError(f"{site} holds {source}, which the site is made from")
            if real.is_relative_to(below):
                raise AccessError(f"{site} is inside {source}, which the site is made from")
        if (site / ".git").exists():
            raise AccessError(f"{site} is a repository: name a folder for the site alone")
        if site.is_dir() and not (site / _OWN).is_dir():
            _refuse_strangers(site, frozenset())


def write_site(
    files: Mapping[PurePosixPath, bytes],
    site: Path,
    waiting: Callable[[], None],
    watch: Watch = lambda paths: paths,
) -> Changes:
    """Turn the folder into the site, and say what was done.

    Calls `waiting` once where another build holds the folder. Raises `TroubleError` where the
    folder holds files that we did not write, or cannot be written; the site is then as it was.
    """
    with plainly():
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
        put(place, place.with_suffix(".new"), data)


def _owned(site: Path) -> frozenset[PurePosixPath]:
    place = site / _OWN / "manifest.json"
    try:
        return manifest.load(place.read_bytes())
    except FileNotFoundError:
        return frozenset()
    except DamagedManifestError:
        message = f"{place} is not what a build wrote: empty {site} by hand, then build again"
        raise AccessError(message) from None


def _refuse_strangers(site: Path, owned: frozenset[PurePosixPath]) -> None:
    strangers = []
    for entry in walk(site, leave_out=frozenset({_OWN})):
        path = PurePosixPath(Path(entry.path).relative_to(site).as_posix())
        if entry.is_symlink():
            raise AccessError(f"{site / path} is a symbolic link: a site holds none")
        if path not in owned and path != PurePosixPath(_PLACEHOLDER):
            strangers.append(path.as_posix())
    if strangers:
        more = f" and {len(strangers) - _SHOWN} more" if len(strangers) > _SHOWN else ""
        names = ", ".join(strangers[:_SHOWN])
        raise AccessError(
            f"{site} holds files that codebook did not write ({names}{more}): "
            "name an empty folder, or move them away"
        )


def _present(files: Mapping[PurePosixPath, bytes], site: Path) -> Mapping[PurePosixPath, bool]:
    """Which of the files exist, and whether each is right already."""
    present: dict[PurePosixPath, bool] = {}
    for path, data in files.items():
        place = site / path
        if place.is_dir():
            raise AccessError(f"{place} is a folder, where a file of the site belongs")
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
