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

from codebook.diagnostics.progress import Progress, no_progress
from codebook.io import manifest
from codebook.io.disk import AccessError, os_error_as_access_error, replace_atomically, walk
from codebook.io.manifest import Changes, DamagedManifestError

_STATE_FOLDER = ".codebook"
"""The folder inside the site that holds the manifest, the lock, and what is not yet in place."""
_PLACEHOLDER = ".gitignore"
"""Keeps the folder in the repository while nothing is built."""
_MAX_NAMES = 3
"""How many foreign files a refusal names."""


def read_built(site: Path, folder: str, suffix: str) -> Mapping[PurePosixPath, bytes]:
    """What an earlier build left below one folder of the site; nothing where there was none.

    Raises `AccessError` where a file cannot be read.
    """
    with os_error_as_access_error():
        paths = sorted((site / folder).rglob(f"*{suffix}")) if (site / folder).is_dir() else []
        return {PurePosixPath(p.relative_to(site).as_posix()): p.read_bytes() for p in paths}


def check_site_folder(site: Path, sources: Iterable[Path]) -> None:
    """Raise `AccessError` where a site must not be written to this folder; touch nothing."""
    with os_error_as_access_error():
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
            real_source = source.resolve()
            if real_source.is_relative_to(real):
                raise AccessError(f"{site} holds {source}, which the site is made from")
            if real.is_relative_to(real_source):
                raise AccessError(f"{site} is inside {source}, which the site is made from")
        if (site / ".git").exists():
            raise AccessError(f"{site} is a repository: name a folder for the site alone")
        if site.is_dir() and not (site / _STATE_FOLDER).is_dir():
            _refuse_foreign_files(site, frozenset())


def write_site(
    files: Mapping[PurePosixPath, bytes],
    site: Path,
    on_wait: Callable[[], None],
    progress: Progress = no_progress,
) -> Changes:
    """Turn the folder into the site, and say what was done.

    Calls `on_wait` once where another build holds the folder. Raises `AccessError` where the
    folder holds files that we did not write, or cannot be written; the site is then as it was.
    """
    with os_error_as_access_error():
        (site / _STATE_FOLDER).mkdir(parents=True, exist_ok=True)
        with _locked(site / _STATE_FOLDER / "lock", on_wait):
            owned = _read_manifest(site)
            _refuse_foreign_files(site, owned)
            changes = manifest.plan_changes(files, _present(files, site), owned)
            with _staging(site / _STATE_FOLDER / "new") as staging:
                # A full disk is met here, while nothing is in place yet.
                staged = {path: staging / str(n) for n, path in enumerate(changes.write)}
                for path in progress(changes.write, "writing"):
                    staged[path].write_bytes(files[path])
                # Both the old and the new files are ours from here on: whatever a killed build
                # leaves, the next one finds no foreign file.
                if changes.write or changes.remove:
                    _write_manifest(site, owned | files.keys())
                _put_in_place(staged, changes.remove, site)
            _write_manifest(site, files.keys())
            return changes


def _put_in_place(
    staged: Mapping[PurePosixPath, Path], stale: Iterable[PurePosixPath], site: Path
) -> None:
    """Rename what is whole already, then remove what nobody links to any more."""
    for path, temporary in staged.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(site / path)
    for path in stale:
        (site / path).unlink(missing_ok=True)
        _prune((site / path).parent, site)


def _write_manifest(site: Path, paths: Iterable[PurePosixPath]) -> None:
    """Write the manifest at once, and only where it says something new."""
    path, data = site / _STATE_FOLDER / "manifest.json", manifest.dump(frozenset(paths))
    if not path.exists() or path.read_bytes() != data:
        replace_atomically(path, path.with_suffix(".new"), data)


def _read_manifest(site: Path) -> frozenset[PurePosixPath]:
    path = site / _STATE_FOLDER / "manifest.json"
    try:
        return manifest.load(path.read_bytes())
    except FileNotFoundError:
        return frozenset()
    except DamagedManifestError:
        message = f"{path} is not what a build wrote: empty {site} by hand, then build again"
        raise AccessError(message) from None


def _refuse_foreign_files(site: Path, owned: frozenset[PurePosixPath]) -> None:
    foreign = []
    for entry in walk(site, leave_out=frozenset({_STATE_FOLDER})):
        path = PurePosixPath(Path(entry.path).relative_to(site).as_posix())
        if entry.is_symlink():
            raise AccessError(f"{site / path} is a symbolic link: a site holds none")
        if path not in owned and path != PurePosixPath(_PLACEHOLDER):
            foreign.append(path.as_posix())
    if foreign:
        more = f" and {len(foreign) - _MAX_NAMES} more" if len(foreign) > _MAX_NAMES else ""
        names = ", ".join(foreign[:_MAX_NAMES])
        raise AccessError(
            f"{site} holds files that codebook did not write ({names}{more}): "
            "name an empty folder, or move them away"
        )


def _present(files: Mapping[PurePosixPath, bytes], site: Path) -> Mapping[PurePosixPath, bool]:
    """Which of the files exist, and whether each is right already."""
    present: dict[PurePosixPath, bool] = {}
    for path, data in files.items():
        target = site / path
        if target.is_dir():
            raise AccessError(f"{target} is a folder, where a file of the site belongs")
        if target.exists():
            present[path] = target.stat().st_size == len(data) and target.read_bytes() == data
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
def _locked(lock: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    file_lock = FileLock(lock)
    try:
        file_lock.acquire(timeout=0)
    except Timeout:
        on_wait()
        file_lock.acquire()
    try:
        yield
    finally:
        file_lock.release()


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """An empty folder, whatever a killed build left in it, that is gone afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
