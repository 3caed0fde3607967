"""What is measured of a font is what is drawn with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from codebook.publish.images.rasterize import png
from codebook.publish.images.typeface import Face

ROOT = Path(__file__).resolve().parent.parent
FONTS = tuple(ROOT / f"templates/fonts/InterDisplay-{each}.ttf" for each in ("Bold", "Medium"))
MEDIUM = Face.of(FONTS[1].read_bytes())


def test_a_font_has_the_characters_that_it_is_said_to_have() -> None:
    """What is measured is what is drawn: no character comes out as the box for unknown ones."""

    def glyph(character: str) -> bytes:
        head = 'xmlns="http://www.w3.org/2000/svg" width="60" height="50"'
        text = f'<text y="40" font-size="30">{character}M</text>'
        return png(f'<svg {head} font-family="Inter Display">{text}</svg>', FONTS[1:], 60, 50)

    unknown = glyph("\u4e2d")
    assert MEDIUM.missing("\u4e2d") == "\u4e2d"
    drawn = {each: glyph(f"&#{ord(each)};") for each in MEDIUM.advances}
    assert [each for each, data in drawn.items() if data == unknown] == []


@pytest.mark.parametrize("font", [b"", b"OTTO", bytes(400), FONTS[0].read_bytes()[:900]])
def test_what_is_no_font_is_refused(font: bytes) -> None:
    """A damaged font is an error, never a picture without words."""
    with pytest.raises(ValueError, match="TrueType"):
        Face.of(font)
