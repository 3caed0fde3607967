"""Writes the site.

The site is never emptied first. Changed files are first written to another folder, next to the
manifest in the cache, and then renamed into place, so a build that is killed at any time leaves a
working site, and the next build completes the changes. Only files in the manifest are replaced or
removed.

Nothing in the site folder is trusted: symbolic links aren't followed, and pipes and devices aren't
opened. The manifest is on the disk before a file is replaced. Pages aren't, because the next build
compares them with what they should contain.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path, PurePosixPath
from types import NoneType
from typing import NamedTuple

from codebook.book import urls
from codebook.diagnostics.progress import Progress, no_progress
from codebook.io import manifest
from codebook.io.disk import (
    AccessError,
    create,
    kind,
    listed,
    locked_file,
    os_error_as_access_error,
    parents_of,
    read_regular,
    sync_folder,
    temporary_file,
    walk,
)
from codebook.io.manifest import PLACEHOLDER, STATE_FOLDER, Changes, DamagedManifestError, Manifest

_MANIFEST, _LOCK, _NEW = "manifest.json", "lock", "new"
"""In the folder of the state. `new` is a folder with staged files."""
_STATE: Mapping[str, str] = {_MANIFEST: "a file", _LOCK: "a file", _NEW: "a folder"}
_HOME = str(urls.output_path(urls.HOME))
_GENERATOR = b'<meta name="generator" content="codebook">'
"""In the home page of every site. `templates/home.html` contains it."""
_HEAD_LENGTH = 1 << 16
"""In bytes: more than the start of a page up to this element."""
_MANY = 96
"""The number of files from which a second process pays off."""
_MAX_NAMES = 3
"""The number of foreign files that an error lists."""
_MAX_UNKNOWN = 10
"""The same, if the user must find out which of them are foreign."""


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
        _check_state(site / STATE_FOLDER)


@contextmanager
def locked_site(state: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold the lock of the site whose state is in this folder.

    Calls `on_wait` once if another build holds it.
    """
    with os_error_as_access_error():
        _check_state(state)
    with locked_file(state / _LOCK, on_wait):
        yield


def write_site(  # noqa: PLR0913 - all but three are keyword arguments with defaults
    files: Mapping[PurePosixPath, bytes],
    site: Path,
    state: Path,
    *,
    kept: AbstractSet[str] = frozenset(),
    present: AbstractSet[str] | None = None,
    processes: int = 1,
    progress: Progress = no_progress,
    before_change: Callable[[], None] = lambda: None,
) -> Changes:
    """Update the folder to contain exactly these files, and return the changes.

    `state` is a folder for the manifest and staged files; the caller has locked it. `kept` are more
    files of the site, which are up to date. `present` are all files in the folder, if known. So
    many `processes` write.

    The assets that this replaces stay until they change again, for pages that are open in browsers.
    Calls `before_change` when everything is written and only has to be renamed. Raises
    `AccessError`, and leaves the site unchanged, if the folder contains files that no build wrote
    or can't be written, or if `before_change` raises.
    """
    with os_error_as_access_error():
        data = {str(path): data for path, data in files.items()}
        survey = _survey(data, kept, site, state, present)
        owned = survey.owned
        every = data.keys() | kept
        changes = manifest.plan_changes(every, survey.present, owned)
        site.mkdir(parents=True, exist_ok=True)
        # Staging changes the time of the site folder, by which the next build notices changes.
        with _staging(state, site) if changes.write else nullcontext(state) as staging:
            # If the disk is full, writing fails here, before anything is changed.
            staged = {path: staging / str(n) for n, path in enumerate(changes.write)}
            _stage(files, staged, site, processes, lambda paths: progress(paths, "writing"))
            before_change()
            # List both old and new files: if this build is killed, the next one must not take any
            # of them for a foreign file.
            both = Manifest(owned.files | every, owned.previous)
            after = Manifest(changes.previous | every, changes.previous)
            stored = survey.stored
            if changes.write or changes.remove:
                _write_manifest(both, state, stored)
                stored = both
            _put_in_place(staged, site)
            _remove(map(str, changes.remove), survey.files, site)
            _write_manifest(after, state, stored)
        _remove_old_state(site)
        return changes


def clean_site(
    site: Path, state: Path, on_wait: Callable[[], None]
) -> tuple[Collection[PurePosixPath], Collection[PurePosixPath]]:
    """Remove the files that builds wrote, and return them and the files that stay.

    Calls `on_wait` once if a build has locked the site. Raises `AccessError`, and removes nothing,
    if the manifest is damaged.
    """
    with os_error_as_access_error():
        if kind(site) != "a folder":
            return (), ()
        _check_state(site / STATE_FOLDER)
        folder = next((it for it in (state, site / STATE_FOLDER) if kind(it / _MANIFEST)), None)
        if folder is None:
            return (), sorted(map(PurePosixPath, _files(site, is_strict=False)))
        with locked_site(folder, on_wait):
            owned = _read_manifest(folder)
            if owned is None:
                raise AccessError(
                    f"{folder / _MANIFEST} is damaged, so it is unknown which files codebook "
                    "wrote; build the site, which repairs it, or delete the files yourself"
                )
            present = _files(site, is_strict=False)
            removed = sorted(present & owned.files)
            _remove(removed, present, site)
            # The manifest comes last: if this is interrupted, it can be repeated.
            (folder / _MANIFEST).unlink(missing_ok=True)
        _remove_old_state(site)
        kept = present.difference(removed)
        return [*map(PurePosixPath, removed)], sorted(map(PurePosixPath, kept))


def _stage(
    files: Mapping[PurePosixPath, bytes],
    staged: Mapping[PurePosixPath, Path],
    site: Path,
    processes: int,
    watch: Callable[[Iterable[PurePosixPath]], Iterable[PurePosixPath]],
) -> None:
    """Write each file to its place in the staging folder."""

    def write(path: PurePosixPath) -> None:
        with os_error_as_access_error(site / path):
            try:
                create(staged[path], files[path], sync=False)
            except FileExistsError:
                # Another process has written it, but was stopped before it said so.
                staged[path].unlink()
                create(staged[path], files[path], sync=False)

    # Cleaning a site works without packages, which this needs.
    from codebook.cache import compute  # noqa: PLC0415 - see above

    is_shared = len(staged) >= _MANY
    compute(write, [*staged], NoneType, watch, processes=processes if is_shared else 1)


class _Survey(NamedTuple):
    """What is in the site folder."""

    files: AbstractSet[str]
    present: Mapping[str, bool]
    """The files of the new site that exist, and whether each is up to date; also old assets."""
    owned: Manifest
    stored: Manifest | None
    """The manifest as it is in the folder of the state."""


def _survey(
    files: Mapping[str, bytes],
    kept: AbstractSet[str],
    site: Path,
    state: Path,
    known: AbstractSet[str] | None,
) -> _Survey:
    """What is in the folder. Raises `AccessError` if anything in it prevents a build.

    If a file isn't in the manifest, it is adopted if it is what this build would write, or if it is
    an asset whose name has the hash of its content. A damaged manifest is therefore repaired. If
    the manifest is missing, but codebook generated the home page, files that differ from those that
    this build would write are adopted, too: the cache can be deleted at any time.
    """
    found = _files(site, is_strict=True) if known is None else known
    stored = _read_manifest(state)
    owned = stored or _read_manifest(site / STATE_FOLDER)
    present = {
        path: (site / path).stat().st_size == len(files[path])
        and read_regular(site / path) == files[path]
        for path in found & files.keys()
    }
    present.update(dict.fromkeys(kept, True))
    listed = owned or Manifest()
    is_ours = owned is None and _is_built(site, found)
    ours = {path for path in present if present[path] or is_ours}
    unknown = found - listed.files - ours
    orphans = {path for path in unknown if _is_asset(path, site)}
    if foreign := sorted(unknown - orphans):
        # A folder without any file of the site was never one.
        is_unknown = owned is None and bool(present)
        paths = [PurePosixPath(path) for path in foreign]
        raise AccessError(_foreign_files(paths, site, state, is_unknown=is_unknown))
    _check_folders(files, found, site)
    adopted = Manifest(
        listed.files | orphans | ours,
        listed.previous | (orphans - files.keys() - kept),
    )
    old = dict.fromkeys((found & adopted.files) - files.keys() - kept, False)
    return _Survey(found, {**old, **present}, adopted, stored)


def _files(site: Path, *, is_strict: bool) -> set[str]:
    """The regular files of the folder, except for the state of builds.

    If `is_strict` is set, raises `AccessError` if there is anything else but folders.
    """
    files = set()
    start = len(str(site)) + 1
    for entry in walk(site) if site.exists() else ():
        path = entry.path[start:].replace(os.sep, "/")
        is_file = entry.is_file(follow_symlinks=False)
        if not is_file and is_strict:
            raise AccessError(
                f"{site / path} is {kind(site / path)}; remove it from the site folder"
            )
        if path.partition("/")[0] != STATE_FOLDER and path != PLACEHOLDER and is_file:
            files.add(path)
    return files


def _is_built(site: Path, found: AbstractSet[str]) -> bool:
    """Whether the home page says that codebook generated it."""
    return _HOME in found and _GENERATOR in (read_regular(site / _HOME, _HEAD_LENGTH) or b"")


def _is_asset(path: str, site: Path) -> bool:
    """Whether a file is an asset whose name has the hash of its content."""
    _, digest = urls.split_asset(path)
    return bool(digest) and urls.content_hash(read_regular(site / path) or b"") == digest


def _foreign_files(
    foreign: Collection[PurePosixPath], site: Path, state: Path, *, is_unknown: bool
) -> str:
    """The error for files that no build wrote, or of which that is unknown."""
    limit = _MAX_UNKNOWN if is_unknown else _MAX_NAMES
    names = listed(foreign, limit)
    if not is_unknown:
        return (
            f"{site} contains files that codebook did not write ({names}); "
            "specify an empty folder, or move these files"
        )
    path = state / _MANIFEST
    return (
        f"{site} contains files that differ from this build ({names}), and {path} is "
        f"{'damaged' if kind(path) else 'missing'}, so it is unknown whether codebook wrote them; "
        "if it did, delete them and build again, otherwise specify an empty folder"
    )


def _check_folders(files: Collection[str], found: AbstractSet[str], site: Path) -> None:
    """Raise `AccessError` if a folder is in the place of a file, or a file in that of a folder."""
    for path in files:
        target = site / path
        if path not in found and kind(target):
            raise AccessError(
                f"{target} is a folder, but the site has a file with that name; move the folder"
            )
    parents = {parent for path in files for parent in parents_of(path)}
    for path in sorted(parents & found):
        raise AccessError(
            f"{site / path} is a file, but the site has a folder with that name; move the file"
        )


def _check_state(state: Path) -> None:
    """Raise `AccessError` if the state of builds isn't in regular files and folders."""
    expected = {state: "a folder", **{state / name: found for name, found in _STATE.items()}}
    for path, right in expected.items():
        found = kind(path)
        if found not in {"", right}:
            raise AccessError(f"{path} is {found}, not {right}; remove it, and build again")


def _put_in_place(staged: Mapping[PurePosixPath, Path], site: Path) -> None:
    """Rename the staged files into place."""
    for folder in {site / path.parent for path in staged}:
        with os_error_as_access_error(folder):
            folder.mkdir(parents=True, exist_ok=True)
    for path, temporary in staged.items():
        with os_error_as_access_error(site / path):
            temporary.replace(site / path)


def _remove(paths: Iterable[str], present: AbstractSet[str], site: Path) -> None:
    """Remove the files that are present, and then their folders that are empty.

    A build that was killed may have removed some of them already. The removals are on the disk
    before the manifest that doesn't list the files anymore.
    """
    folders = set()
    for path in paths:
        if path in present:
            (site / path).unlink(missing_ok=True)
        folders.add(site)
        for parent in reversed([*parents_of(path)]):
            folders.add(site / parent)
            with suppress(OSError):
                (site / parent).rmdir()
    for folder in folders:
        sync_folder(folder)


def _write_manifest(content: Manifest, state: Path, stored: Manifest | None) -> None:
    """Write the manifest atomically if it has changed, and wait until it is on the disk."""
    path = state / _MANIFEST
    if content != stored:
        with temporary_file(path, manifest.dump(content)) as new:
            new.replace(path)
        sync_folder(state)


def _read_manifest(state: Path) -> Manifest | None:
    """The manifest; None if it is missing or damaged."""
    data = read_regular(state / _MANIFEST)
    try:
        return None if data is None else manifest.load(data)
    except DamagedManifestError:
        return None


def _remove_old_state(site: Path) -> None:
    """Remove what older versions, and builds that were killed, left in the site."""
    old = site / STATE_FOLDER
    shutil.rmtree(old / _NEW, ignore_errors=True)
    for name in (_LOCK, _MANIFEST):
        (old / name).unlink(missing_ok=True)
    with suppress(OSError):
        old.rmdir()


@contextmanager
def _staging(state: Path, site: Path) -> Iterator[Path]:
    """An empty temporary folder, from which files can be renamed into the site.

    It is in the site only if that is in another file system. Files from a killed build are deleted
    first.
    """
    folder, in_site = state / _NEW, site / STATE_FOLDER / _NEW
    for old in (folder, in_site):
        shutil.rmtree(old, ignore_errors=True)
    folder.mkdir()
    try:
        in_site.parent.mkdir(exist_ok=True)
        yield folder if _can_rename(folder, in_site) else in_site
    finally:
        for old in (folder, in_site):
            shutil.rmtree(old, ignore_errors=True)
        with suppress(OSError):
            in_site.parent.rmdir()


def _can_rename(folder: Path, target: Path) -> bool:
    """Whether a folder can be renamed; if not, the target is created.

    Renaming tells more than comparing devices, because a bind mount has the same device.
    """
    try:
        folder.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        target.mkdir()
        return False
    target.rename(folder)
    return True
