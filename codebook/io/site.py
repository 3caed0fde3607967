"""Writes the site.

The site is never emptied first. Changed files are written to the `.codebook/` folder inside the
site and then renamed into place, so a build that is killed at any time leaves a working site, and
the next build completes the changes. Only files in the manifest are replaced or removed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

from codebook.diagnostics.progress import Progress, no_progress
from codebook.io import manifest
from codebook.io.disk import AccessError, os_error_as_access_error, temporary_file, walk
from codebook.io.manifest import Changes, DamagedManifestError

_STATE_FOLDER = ".codebook"
"""The folder inside the site that contains the manifest, the lock, and staged files."""
_PLACEHOLDER = ".gitignore"
"""Keeps the empty folder in the repository."""
_MAX_NAMES = 3
"""The number of foreign files that an error lists."""


def read_built(site: Path, folder: str, suffix: str) -> Mapping[PurePosixPath, bytes]:
    """The files of an earlier build in one folder of the site; empty if there was none.

    Raises `AccessError` if a file can't be read.
    """
    with os_error_as_access_error():
        paths = sorted((site / folder).rglob(f"*{suffix}")) if (site / folder).is_dir() else []
        return {PurePosixPath(p.relative_to(site).as_posix()): p.read_bytes() for p in paths}


def check_site_folder(site: Path, sources: Iterable[Path]) -> None:
    """Raise `AccessError` if the site must not be written to this folder. Writes nothing."""
    with os_error_as_access_error():
        if site.is_symlink():
            raise AccessError(f"{site} is a symbolic link; specify the folder it points to")
        if site.exists() and not site.is_dir():
            raise AccessError(f"{site} is a file; specify a folder for the site")
        real = site.resolve()
        if real == Path(real.anchor):
            raise AccessError(f"{site} is the root folder; specify a folder only for the site")
        if Path.home().resolve().is_relative_to(real):
            raise AccessError(
                f"{site} contains your home folder; specify a folder only for the site"
            )
        for source in sources:
            real_source = source.resolve()
            if real_source.is_relative_to(real):
                raise AccessError(
                    f"{site} contains the source folder {source}; specify another folder"
                )
            if real.is_relative_to(real_source):
                raise AccessError(
                    f"{site} is inside the source folder {source}; specify another folder"
                )
        if (site / ".git").exists():
            raise AccessError(f"{site} is a Git repository; specify a folder only for the site")
        if site.is_dir() and not (site / _STATE_FOLDER).is_dir():
            _refuse_foreign_files(site, frozenset())


def write_site(
    files: Mapping[PurePosixPath, bytes],
    site: Path,
    on_wait: Callable[[], None],
    progress: Progress = no_progress,
) -> Changes:
    """Update the folder to contain exactly the site, and return the changes.

    Calls `on_wait` once if another build has locked the folder. Raises `AccessError`, and leaves
    the site unchanged, if the folder contains files that no build wrote, or can't be written.
    """
    with os_error_as_access_error():
        (site / _STATE_FOLDER).mkdir(parents=True, exist_ok=True)
        with _locked(site / _STATE_FOLDER / "lock", on_wait):
            owned = _read_manifest(site)
            _refuse_foreign_files(site, owned)
            changes = manifest.plan_changes(files, _existing_files(files, site), owned)
            with _staging(site / _STATE_FOLDER / "new") as staging:
                # If the disk is full, writing fails here, before anything is changed.
                staged = {path: staging / str(n) for n, path in enumerate(changes.write)}
                for path in progress(changes.write, "writing"):
                    staged[path].write_bytes(files[path])
                # List both old and new files: if this build is killed, the next one must not take
                # any of them for a foreign file.
                if changes.write or changes.remove:
                    _write_manifest(site, owned | files.keys())
                _put_in_place(staged, changes.remove, site)
            _write_manifest(site, files.keys())
            return changes


def _put_in_place(
    staged: Mapping[PurePosixPath, Path], stale: Iterable[PurePosixPath], site: Path
) -> None:
    """Rename the staged files into place, then remove the stale ones."""
    for path, temporary in staged.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(site / path)
    for path in stale:
        (site / path).unlink(missing_ok=True)
        _prune((site / path).parent, site)


def _write_manifest(site: Path, paths: Iterable[PurePosixPath]) -> None:
    """Write the manifest atomically if it has changed."""
    path, data = site / _STATE_FOLDER / "manifest.json", manifest.dump(frozenset(paths))
    if not path.exists() or path.read_bytes() != data:
        with temporary_file(path, data) as new:
            new.replace(path)


def _read_manifest(site: Path) -> frozenset[PurePosixPath]:
    path = site / _STATE_FOLDER / "manifest.json"
    try:
        return manifest.load(path.read_bytes())
    except FileNotFoundError:
        return frozenset()
    except DamagedManifestError:
        message = f"{path} is damaged; move files that you want to keep out of {site}, and empty it"
        raise AccessError(message) from None


def _refuse_foreign_files(site: Path, owned: frozenset[PurePosixPath]) -> None:
    foreign = []
    for entry in walk(site, skip=frozenset({_STATE_FOLDER})):
        path = PurePosixPath(Path(entry.path).relative_to(site).as_posix())
        if entry.is_symlink():
            raise AccessError(f"{site / path} is a symbolic link; remove it from the site folder")
        if path not in owned and path != PurePosixPath(_PLACEHOLDER):
            foreign.append(path.as_posix())
    if foreign:
        more = f" and {len(foreign) - _MAX_NAMES} more" if len(foreign) > _MAX_NAMES else ""
        names = ", ".join(foreign[:_MAX_NAMES])
        raise AccessError(
            f"{site} contains files that codebook did not write ({names}{more}); "
            "specify an empty folder, or move these files"
        )


def _existing_files(
    files: Mapping[PurePosixPath, bytes], site: Path
) -> Mapping[PurePosixPath, bool]:
    """The files that exist, and whether each is up to date."""
    present: dict[PurePosixPath, bool] = {}
    for path, data in files.items():
        target = site / path
        if target.is_dir():
            raise AccessError(
                f"{target} is a folder, but the site has a file with that name; move the folder"
            )
        if target.exists():
            present[path] = target.stat().st_size == len(data) and target.read_bytes() == data
    return present


def _prune(folder: Path, site: Path) -> None:
    """Remove a folder and its parents if they're empty.

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
    """An empty temporary folder; files from a killed build are deleted first."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
