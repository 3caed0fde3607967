"""Assets: the files that pages load. A content hash in each name lets browsers cache them forever.

Scripts and style sheets are minified. Only this module uses rjsmin and rcssmin.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from rcssmin import cssmin
from rjsmin import jsmin

from codebook.book import urls
from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.diagnostics.source import Folder, Span

_FOLDER = PurePosixPath("assets")
_MINIFIERS: Mapping[str, Callable[[str], str]] = {".css": cssmin, ".js": jsmin}
"""By file suffix. Only these files can import other assets."""

_CACHE_SIZE = 64
"""Larger than the number of assets, so that editing one doesn't evict another."""
_PLACEHOLDER = "\x1a" * urls.CONTENT_HASH_LENGTH
"""As long as a hash, to keep positions in pages correct. No text can contain this character."""
_PLACEHOLDER_URL = re.compile(rb"assets/[^\s\"'<>]*?" + _PLACEHOLDER.encode() + rb"[\w.-]*")

_IMPORT = re.compile(rb"""(?<=["'(])\./([\w.-]+)(?=["')])""")
"""How a script or a style sheet imports another asset from its folder."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that is published under a name with a hash of its content."""

    name: str
    """The name that templates use, such as `style.css`."""
    url: str
    data: bytes


def assets(templates: Folder) -> tuple[Asset, ...]:
    """Every asset in the templates folder.

    In scripts and style sheets, an import such as `./name.js` becomes the hashed name, so the hash
    of the importing file covers the imported file too.
    """
    files = _files(templates)
    return tuple(_asset(path, files) for path in files)


def hashed_asset(name: str, data: bytes) -> Asset:
    """The asset with this name and content."""
    return Asset(name, _url(name, urls.content_hash(data)), data)


def placeholder_url(name: str) -> str:
    """The URL of an asset with a placeholder for the hash of its content.

    Pages are rendered with it, so they don't change when the content of the asset does.
    """
    return _url(name, _PLACEHOLDER)


def final_urls(files: Mapping[PurePosixPath, bytes]) -> Mapping[str, str]:
    """The final URL of each asset in a site, by its placeholder URL."""
    return {
        path.as_posix(): path.as_posix().replace(_PLACEHOLDER, urls.content_hash(data))
        for path, data in files.items()
        if _PLACEHOLDER in path.name
    }


def replace_placeholders(page: bytes, asset_urls: Mapping[str, str]) -> bytes:
    """The page with each placeholder URL replaced by its final URL."""
    return _PLACEHOLDER_URL.sub(lambda match: asset_urls[match[0].decode()].encode(), page)


def circular_assets(templates: Folder) -> Iterator[Diagnostic]:
    """Report each asset that imports itself, directly or through other assets.

    Its hash would depend on itself.
    """
    files = _files(templates)
    for path in files:
        if path in _imports(path, files):
            yield Diagnostic(
                Rule.TEMPLATE_ERROR,
                Span(templates.show(_FOLDER / path)),
                "the asset imports itself, directly or through other assets",
                help="move the code that both files need to a third file",
            )


def _url(name: str, digest: str) -> str:
    path = PurePosixPath(name)
    return urls.asset(path.with_name(f"{path.stem}.{digest}{path.suffix}").as_posix())


def _files(templates: Folder) -> Mapping[PurePosixPath, bytes]:
    """The files to publish, by path in the assets folder."""
    return {
        path.relative_to(_FOLDER): data
        for path, data in templates.files.items()
        if path.parts[0] == _FOLDER.name and len(path.parts) > 1
        if not any(part.startswith(".") for part in path.parts)
    }


def _asset(path: PurePosixPath, files: Mapping[PurePosixPath, bytes]) -> Asset:
    """The asset, with hashed names in its imports. Imports in a cycle keep their plain names."""

    def hashed_import(match: re.Match[bytes]) -> bytes:
        imported = path.with_name(match[1].decode())
        if imported not in files or imported == path or path in _imports(imported, files):
            return match[0]
        return b"./" + PurePosixPath(_asset(imported, files).url).name.encode()

    data = files[path]
    if path.suffix in _MINIFIERS:
        data = _minified(path.suffix, _IMPORT.sub(hashed_import, data))
    return hashed_asset(path.as_posix(), data)


@lru_cache(_CACHE_SIZE)
def _minified(suffix: str, data: bytes) -> bytes:
    return _MINIFIERS[suffix](data.decode()).encode()


@lru_cache(_CACHE_SIZE)
def _import_names(data: bytes) -> frozenset[str]:
    return frozenset(name.decode() for name in _IMPORT.findall(data))


def _imports(path: PurePosixPath, files: Mapping[PurePosixPath, bytes]) -> set[PurePosixPath]:
    """Every asset that an asset imports, directly or through other assets."""
    imports: set[PurePosixPath] = set()
    queue = [path]
    while queue:
        importer = queue.pop()
        if importer.suffix in _MINIFIERS:
            names = _import_names(files[importer])
            direct = {importer.with_name(name) for name in names} & files.keys()
            queue += direct - imports
            imports |= direct
    return imports
