"""PNG from SVG, and icon files. The one module that knows resvg.

Only resvg reads from the disk here: it takes fonts as paths. Fonts of the system are never used,
so an image is the same on every machine.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import resvg_py

VERSION = f"resvg-py {resvg_py.__version__}, resvg {resvg_py.__resvg_version__}"
"""Another version may give other bytes for the same image."""

CARD_WIDTH, CARD_HEIGHT = 1200, 630
"""In pixels: the size that every client asks for."""

_PREVIEW_WIDTH = 60
"""A width in pixels at which text is still visible."""
_ICO_HEADER = struct.Struct("<HHH")
_ICO_ENTRY = struct.Struct("<BBBBHHII")
_ICO_MAX_SIZE = 256
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png(svg: str, fonts: Sequence[Path], width: int, height: int) -> bytes:
    """The SVG as a PNG of this size, its text set in these fonts alone.

    Raises ValueError for an SVG that cannot be drawn or that has other proportions, and for fonts
    that cannot be read.
    """
    files = [str(font) for font in fonts]
    # resvg silently leaves out text that it has no font for.
    if files and _draw(svg, files, _PREVIEW_WIDTH) == _draw(svg, [], _PREVIEW_WIDTH):
        names = ", ".join(font.name for font in fonts)
        raise ValueError(f"the picture has no words in these fonts: {names}")
    data = _draw(svg, files, width, height)
    if not is_valid_png(data, width, height):
        raise ValueError(f"the picture cannot be drawn {width} by {height} pixels large")
    return data


def ico(pngs: Sequence[bytes]) -> bytes:
    """The icon file that holds these square PNGs, as browsers ask for at `/favicon.ico`.

    Raises ValueError for one that is no PNG, not square or larger than 256 pixels.
    """
    entries, offset = [], _ICO_HEADER.size + len(pngs) * _ICO_ENTRY.size
    for data in pngs:
        size = int.from_bytes(data[16:20], "big")
        if size > _ICO_MAX_SIZE or not is_valid_png(data, size, size):
            raise ValueError(f"not a square PNG of at most {_ICO_MAX_SIZE} pixels")
        side = size % _ICO_MAX_SIZE  # one byte, and 256 is written as 0
        entries.append(_ICO_ENTRY.pack(side, side, 0, 0, 1, 32, len(data), offset))
        offset += len(data)
    return b"".join((_ICO_HEADER.pack(0, 1, len(pngs)), *entries, *pngs))


def framed(icon: str, background: str, percent: int) -> str:
    """The icon centered in a square of this color, as wide as `percent` of it.

    Systems that crop icons keep a circle of 80 percent.
    """
    margin = (100 - percent) / 2
    start = f'<svg x="{margin}" y="{margin}" width="{percent}" height="{percent}" '
    drawing = icon.replace("<svg ", start, 1)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        f'<rect width="100" height="100" fill="{background}"/>{drawing}</svg>'
    )


def is_valid_png(data: bytes, width: int, height: int) -> bool:
    """Whether these bytes are an undamaged PNG of this size, and nothing else."""
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


def _draw(svg: str, fonts: list[str], width: int, height: int | None = None) -> bytes:
    return resvg_py.svg_to_bytes(
        svg_string=svg, skip_system_fonts=True, font_files=fonts, width=width, height=height
    )
