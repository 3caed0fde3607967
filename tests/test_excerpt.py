"""An excerpt shows the marks under the marked words, cell for cell, whatever the line holds."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebook.diagnostics.excerpt import marked

WIDEST = 98
"""Cells of an excerpt: 96 of the line, and dots on each side of it."""


@dataclass(frozen=True)
class Sign:
    """What a reader takes for one character, and the cells that a terminal gives it."""

    written: str
    display_path: str
    cells: int


SIGNS = (
    *(Sign(each, each, 1) for each in "aZ0 -é|"),
    *(Sign(each, each, 2) for each in "港口한カ"),
    Sign("e\u0301", "e\u0301", 1),
    Sign("a\u0308\u0323", "a\u0308\u0323", 1),
    Sign("\u0928\u093f", "\u0928\u093f", 1),
    Sign("\u1112\u1161\u11ab", "\u1112\u1161\u11ab", 2),
    Sign("👍", "👍", 2),
    Sign("👍🏽", "👍🏽", 2),
    Sign("❤\ufe0f", "❤\ufe0f", 2),
    Sign("👨\u200d👩\u200d👧\u200d👦", "👨\u200d👩\u200d👧\u200d👦", 2),
    Sign("🏳\ufe0f\u200d🌈", "🏳\ufe0f\u200d🌈", 2),
    Sign("🇬🇧", "🇬🇧", 2),
    Sign("b\u200d", "b\u200d", 1),
    Sign("\u200b", "\ufffd", 1),
    Sign("\u202e", "\ufffd", 1),
    Sign("\x1b", "\ufffd", 1),
)
"""Plain, wide, combining, joined and unseen ones, each measured by hand."""

ANY = st.sampled_from((*SIGNS, Sign("\t", "", 0)))
LINES = st.lists(ANY, max_size=60) | st.lists(ANY, min_size=70, max_size=150)


def drawn(signs: list[Sign]) -> list[Sign]:
    """The signs with each tab as the blanks that lead to the next stop of four cells."""
    made: list[Sign] = []
    at = 0
    for sign in signs:
        blanks = 4 - at % 4
        made.append(Sign("\t", " " * blanks, blanks) if sign.written == "\t" else sign)
        at += made[-1].cells
    return made


def width(signs: list[Sign]) -> int:
    """The cells of the signs."""
    return sum(sign.cells for sign in signs)


def text(signs: list[Sign]) -> str:
    """The signs as they are shown."""
    return "".join(sign.display_path for sign in signs)


@given(LINES, st.data())
def test_the_marks_lie_under_the_marked_signs(signs: list[Sign], data: st.DataObject) -> None:
    """What stands above the marks is what was marked, as far as it is shown, and nothing else."""
    first = data.draw(st.integers(0, len(signs)), "first marked sign")
    after = data.draw(st.integers(first, len(signs)), "sign behind the marked ones")
    after = min(max(after, first + 1), len(signs))
    column = 1 + sum(len(each.written) for each in signs[:first])
    length = sum(len(each.written) for each in signs[first:after])
    shown, marks = marked("".join(each.written for each in signs), column, max(1, length))
    begin, made = len(marks) - len(marks.lstrip()), drawn(signs)
    assert set(marks[begin:]) == {"^"}
    if width(made) <= WIDEST - 2:
        assert shown == text(made).rstrip()
        assert begin == width(made[:first])
        assert len(marks) - begin == max(1, width(made[first:after]))
        return
    inside = shown.removeprefix("…").removesuffix("…")
    before = len(shown) - len(shown.removeprefix("…"))
    # A line that repeats itself has several parts that look like what is shown; one must fit.
    assert any(
        begin == before + width(made[start:first])
        and len(marks) - begin == max(1, width(made[first : min(after, end)]))
        for start in range(first + 1 if before else 1)
        for end in (ending(made, start, inside),)
        if end
    )


def ending(made: list[Sign], start: int, inside: str) -> int:
    """Where the signs from `start` that look like `inside` end; 0 where none do."""
    rest = text(made[start:])
    if not rest.startswith(inside):
        return 0
    if rest.rstrip() == inside:
        return len(made)
    for end in range(start, len(made) + 1):
        if text(made[start:end]) == inside:
            return end
    return 0


@given(LINES, st.integers(1, 400), st.integers(1, 400))
def test_any_place_has_a_mark(signs: list[Sign], column: int, length: int) -> None:
    """A place past the end, in the middle of a sign or wider than the line has one as well."""
    shown, marks = marked("".join(each.written for each in signs), column, length)
    assert marks.strip(" ").strip("^") == ""
    assert marks.endswith("^")
    assert len(marks) <= WIDEST
    assert "\t" not in shown


@pytest.mark.parametrize(
    ("line", "column", "length", "shown", "marks"),
    [
        ("See the word.", 9, 4, "See the word.", "        ^^^^"),
        ("\tword", 2, 4, "    word", "    ^^^^"),
        ("ab\tword", 4, 4, "ab  word", "    ^^^^"),
        ("a\tb", 2, 1, "a   b", " ^^^"),
        ("港口 word", 4, 4, "港口 word", "     ^^^^"),
        ("See 港口.", 5, 2, "See 港口.", "    ^^^^"),
        ("See e\u0301.", 6, 1, "See e\u0301.", "    ^"),
        ("👨\u200d👩\u200d👧 word", 7, 4, "👨\u200d👩\u200d👧 word", "   ^^^^"),
        ("🇬🇧🇫🇷", 3, 1, "🇬🇧🇫🇷", "  ^^"),
        ("a\u200bb", 2, 1, "a\ufffdb", " ^"),
        ("x\u200dy", 3, 1, "x\u200dy", " ^"),
        ("", 1, 1, "", "^"),
        ("word", 5, 1, "word", "    ^"),
        ("word  ", 5, 2, "word", "    ^^"),
    ],
    ids=ascii,
)
def test_a_mark_is_as_wide_as_its_words(
    line: str, column: int, length: int, shown: str, marks: str
) -> None:
    """One cell or two for each sign, all blanks of a tab, one cell past the end of a line."""
    assert marked(line, column, length) == (shown, marks)


@pytest.mark.parametrize(
    ("line", "column", "length", "shown", "marks"),
    [
        ("a" * 90 + "word" + "b" * 90, 91, 4, "a" * 24 + "word" + "b" * 68, " " * 25 + "^^^^"),
        ("word" + "b" * 200, 1, 4, "word" + "b" * 92, "^^^^"),
        ("a" * 200 + "word", 201, 4, "a" * 92 + "word", " " * 93 + "^^^^"),
        ("a" * 50 + "b" * 90 + "c" * 60, 51, 90, "a" * 6 + "b" * 90, " " * 7 + "^" * 90),
        ("a" * 50 + "b" * 200, 51, 200, "b" * 96, " " + "^" * 96),
        ("港" * 100, 51, 1, "港" * 48, " " * 25 + "^^"),
    ],
    ids=["middle", "start", "end", "as-much-as-fits", "more-than-fits", "wide"],
)
def test_a_long_line_is_cut_around_the_marked_words(
    line: str, column: int, length: int, shown: str, marks: str
) -> None:
    """All marked words are shown where they fit, with some of what stands before them."""
    found, under = marked(line, column, length)
    assert found.strip("…") == shown
    assert under == marks
