"""Shared file access: the error type, reads that follow no links, locks, and durable writes."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath
from uuid import uuid4

if sys.platform != "win32":
    import fcntl

_TEMPORARY = ".codebook-"
"""The start of the names of temporary files. Names that begin with a dot are no documents."""
_NO_SYNC = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP})
"""The errors of file systems that can't wait until data is on the disk."""
_KINDS: Mapping[Callable[[int], bool], str] = {
    stat.S_ISREG: "a file",
    stat.S_ISDIR: "a folder",
    stat.S_ISLNK: "a symbolic link",
    stat.S_ISFIFO: "a named pipe",
    stat.S_ISSOCK: "a socket",
}
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class AccessError(Exception):
    """A file, folder, or port can't be used. The message is written for users."""


class MissingFolderError(AccessError):
    """A folder to read doesn't exist."""


class NotAFolderError(AccessError):
    """Something else is at the path of a folder to read."""


@contextmanager
def os_error_as_access_error(path: Path | None = None) -> Iterator[None]:
    """Convert an `OSError` to an `AccessError`.

    The message names `path`, or else the file that the error names. Errors of reading and writing
    name none, and those of temporary files name a file that users don't know.
    """
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        name = path or error.filename
        raise AccessError(f"{name}: {reason}" if name else reason) from None


def walk(
    folder: Path,
    skip: frozenset[str] = frozenset(),
    is_ignored: Callable[[PurePath], bool] | None = None,
) -> Iterator[os.DirEntry[str]]:
    """All files and symbolic links below the folder, without following links.

    `skip` is names in the folder itself; `is_ignored` is asked about every name below it.
    """
    for entry in walk_all(folder, skip, is_ignored):
        if not entry.is_dir(follow_symlinks=False):
            yield entry


def walk_all(
    folder: Path,
    skip: frozenset[str] = frozenset(),
    is_ignored: Callable[[PurePath], bool] | None = None,
) -> Iterator[os.DirEntry[str]]:
    """All that is below the folder as in `walk`, and each folder before what is in it."""
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name in skip or (is_ignored and is_ignored(PurePath(entry.name))):
            continue
        yield entry
        if entry.is_dir(follow_symlinks=False):
            yield from walk_all(Path(entry.path), is_ignored=is_ignored)


def parents_of(path: str) -> Iterator[str]:
    """The folders above a file, from the top, without the one that its path is relative to."""
    end = path.find("/")
    while end >= 0:
        yield path[:end]
        end = path.find("/", end + 1)


def kind(path: Path) -> str:
    """What is at the path, without following links, such as `a folder`; empty if nothing is."""
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return ""
    for matches, name in _KINDS.items():
        if matches(mode):
            return name
    return "a device"


def mode_of(path: Path) -> int | None:
    """The permissions of a file; None if there is none."""
    return stat.S_IMODE(path.lstat().st_mode) if kind(path) == "a file" else None


def read_regular(path: Path, limit: int = -1) -> bytes | None:
    """The data of a file, or its first bytes up to a limit; None if there is none.

    Raises `AccessError` for a symbolic link, a folder, a pipe, or a device, and opens none of them:
    reading them could read another file, wait forever, or never end.
    """
    with os_error_as_access_error(path):
        found = kind(path)
        if not found:
            return None
        if found != "a file":
            raise AccessError(f"{path} is {found}")
        try:
            descriptor = os.open(path, os.O_RDONLY | _NO_LINKS)
        except FileNotFoundError:
            return None
        with open(descriptor, "rb") as file:  # noqa: PTH123 - an open file has no path
            # It may have been replaced in between.
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise AccessError(f"{path} is not a regular file")
            return file.read(limit)


def create(path: Path, data: bytes, mode: int | None = None, *, sync: bool = True) -> None:
    """Create a file, and by default wait until its data is on the disk.

    An existing file is an `OSError`, and so is a symbolic link. If writing fails, no file is left.
    """
    with path.open("xb") as file:
        try:
            if mode is not None:
                path.chmod(mode)
            file.write(data)
            file.flush()
            if sync:
                sync_file(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def sync_file(descriptor: int) -> None:
    """Wait until the data of an open file is on the disk, where the file system can."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise


def sync_folder(folder: Path) -> None:
    """Wait until the names of the files in a folder are on the disk, where the system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def temporary_file(
    target: Path, data: bytes, mode: int | None = None, *, sync: bool = True
) -> Iterator[Path]:
    """A file next to the target with the data, to be renamed; removed afterward if it wasn't.

    Its name is unique, so that several programs can write the same file.
    """
    path = target.with_name(f"{_TEMPORARY}{uuid4().hex}")
    with os_error_as_access_error(target):
        create(path, data, mode, sync=sync)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def remove_temporary_files(folder: Path) -> None:
    """Remove the temporary files in a folder, which processes that were killed left there.

    If another process is still writing one, it can't rename it.
    """
    for path in folder.glob(f"{_TEMPORARY}*"):
        path.unlink(missing_ok=True)


@contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """Wait until no other process holds the lock of this folder, and hold it.

    The lock is on the folder itself and leaves no file. On systems and network file systems without
    such locks, nothing is locked.
    """
    if sys.platform == "win32":
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def locked_file(path: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold the lock of a file, which is created. Calls `on_wait` once if another process holds it.

    Raises `AccessError` if the file can't be created.
    """
    if sys.platform == "win32":
        # Other systems don't need it, and importing it takes as long as a build without changes.
        from filelock import FileLock, Timeout  # noqa: PLC0415

        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            on_wait()
            lock.acquire()
        with lock:
            lock.release()
            yield
        return
    with os_error_as_access_error(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _NO_LINKS, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError:
            # A network file system without locks.
            pass
        yield
    finally:
        os.close(descriptor)


def listed(paths: Collection[PurePath], limit: int) -> str:
    """The first paths, and how many more there are, as a part of a sentence."""
    names = ", ".join(path.as_posix() for path in list(paths)[:limit])
    return names + (f", and {len(paths) - limit} more" if len(paths) > limit else "")


def display_path(path: Path) -> str:
    """The path relative to the current folder, if it is inside it."""
    current = Path.cwd()
    shown = path.relative_to(current) if path.is_relative_to(current) else path
    return as_text(shown.as_posix())


def as_text(name: str) -> str:
    """The name of a file without the surrogates that Python has for bytes that aren't UTF-8.

    They are escaped, because a text with surrogates can't be encoded.
    """
    return os.fsencode(name).decode(errors="backslashreplace")
