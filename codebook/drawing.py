"""Pictures: the cards that links are shown with, and icons. The one module that knows resvg.

Nothing is read from the disk here but by resvg, which takes fonts as files only: they are handed
over as paths. No font of the system is ever used, so a picture is the same on every machine.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import resvg_py

VERSION = f"resvg-py {resvg_py.__version__}, resvg {resvg_py.__resvg_version__}"
"""Of what draws: another one may give other bytes for the same picture."""

CARD_WIDTH, CARD_HEIGHT = 1200, 630
"""The size of a card in pixels: what all who show cards ask for."""

_MEASURE = 730
"""The width in pixels that the words of a card have: what the grid at their right leaves."""
_NUMBER_SIZE = 280
_NAME_SIZES = (64, 56, 48)
"""Of a name below a number, which has two lines."""
_TITLE_SIZES = (96, 88, 80, 72, 64, 56)
"""Of a name alone, which has three."""
_SMALL_SIZE = 32
"""Of the kind and of the title of the site; the template sets it."""

_HAIR = 1e-6
"""So little narrower that nobody sees it: the next line that a shorter limit can give."""
_THUMBNAIL = 60
"""A width at which words are still seen."""

_WINDOWS_UNICODE = (3, 1)
_GLYPHS = 1 << 16
"""How many a font can have; their numbers are counted round."""
_ICO_HEAD = struct.Struct("<HHH")
_ICO_ENTRY = struct.Struct("<BBBBHHII")
_ICO_LARGEST = 256
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Face:
    """How wide the characters of a font are."""

    advances: Mapping[str, float]
    """Of each character the font has, at size 1."""

    @classmethod
    def of(cls, font: bytes) -> Face:
        """The widths that a TrueType font states.

        Raises ValueError for bytes that are no such font, or one without a table for the first
        plane of Unicode.
        """
        try:
            return cls(dict(_advances(font)))
        except (struct.error, KeyError, ZeroDivisionError) as error:
            raise ValueError("not a TrueType font, or a damaged one") from error

    def width(self, words: str) -> float:
        """The width of one line at size 1; what the font does not have counts as a full square."""
        return sum(self.advances.get(character, 1.0) for character in words)

    def missing(self, words: str) -> str:
        """The characters that the font does not have, each once, in order."""
        return "".join(sorted(set(words) - self.advances.keys()))


@dataclass(frozen=True, slots=True)
class Hole:
    """One column of the grid at the side of a card, in the manner of a punched card."""

    column: int
    mark: str
    """The digit that is punched, or `x` for every digit."""


@dataclass(frozen=True, slots=True)
class Card:
    """What the template of a card is given. Each text fits its place at the size beside it."""

    number: str
    """A code or the label of a class; empty for a page that is about neither."""
    number_size: int
    holes: tuple[Hole, ...]
    """The number once more, one hole for each character."""
    columns: int
    """Of the grid at the side; without a number it has three and no hole."""
    lines: tuple[str, ...]
    """The name of the page."""
    line_size: int
    kind: str
    family: str
    """From 1 to 9, which gives the card its colour and its sign; or empty."""
    site_title: str


def card(  # noqa: PLR0913 - each is one part of the card
    number: str, name: str, kind: str, family: str, site_title: str, *, bold: Face, medium: Face
) -> Card:
    """The card of a page. The number and the name are set in bold, the rest in medium.

    The title of the site is left out where it is the name.
    """
    sizes, most = (_NAME_SIZES, 2) if number else (_TITLE_SIZES, 3)
    line_size = next((size for size in sizes if _fits(name, bold, size, most)), sizes[-1])
    foot = " ".join(wrapped(site_title, medium, _SMALL_SIZE, _MEASURE, 1))
    return Card(
        number=number,
        number_size=min(_NUMBER_SIZE, int(_MEASURE / (bold.width(number) or 1))),
        holes=tuple(Hole(column, mark) for column, mark in enumerate(number)),
        columns=len(number) or 3,
        lines=wrapped(name, bold, line_size, _MEASURE, most),
        line_size=line_size,
        kind=" ".join(wrapped(kind, medium, _SMALL_SIZE, _MEASURE, 1)),
        family=family,
        site_title="" if site_title == name else foot,
    )


def wrapped(words: str, face: Face, size: float, width: float, most: int) -> tuple[str, ...]:
    """The words in at most `most` lines of about equal length, none of them wider than `width`.

    A line ends at a blank, or inside a word that is wider than a line. Where that makes too many
    lines, the last one ends in an ellipsis.
    """
    limit = width / size
    lines = tuple(_lines(words, face, limit))
    if len(lines) > most:
        last = lines[most - 1]
        while last and face.width(last + _ELLIPSIS) > limit:
            last = last[:-1]
        return (*lines[: most - 1], last.rstrip() + _ELLIPSIS)
    balanced = lines
    while len(balanced) == len(lines):
        lines = balanced
        limit = max(map(face.width, lines), default=0) - _HAIR
        if limit < _widest_word(words, face):
            break
        balanced = tuple(_lines(words, face, limit))
    return lines


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


def _fits(words: str, face: Face, size: float, most: int) -> bool:
    """Whether the words need no more lines than that, and no word has to be broken."""
    limit = _MEASURE / size
    return _widest_word(words, face) <= limit and len(list(_lines(words, face, limit))) <= most


def _lines(words: str, face: Face, limit: float) -> Iterator[str]:
    """The words in lines that are as full as they can be."""
    line = ""
    for word in words.split():
        joined = f"{line} {word}" if line else word
        if face.width(joined) <= limit:
            line = joined
            continue
        if line:
            yield line
        line = ""
        for character in word:
            if line and face.width(line + character) > limit:
                yield line
                line = ""
            line += character
    if line:
        yield line


def _widest_word(words: str, face: Face) -> float:
    return max(map(face.width, words.split()), default=0.0)


def _advances(font: bytes) -> Iterator[tuple[str, float]]:
    """Each character of a TrueType font and its width."""
    (count,) = struct.unpack_from(">H", font, 4)
    tables = {
        font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0]
        for at in range(12, 12 + 16 * count, 16)
    }
    (square,) = struct.unpack_from(">H", font, tables[b"head"] + 18)
    (measured,) = struct.unpack_from(">H", font, tables[b"hhea"] + 34)
    for character, glyph in _glyphs(font, tables[b"cmap"]):
        # Glyphs after the last that is measured are as wide as it is.
        place = tables[b"hmtx"] + 4 * min(glyph, measured - 1)
        yield character, struct.unpack_from(">H", font, place)[0] / square


def _glyphs(font: bytes, cmap: int) -> Iterator[tuple[str, int]]:
    """Each character and the number of its glyph, from the table of format 4."""
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    found = {
        struct.unpack_from(">HH", font, at): cmap + struct.unpack_from(">I", font, at + 4)[0]
        for at in range(cmap + 4, cmap + 4 + 8 * count, 8)
    }
    table = found[_WINDOWS_UNICODE]
    (doubled,) = struct.unpack_from(">H", font, table + 6)
    for segment in range(table + 14, table + 14 + doubled, 2):
        (last,) = struct.unpack_from(">H", font, segment)
        (first,) = struct.unpack_from(">H", font, segment + doubled + 2)
        (delta,) = struct.unpack_from(">H", font, segment + 2 * doubled + 2)
        offset_at = segment + 3 * doubled + 2
        (offset,) = struct.unpack_from(">H", font, offset_at)
        for code in range(first, last + 1):
            glyph = code
            if offset:
                (glyph,) = struct.unpack_from(">H", font, offset_at + offset + 2 * (code - first))
            if glyph and (glyph + delta) % _GLYPHS:
                yield chr(code), (glyph + delta) % _GLYPHS
