"""A number as holes in a card, which is how a page of it is known from afar."""

from __future__ import annotations

from codebook.site.html.views import PunchView

_WIDE, _HIGH = 16, 9
"""A place for a hole; the template of the drawing leaves a margin around the hole."""
_HOLE = "v7"
_ALL = "v88"
"""Down a whole column; the sheet cuts it into holes."""


def number_glyph(number: str) -> PunchView:
    """The holes of a code, or of the label of a class: where it has a letter, all ten are holes."""
    middles = [column * _WIDE + _WIDE // 2 for column in range(len(number))]
    columns = "".join(f"M{x} 1{_ALL}" for x in middles)
    holes = "".join(
        f"M{x} {int(each) * _HIGH + 1}{_HOLE}" if each.isdecimal() else f"M{x} 1{_ALL}"
        for x, each in zip(middles, number, strict=True)
    )
    return PunchView(len(number) * _WIDE, columns, holes)
