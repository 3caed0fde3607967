"""The files that pages need, each named by its content, so that a host may keep it for ever.

Scripts and sheets lose their comments and needless blanks. The one module that knows rjsmin and
rcssmin.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import PurePosixPath

from rcssmin import cssmin
from rjsmin import jsmin

from codebook.book import urls
from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.diagnostics.source import Folder, Span

_FOLDER = PurePosixPath("assets")
_SHORTENED: Mapping[str, Callable[[str], str]] = {".css": cssmin, ".js": jsmin}
"""What takes the comments out, by the ending of a file. No others may name assets beside them."""

_KEPT = 64
"""How many assets are remembered: more than there are, so that an edit of one leaves the others."""
_DIGEST = 10
_GAP = "\x1a" * _DIGEST
"""As long as a digest, so that places in a page are right; no text may hold such a character."""
_UNSIGNED = re.compile(rb"assets/[^\s\"'<>]*?" + _GAP.encode() + rb"[\w.-]*")

_NAMED = re.compile(rb"""(?<=["'(])\./([\w.-]+)(?=["')])""")
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


def hashed_asset(name: str, data: bytes) -> Asset:
    """The asset with this plain name and content."""
    digest = blake2b(data, digest_size=_DIGEST // 2).hexdigest()
    return Asset(name, _address(name, digest), data)


def placeholder_url(name: str) -> str:
    """The address of an asset with a gap where the digest of its content belongs.

    Pages are made with it, so that they need not be made anew for another content.
    """
    return _address(name, _GAP)


def replace_placeholders(page: bytes, known: Mapping[str, str]) -> bytes:
    """The page with these addresses in the place of those with a gap."""
    return _UNSIGNED.sub(lambda match: known[match[0].decode()].encode(), page)


def _address(name: str, digest: str) -> str:
    path = PurePosixPath(name)
    return urls.asset(path.with_name(f"{path.stem}.{digest}{path.suffix}").as_posix())


def _assets(templates: Folder) -> Iterator[Asset]:
    own = _own(templates)
    for path in own:
        yield _asset(path, own)


def circular_assets(templates: Folder) -> Iterator[Diagnostic]:
    """A problem for each asset that names itself by way of others: no name tells what it holds."""
    own = _own(templates)
    for path in own:
        if path in _reached(path, own):
            yield Diagnostic(
                Rule.TEMPLATE_ERROR,
                Span(templates.show(_FOLDER / path)),
                "the file names itself, alone or by way of others, and so has no name of its own",
                help="move what both need into a third file",
            )


def _own(templates: Folder) -> Mapping[PurePosixPath, bytes]:
    """The files to be published, by their path in the folder of assets."""
    return {
        path.relative_to(_FOLDER): data
        for path, data in templates.files.items()
        if path.parts[0] == _FOLDER.name and len(path.parts) > 1
        if not any(part.startswith(".") for part in path.parts)
    }


def _asset(path: PurePosixPath, own: Mapping[PurePosixPath, bytes]) -> Asset:
    """The asset, with the whole names of those that it names; in a ring, plain names stay."""

    def whole_name(match: re.Match[bytes]) -> bytes:
        other = path.with_name(match[1].decode())
        if other not in own or other == path or path in _reached(other, own):
            return match[0]
        return b"./" + PurePosixPath(_asset(other, own).address).name.encode()

    data = own[path]
    if path.suffix in _SHORTENED:
        data = _shortened(path.suffix, _NAMED.sub(whole_name, data))
    return hashed_asset(path.as_posix(), data)


@lru_cache(_KEPT)
def _shortened(suffix: str, data: bytes) -> bytes:
    return _SHORTENED[suffix](data.decode()).encode()


@lru_cache(_KEPT)
def _names(data: bytes) -> frozenset[str]:
    """The other assets that one names."""
    return frozenset(each.decode() for each in _NAMED.findall(data))


def _reached(path: PurePosixPath, own: Mapping[PurePosixPath, bytes]) -> set[PurePosixPath]:
    """Every asset that this one names, or that one of those names, and so on."""
    reached: set[PurePosixPath] = set()
    ahead = [path]
    while ahead:
        here = ahead.pop()
        if here.suffix not in _SHORTENED:
            continue
        found = {here.with_name(each) for each in _names(own[here])}
        ahead += (found & own.keys()) - reached
        reached |= found & own.keys()
    return reached
