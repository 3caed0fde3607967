"""Convert SVG to PNG, and write icon files. Only this module uses resvg.

It never uses system fonts, so images are the same on every machine.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from xml.etree import ElementTree as ET
from zlib import crc32

import resvg

CARD_WIDTH, CARD_HEIGHT = 1200, 630
"""In pixels: the size that clients expect."""

_PREVIEW_SIZE = (60, 30)
"""In pixels: large enough for text to be visible."""
_SVG_ROOT = "{http://www.w3.org/2000/svg}svg"
_ICO_HEADER = struct.Struct("<HHH")
_ICO_ENTRY = struct.Struct("<BBBBHHII")
_ICO_MAX_SIZE = 256
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png(svg: str, fonts: Sequence[bytes], width: int, height: int) -> bytes:
    """The SVG as a PNG of this size, with text in these fonts only.

    Text is missing if no font can draw it; see `check_text`. Raises ValueError if the SVG can't be
    drawn or has a different aspect ratio.
    """
    tree = _parse(svg, fonts)
    own_width, own_height = tree.int_size()
    if own_width * height != own_height * width:
        raise ValueError(f"the image cannot be drawn at {width} by {height} pixels")
    return _draw(tree, width, height)


def check_text(svg: str, fonts: Sequence[bytes]) -> None:
    """Raise ValueError if no text of the SVG can be drawn with these fonts."""
    # resvg silently leaves out text that it has no font for.
    if _draw(_parse(svg, fonts), *_PREVIEW_SIZE) == _draw(_parse(svg, ()), *_PREVIEW_SIZE):
        raise ValueError("no text can be drawn with these fonts")


def ico(pngs: Sequence[bytes]) -> bytes:
    """An icon file with these square PNGs, as browsers request it at `/favicon.ico`.

    Raises ValueError for data that isn't a PNG, isn't square, or is larger than 256 pixels.
    """
    entries, offset = [], _ICO_HEADER.size + len(pngs) * _ICO_ENTRY.size
    for data in pngs:
        size = int.from_bytes(data[16:20], "big")
        if size > _ICO_MAX_SIZE or not is_valid_png(data, size, size):
            raise ValueError(f"not a square PNG of at most {_ICO_MAX_SIZE} pixels")
        side = size % _ICO_MAX_SIZE  # a single byte, where 0 means 256
        entries.append(_ICO_ENTRY.pack(side, side, 0, 0, 1, 32, len(data), offset))
        offset += len(data)
    return b"".join((_ICO_HEADER.pack(0, 1, len(pngs)), *entries, *pngs))


def framed(icon: str, background: str, percent: int) -> str:
    """The icon centered in a square of this color. `percent` is its width in the square.

    Systems that crop icons keep a circle with a diameter of 80 percent.
    """
    margin = (100 - percent) / 2
    start = f'<svg x="{margin}" y="{margin}" width="{percent}" height="{percent}" '
    drawing = icon.replace("<svg ", start, 1)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        f'<rect width="100" height="100" fill="{background}"/>{drawing}</svg>'
    )


def is_valid_png(data: bytes, width: int, height: int) -> bool:
    """Whether these bytes are exactly one undamaged PNG of this size."""
    if not data.startswith(_SIGNATURE):
        return False
    types, start = [], len(_SIGNATURE)
    while start < len(data):
        end = start + 12 + int.from_bytes(data[start : start + 4], "big")
        body, checksum = data[start + 4 : end - 4], data[end - 4 : end]
        if end > len(data) or crc32(body) != int.from_bytes(checksum, "big"):
            return False
        types.append(body[:4])
        start = end
    return (
        b"IDAT" in types
        and (types[0], types[-1], types.count(b"IEND")) == (b"IHDR", b"IEND", 1)
        and data[16:24] == struct.pack(">II", width, height)
    )


def _parse(svg: str, fonts: Sequence[bytes]) -> resvg.usvg.Tree:
    # resvg panics on invalid SVG, and Rust prints every panic, so common errors are found before.
    try:
        root = ET.fromstring(svg)  # noqa: S314 - templates are as trusted as the program
    except ET.ParseError as error:
        raise ValueError(f"the SVG is not valid XML: {error}") from None
    if root.tag != _SVG_ROOT:
        raise ValueError('the root is not an svg element with xmlns="http://www.w3.org/2000/svg"')
    options = resvg.usvg.Options.default()
    for font in fonts:
        options.load_font_data(font)
    with _panics_as_errors():
        return resvg.usvg.Tree.from_str(svg, options)


def _draw(tree: resvg.usvg.Tree, width: int, height: int) -> bytes:
    own_width, own_height = tree.int_size()
    scale = (width / own_width, 0.0, 0.0, 0.0, height / own_height, 0.0)
    with _panics_as_errors():
        return resvg.render(tree, scale, bg_size=(width, height))


@contextmanager
def _panics_as_errors() -> Iterator[None]:
    """Raise a ValueError for a panic, which isn't an Exception."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the type can't be imported
            raise
        raise ValueError(f"resvg cannot draw the SVG: {error}") from None
