"""How wide the characters of a font are, as its file states: TrueType, by its specification."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_WINDOWS_UNICODE = (3, 1)
_GLYPHS = 1 << 16
"""How many a font can have; their numbers are counted round."""


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
