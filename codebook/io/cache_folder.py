"""The cache folder: what earlier runs stored, and what they published.

All of it can be deleted at any time. Symbolic links in it aren't followed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path, PurePosixPath

from codebook.io.disk import (
    AccessError,
    create,
    kind,
    listed,
    locked_file,
    os_error_as_access_error,
    read_regular,
    temporary_file,
)

FOLDER = PurePosixPath(".cache", "codebook")
"""Next to the content folder."""
_SITES = "sites"
_PATH, _LOCK = "path", "lock"
"""Files in the folder with what is known about a site. `path` leads there from the cache folder."""
_TAG = "CACHEDIR.TAG"
_FILES: Mapping[str, bytes] = {
    ".gitignore": b"*\n",
    # The first line is that of the Cache Directory Tagging Specification.
    _TAG: b"Signature: 8a477f597d28d172789f06886806bc55\n# Written by codebook; can be deleted.\n",
}
"""What tells other programs that the folder is a cache. The tag is written last."""
_MAX_NAMES = 3
"""The number of foreign files that an error lists."""


def default_folder(content: Path) -> Path:
    """The cache folder of a book."""
    return content.parent / FOLDER


def site_folder(cache: Path, site: Path) -> Path:
    """The folder with what is known about a site. It moves along if both folders move together."""
    return cache / _SITES / blake2b(_relative(site, cache), digest_size=8).hexdigest()


def remember_site(cache: Path, site: Path) -> None:
    """Store where a site is that now exists, so that it is known when it doesn't anymore."""
    folder, path = site_folder(cache, site), _relative(site, cache)
    with os_error_as_access_error():
        if read_regular(folder / _PATH) != path:
            with temporary_file(folder / _PATH, path, sync=False) as new:
                new.replace(folder / _PATH)


def forget_missing_sites(cache: Path) -> None:
    """Remove what is known about sites that no longer exist, unless they are being built."""
    for folder in (cache / _SITES).iterdir():
        if kind(folder) != "a folder":
            continue
        # A path with a null byte is a ValueError.
        with suppress(AccessError, ValueError, _BusyError):
            path = read_regular(folder / _PATH)
            if path is not None and not kind(cache / os.fsdecode(path)):
                with locked_file(folder / _LOCK, _raise_busy):
                    shutil.rmtree(folder, ignore_errors=True)


class _BusyError(Exception):
    """Another build has locked a site."""


def _raise_busy() -> None:
    raise _BusyError


def _relative(site: Path, cache: Path) -> bytes:
    return os.fsencode(os.path.relpath(os.path.realpath(site), os.path.realpath(cache)))


def is_made(cache: Path) -> bool:
    """Whether the cache folder exists, and no symbolic link is in its place."""
    is_reached = all(kind(path) == "a folder" for path in _own_folders(cache))
    return is_reached and kind(cache / _TAG) == "a file"


def make_folder(folder: Path, cache: Path) -> None:
    """Create a folder in the cache folder, which Git and backups ignore.

    Raises `AccessError` if it can't be created, if a symbolic link is in its place, or if the cache
    could replace files of another program.
    """
    with os_error_as_access_error():
        for path in _own_folders(cache):
            _make(path)
        if not is_made(cache):
            if not _is_default(cache):
                _check_unused(cache)
            for name, data in _FILES.items():
                # Another build can create it at the same time.
                with suppress(FileExistsError):
                    create(cache / name, data, sync=False)
        for path in _between(cache, folder):
            _make(path)


def check_folder(folder: Path, cache: Path) -> None:
    """Raise `AccessError` if the way to a folder in the cache folder has a symbolic link."""
    with os_error_as_access_error():
        for path in (*_own_folders(cache), *_between(cache, folder)):
            _check(path)


def _make(folder: Path) -> None:
    _check(folder)
    folder.mkdir(exist_ok=True, parents=True)


def _check(folder: Path) -> None:
    found = kind(folder)
    if found not in {"", "a folder"}:
        raise AccessError(f"{folder} is {found}; remove it, or choose a folder with --cache")


def _check_unused(cache: Path) -> None:
    if foreign := sorted({it.name for it in cache.iterdir()} - _FILES.keys()):
        names = listed([PurePosixPath(name) for name in foreign], _MAX_NAMES)
        raise AccessError(
            f"{cache} contains files and is not a cache ({names}); choose another folder with "
            "--cache"
        )


def _own_folders(cache: Path) -> tuple[Path, ...]:
    """The folders of the cache; by default, these are two."""
    return (cache.parent, cache) if _is_default(cache) else (cache,)


def _is_default(cache: Path) -> bool:
    return cache.parts[-2:] == FOLDER.parts


def _between(cache: Path, folder: Path) -> Iterator[Path]:
    """The folders from the cache folder, without it, to one inside it."""
    current = cache
    for name in folder.relative_to(cache).parts:
        current /= name
        yield current
