"""Pictures as bytes: PNG from SVG, and icon files. The one module that knows resvg.

Nothing is read from the disk here but by resvg, which takes fonts as files only: they are handed
over as paths. No font of the system is ever used, so a picture is the same on every machine.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import resvg_py

VERSION = f"resvg-py {resvg_py.__version__}, resvg {resvg_py.__resvg_version__}"
"""Of what draws: another one may give other bytes for the same picture."""

CARD_WIDTH, CARD_HEIGHT = 1200, 630
"""The size of a card in pixels: what all who show cards ask for."""

_THUMBNAIL = 60
"""A width at which words are still seen."""
_ICO_HEAD = struct.Struct("<HHH")
_ICO_ENTRY = struct.Struct("<BBBBHHII")
_ICO_LARGEST = 256
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png(svg: str, fonts: Sequence[Path], width: int, height: int) -> bytes:
    """The SVG as a PNG of this size, its text set in these fonts alone.

    Raises ValueError for an SVG that cannot be drawn or that has other proportions, and for fonts
    that cannot be read: a picture without its words is none.
    """
    files = [str(font) for font in fonts]
    # resvg leaves out the words it has no font for, and is silent about it.
    if files and _drawn(svg, files, _THUMBNAIL) == _drawn(svg, [], _THUMBNAIL):
        raise ValueError(f"the picture has no words in these fonts: {_names(fonts)}")
    data = _drawn(svg, files, width, height)
    if not is_whole(data, width, height):
        raise ValueError(f"the picture cannot be drawn {width} by {height} pixels large")
    return data


def ico(pngs: Sequence[bytes]) -> bytes:
    """The icon file that holds these square PNGs, as browsers ask for at `/favicon.ico`.

    Raises ValueError for one that is no PNG, not square or larger than 256 pixels.
    """
    entries, offset = [], _ICO_HEAD.size + len(pngs) * _ICO_ENTRY.size
    for data in pngs:
        size = int.from_bytes(data[16:20], "big")
        if size > _ICO_LARGEST or not is_whole(data, size, size):
            raise ValueError(f"not a square PNG of at most {_ICO_LARGEST} pixels")
        side = size % _ICO_LARGEST  # one byte, and 256 is written as 0
        entries.append(_ICO_ENTRY.pack(side, side, 0, 0, 1, 32, len(data), offset))
        offset += len(data)
    return b"".join((_ICO_HEAD.pack(0, 1, len(pngs)), *entries, *pngs))


def framed(icon: str, ground: str, part: int) -> str:
    """The icon in the middle of a square of this colour, so many hundredths of it wide.

    Systems that cut icons into shapes of their own keep a circle of eighty hundredths.
    """
    edge = (100 - part) / 2
    placed = icon.replace("<svg ", f'<svg x="{edge}" y="{edge}" width="{part}" height="{part}" ', 1)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        f'<rect width="100" height="100" fill="{ground}"/>{placed}</svg>'
    )


def is_whole(data: bytes, width: int, height: int) -> bool:
    """Whether these bytes are an undamaged PNG of this size, and nothing else."""
    if not data.startswith(_SIGNATURE):
        return False
    kinds, start = [], len(_SIGNATURE)
    while start < len(data):
        end = start + 12 + int.from_bytes(data[start : start + 4], "big")
        body, checksum = data[start + 4 : end - 4], data[end - 4 : end]
        if end > len(data) or crc32(body) != int.from_bytes(checksum, "big"):
            return False
        kinds.append(body[:4])
        start = end
    return (
        b"IDAT" in kinds
        and (kinds[0], kinds[-1], kinds.count(b"IEND")) == (b"IHDR", b"IEND", 1)
        and data[16:24] == struct.pack(">II", width, height)
    )


def _names(fonts: Sequence[Path]) -> str:
    return ", ".join(font.name for font in fonts)


def _drawn(svg: str, fonts: list[str], width: int, height: int | None = None) -> bytes:
    """What resvg draws."""
    return resvg_py.svg_to_bytes(
        svg_string=svg, skip_system_fonts=True, font_files=fonts, width=width, height=height
    )
