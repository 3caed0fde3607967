"""The files that pages need, each named by its content, so that a host may keep it for ever.

Scripts and sheets lose their comments and needless blanks. The one module that knows rjsmin and
rcssmin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import PurePosixPath

from rcssmin import cssmin
from rjsmin import jsmin

from codebook import addresses
from codebook.source import Folder

_FOLDER = "assets"

_IMPORT = re.compile(rb"""(?<=["'])\./([a-z-]+\.(?:js|css|woff2))(?=["'])""")
"""How a script or a sheet names another asset beside it."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, published under a name that tells its content."""

    name: str
    """By which templates ask for it: `style.css`."""
    address: str
    data: bytes


def assets(templates: Folder) -> tuple[Asset, ...]:
    """Every asset of the templates folder.

    A script or a sheet that names another asset, like `./name.js`, is given the other's whole name,
    and so is named by the other's content too.
    """
    return tuple(_assets(templates))


def named(name: str, data: bytes) -> Asset:
    """The asset with this plain name and content."""
    path = PurePosixPath(name)
    digest = blake2b(data, digest_size=5).hexdigest()
    hashed = path.with_name(f"{path.stem}.{digest}{path.suffix}")
    return Asset(name, addresses.asset(hashed.as_posix()), data)


def _assets(templates: Folder) -> Iterator[Asset]:
    own = {
        path.relative_to(_FOLDER): data
        for path, data in templates.files.items()
        if path.parts[0] == _FOLDER and len(path.parts) > 1 and not path.name.startswith(".")
    }
    for path in own:
        yield _asset(path, own, frozenset())


def _asset(
    path: PurePosixPath, own: Mapping[PurePosixPath, bytes], above: frozenset[PurePosixPath]
) -> Asset:
    """The asset, what it imports named first; two that import each other keep plain names."""
    above |= {path}

    def whole_name(match: re.Match[bytes]) -> bytes:
        other = path.with_name(match[1].decode())
        if other not in own or other in above:
            return match[0]
        return b"./" + PurePosixPath(_asset(other, own, above).address).name.encode()

    data = own[path]
    if path.suffix == ".js":
        data = jsmin(_IMPORT.sub(whole_name, data).decode()).encode()
    elif path.suffix == ".css":
        data = cssmin(_IMPORT.sub(whole_name, data).decode()).encode()
    return named(path.as_posix(), data)
