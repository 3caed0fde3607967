"""Assets: the files that pages load. A content hash in each name lets browsers cache them forever.

Scripts and style sheets are minified, and style sheets contain the ones that they import, so that a
page loads only one. Only this module uses rjsmin and rcssmin.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import PurePosixPath

from msgspec import Struct

from codebook.book import urls
from codebook.diagnostics.source import Folder
from codebook.publish.imports import CACHE_SIZE, Files, Import, all_imports, imports

FOLDER = PurePosixPath("assets")
_MINIFIED = frozenset({".css", ".js"})
"""The suffixes of files that are minified."""

_PLACEHOLDER = "\x1a" * urls.CONTENT_HASH_LENGTH
"""As long as a hash, to keep positions in pages correct. No text can contain this character."""
_OPENING, _CLOSING = re.compile(r"@import\s+[\"']$"), re.compile(r"[\"']\s*;")
"""The parts of a CSS import around its URL. An import with a condition has another end."""
_PLACEHOLDER_URL = re.compile(rb"assets/[^\s\"'<>]*?" + _PLACEHOLDER.encode() + rb"[\w.-]*")


class Asset(Struct, frozen=True):
    """A file that is published under a name with a hash of its content."""

    name: str
    """The name that templates use, such as `style.css`."""
    url: str
    data: bytes


def assets(templates: Folder) -> tuple[Asset, ...]:
    """Every asset in the templates folder.

    In scripts and style sheets, relative URLs of other assets get their hashed names, so the hash
    of a file covers the files that it loads.
    """
    files = asset_files(templates)
    return tuple(_asset(path, files) for path in files)


def hashed_asset(name: str, data: bytes) -> Asset:
    """The asset with this name and content."""
    return Asset(name, _url(name, urls.content_hash(data)), data)


def placeholder_url(name: str) -> str:
    """The URL of an asset with a placeholder for the hash of its content.

    Pages are rendered with it, so they don't change when the content of the asset does.
    """
    return _url(name, _PLACEHOLDER)


def replace_placeholders(page: bytes, asset_urls: Mapping[str, str]) -> bytes:
    """The page with each placeholder URL replaced by its final URL."""
    return _PLACEHOLDER_URL.sub(lambda match: asset_urls[match[0].decode()].encode(), page)


def asset_files(templates: Folder) -> Files:
    """The files to publish, by path in the assets folder."""
    return {
        path.relative_to(FOLDER): data
        for path, data in templates.files.items()
        if path.parts[0] == FOLDER.name and len(path.parts) > 1
        if not any(part.startswith(".") for part in path.parts)
    }


def _url(name: str, digest: str) -> str:
    path = PurePosixPath(name)
    return urls.asset(path.with_name(f"{path.stem}.{digest}{path.suffix}").as_posix())


def _asset(path: PurePosixPath, files: Files) -> Asset:
    """The asset, with hashed names in its imports. Imports in a cycle keep their plain names."""
    if path.suffix not in _MINIFIED:
        return hashed_asset(path.as_posix(), files[path])
    text = _linked(path, files, urls.asset(path.parent.as_posix()))
    return hashed_asset(path.as_posix(), _minified(path.suffix, text))


def _linked(path: PurePosixPath, files: Files, folder: str) -> str:
    """The text of a script or style sheet, with what it imports, for a file in this folder."""
    text = files[path].decode()
    for it in reversed(imports(path, files[path])):
        if it.path in files and it.path != path and path not in all_imports(it.path, files):
            if statement := _import_statement(it, text):
                rules = _linked(it.path, files, folder)
                # Browsers ignore imports that follow a rule.
                if "@import" not in rules + text[it.end :]:
                    text = text[: statement.start] + rules + text[statement.stop :]
                    continue
            url = posixpath.relpath(_asset(it.path, files).url, folder)
            url = url if url.startswith("../") else f"./{url}"
            text = text[: it.start] + url + text[it.end :]
    return text


def _import_statement(it: Import, text: str) -> slice | None:
    """The part of a style sheet that unconditionally imports another."""
    opening, closing = _OPENING.search(text, 0, it.start), _CLOSING.match(text, it.end)
    if it.path.suffix == ".css" and opening and closing:
        return slice(opening.start(), closing.end())
    return None


@lru_cache(CACHE_SIZE)
def _minified(suffix: str, text: str) -> bytes:
    # Imported here because most builds change no asset.
    from rcssmin import cssmin  # noqa: PLC0415
    from rjsmin import jsmin  # noqa: PLC0415

    minify: Callable[[str], str] = cssmin if suffix == ".css" else jsmin
    return minify(text).encode()
