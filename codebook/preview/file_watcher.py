"""Watches folders for changed files. No other module uses watchfiles."""

from __future__ import annotations

import asyncio
import os
import platform
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path
from time import monotonic

from msgspec import Struct
from watchfiles import Change, awatch
from watchfiles.main import FileChange

from codebook.book.leftovers import is_leftover
from codebook.io.stamps import Stamp, folder_identity, stamps

_QUIET = 2
"""Milliseconds without a change after which the changes so far are reported."""
_MAX_DELAY = 50
"""The maximum time, in milliseconds, for which changes are collected."""
_CHECK_INTERVAL = 200
"""Milliseconds after which to check whether a folder has been replaced."""
_MAX_HOLD = 2
"""The maximum time, in seconds, for which changes of many files are collected."""
_POLL_INTERVAL = 0.25
"""Seconds after which to look at all files again, without notifications."""
_MILLISECONDS = 1000
"""Per second."""
_LIMITS: Mapping[str, str] = {
    "(os error 24)": "the limit of inotify instances is reached (fs.inotify.max_user_instances)",
    "file watch limit": "the limit of inotify watches is reached (fs.inotify.max_user_watches)",
    "Unable to decode": "the name of a changed file is not valid UTF-8",
}
"""Parts of the messages of watchfiles, whose errors have no number, and what they mean."""


async def changed_paths(
    folders: Sequence[Path], warn: Callable[[str], None]
) -> AsyncIterator[frozenset[Path]]:
    """The paths in these folders that have changed, each time some have.

    Changes are not lost while the caller is busy. A folder can be removed, and is watched again
    when something is at its path; its own path then is one of those that have changed. If the
    operating system can't notify of changes, this is said once, and the files are looked at
    regularly instead.
    """
    known = _stamps(folders)
    if not _must_poll():
        try:
            async for paths in _notifications(folders):
                yield paths
        except (OSError, RuntimeError) as error:
            interval = f"{_POLL_INTERVAL} s"
            warn(f"{_reason(error)}; looking for changed files every {interval} instead")
    # Compared with the stamps from the beginning, so that nothing is missed in between.
    while True:
        await asyncio.sleep(_POLL_INTERVAL)
        now = await asyncio.to_thread(_stamps, folders)
        everything = known.keys() | now.keys()
        changed = frozenset(path for path in everything if known.get(path) != now.get(path))
        known = now
        if changed:
            yield changed


async def _notifications(folders: Sequence[Path]) -> AsyncIterator[frozenset[Path]]:
    """The changed paths, as the operating system notifies of them.

    Raises an `OSError` or a `RuntimeError` if it can't.
    """
    held: frozenset[Path] = frozenset()
    held_since = 0.0
    async for batch in _batches(folders):
        held_since = held_since if held else monotonic()
        # When Git or another program changes many files, a build now would see half of it.
        is_partial = batch.is_partial or (held and batch.paths)
        if is_partial and monotonic() - held_since < _MAX_HOLD:
            held |= batch.paths
        elif changed := held | batch.paths:
            held = frozenset()
            yield changed


class _Batch(Struct, frozen=True):
    """Changes that happened in quick succession; without paths if there were none for a while."""

    paths: frozenset[Path]
    is_partial: bool
    """Whether others probably follow: saving in an editor changes one file, and removes none."""


async def _batches(folders: Sequence[Path]) -> AsyncIterator[_Batch]:
    while True:
        # Notifications are about the folder that was at the path when watching began, even if it
        # has been removed since, so watch the new one and compare from time to time.
        identities = {folder: folder_identity(folder) for folder in folders}
        real = {identity.path: folder for folder, identity in identities.items() if identity}
        watching = awatch(
            *real,
            watch_filter=None,
            debounce=_MAX_DELAY,
            step=_QUIET,
            rust_timeout=_CHECK_INTERVAL,
            yield_on_timeout=True,
            force_polling=False,
        )
        try:
            async with aclosing(watching):
                async for changes in watching:
                    batch = _batch(changes, real)
                    # The identity isn't enough: a new folder can get the inode of the old one.
                    replaced = {
                        folder
                        for folder in folders
                        if folder in batch.paths or folder_identity(folder) != identities[folder]
                    }
                    if replaced:
                        yield _Batch(batch.paths | replaced, is_partial=True)
                        break
                    yield batch
        except FileNotFoundError:
            # Removed just before watching it began.
            await asyncio.sleep(_CHECK_INTERVAL / _MILLISECONDS)


def _batch(changes: set[FileChange], real: Mapping[Path, Path]) -> _Batch:
    paths: dict[Path, set[Change]] = {}
    for change, name in changes:
        if path := _path_in_folder(Path(name), real):
            paths.setdefault(path, set()).add(change)
    is_removing = any(kinds == {Change.deleted} for kinds in paths.values())
    return _Batch(frozenset(paths), is_partial=len(paths) > 1 or is_removing)


def _must_poll() -> bool:
    """Whether there are no notifications, as on some disks of Windows and of virtual machines.

    Decided as by watchfiles, whose own polling misses changes in the same second as another one.
    """
    setting = os.environ.get("WATCHFILES_FORCE_POLLING", "")
    if setting:
        return setting.lower() not in {"false", "disable", "disabled"}
    return "microsoft-standard" in platform.uname().release.lower()


def _stamps(folders: Sequence[Path]) -> Mapping[Path, Stamp]:
    return {path: stamp for folder in folders for path, stamp in stamps(folder).items()}


def _reason(error: Exception) -> str:
    text = str(error)
    reasons = (reason for part, reason in _LIMITS.items() if part in text)
    # What follows is how Rust prints the error for programmers.
    return next(reasons, f"no notifications of changes: {text.partition(' (Error {')[0]}")


def _path_in_folder(path: Path, real: Mapping[Path, Path]) -> Path | None:
    """The path below the folder as the caller specified it; None if the change is irrelevant."""
    for real_folder, folder in real.items():
        if path.is_relative_to(real_folder) and not is_leftover(path.relative_to(real_folder)):
            return folder / path.relative_to(real_folder)
    return None
