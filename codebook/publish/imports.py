"""Find the other assets that a script or a style sheet loads."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import PurePosixPath

from msgspec import Struct

CACHE_SIZE = 64
"""Larger than the number of assets, so that editing one doesn't evict another."""
_PATTERNS: Mapping[str, re.Pattern[str]] = {
    ".css": re.compile(
        r"""/\*.*?\*/|(?:\burl\(\s*|@import\s+(?=["']))["']?"""
        r"""(?P<path>[^"'()\s\\:?#/][^"'()\s\\:?#]*)(?=["')\s?#])""",
        re.DOTALL,
    ),
    ".js": re.compile(
        r"""(?P<statement>\b(?:from|import)\s*\(?\s*)?["'](?P<path>\.{1,2}/[\w./-]+)(?=["'])"""
    ),
}
"""Relative URLs, by suffix. Strings of a script that aren't part of an import can be URLs too."""
_COMMENT = re.compile(r"\s*(?://|/?\*)")

Files = Mapping[PurePosixPath, bytes]
"""Assets, by path in the assets folder."""


class Import(Struct, frozen=True):
    """A relative URL in an asset."""

    path: PurePosixPath
    """The path in the assets folder; it can be outside, and the file can be missing."""
    start: int
    end: int
    """The part of the text that is the path."""
    is_certain: bool
    """Whether a browser loads the file, so that it can't be missing."""


@lru_cache(CACHE_SIZE)
def imports(path: PurePosixPath, data: bytes) -> tuple[Import, ...]:
    """The relative URLs in an asset; none if it's neither a script nor a style sheet."""
    pattern = _PATTERNS.get(path.suffix)
    return tuple(_imports(path, data.decode(), pattern)) if pattern else ()


def _imports(path: PurePosixPath, text: str, pattern: re.Pattern[str]) -> Iterator[Import]:
    for match in pattern.finditer(text):
        if written := match["path"]:
            imported = PurePosixPath(posixpath.normpath((path.parent / written).as_posix()))
            line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
            is_loaded = path.suffix == ".css" or bool(match["statement"])
            is_certain = is_loaded and not _COMMENT.match(line)
            yield Import(imported, *match.span("path"), is_certain)


def all_imports(path: PurePosixPath, files: Files) -> set[PurePosixPath]:
    """Every existing asset that an asset loads, directly or through other assets."""
    found: set[PurePosixPath] = set()
    queue = [path]
    while queue:
        importer = queue.pop()
        direct = {it.path for it in imports(importer, files[importer])} & files.keys()
        queue += direct - found
        found |= direct
    return found
