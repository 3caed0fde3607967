"""The files that pages need, each named by its content, so that a host may keep it for ever."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from codebook import addresses
from codebook.source import Folder

_FOLDER = "assets"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, published as it is."""

    name: str
    """By which templates ask for it: `style.css`."""
    address: str
    data: bytes


def assets(templates: Folder) -> tuple[Asset, ...]:
    """Every asset of the templates folder."""
    return tuple(_assets(templates))


def _assets(templates: Folder) -> Iterator[Asset]:
    for path, data in templates.files.items():
        if path.parts[0] == _FOLDER and len(path.parts) > 1 and not path.name.startswith("."):
            relative = path.relative_to(_FOLDER)
            digest = blake2b(data, digest_size=5).hexdigest()
            hashed = relative.with_name(f"{path.stem}.{digest}{path.suffix}")
            yield Asset(relative.as_posix(), addresses.asset(hashed.as_posix()), data)
