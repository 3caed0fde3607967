"""A number is drawn as the holes of a punched card."""

from __future__ import annotations

import pytest

from codebook.site.html.drawings import number_glyph


@pytest.mark.parametrize(
    ("number", "width", "holes"),
    [
        ("7", 16, "M8 64v7"),
        ("904", 48, "M8 82v7M24 1v7M40 37v7"),
        ("2x", 32, "M8 19v7M24 1v88"),
        ("", 0, ""),
    ],
)
def test_each_digit_is_a_hole_in_its_column(number: str, width: int, holes: str) -> None:
    """The hole is in the row of the digit. A letter has holes in all ten rows."""
    glyph = number_glyph(number)
    assert (glyph.width, glyph.holes) == (width, holes)
    assert glyph.columns == "".join(f"M{x} 1v88" for x in range(8, width, 16))
