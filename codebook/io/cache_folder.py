"""The cache folder: what earlier runs stored, and what they published.

All of it can be deleted at any time. Symbolic links in it aren't followed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path, PurePosixPath

from codebook.io.disk import (
    AccessError,
    create,
    kind,
    os_error_as_access_error,
)

FOLDER = PurePosixPath(".cache", "codebook")
"""Next to the content folder."""
_SITES = "sites"
_IGNORE = ".gitignore"


def default_folder(content: Path) -> Path:
    """The cache folder of a book."""
    return content.parent / FOLDER


def site_folder(cache: Path, site: Path) -> Path:
    """The folder with what is known about a site. It moves along if both folders move together."""
    relative = os.path.relpath(os.path.realpath(site), os.path.realpath(cache))
    return cache / _SITES / blake2b(os.fsencode(relative), digest_size=8).hexdigest()


def make_folder(folder: Path, cache: Path) -> None:
    """Create a folder in the cache folder, which Git ignores.

    Raises `AccessError` if it can't be created, or if a symbolic link is in its place.
    """
    with os_error_as_access_error():
        for path in (cache.parent, cache, *_between(cache, folder)):
            found = kind(path)
            if found not in {"", "a folder"}:
                raise AccessError(f"{path} is {found}; remove it, or choose a folder with --cache")
            path.mkdir(exist_ok=True, parents=True)
        if not kind(cache / _IGNORE):
            create(cache / _IGNORE, b"*\n", sync=False)


def _between(cache: Path, folder: Path) -> Iterator[Path]:
    """The folders from the cache folder, without it, to one inside it."""
    current = cache
    for name in folder.relative_to(cache).parts:
        current /= name
        yield current
