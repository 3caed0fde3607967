"""The marks of an excerpt are exactly below the marked text, in any line."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from codebook.diagnostics.excerpt import marked

WIDEST = 98
"""The most cells in an excerpt: 96 of the line, and an ellipsis on each side."""


@dataclass(frozen=True)
class Grapheme:
    """A user-perceived character, and its width in a terminal."""

    written: str
    printed: str
    cells: int


GRAPHEMES = (
    *(Grapheme(char, char, 1) for char in "aZ0 -é|"),
    *(Grapheme(char, char, 2) for char in "港口한カ"),
    Grapheme("e\u0301", "e\u0301", 1),
    Grapheme("a\u0308\u0323", "a\u0308\u0323", 1),
    Grapheme("\u0928\u093f", "\u0928\u093f", 1),
    Grapheme("\u1112\u1161\u11ab", "\u1112\u1161\u11ab", 2),
    Grapheme("👍", "👍", 2),
    Grapheme("👍🏽", "👍🏽", 2),
    Grapheme("❤\ufe0f", "❤\ufe0f", 2),
    Grapheme("👨\u200d👩\u200d👧\u200d👦", "👨\u200d👩\u200d👧\u200d👦", 2),
    Grapheme("🏳\ufe0f\u200d🌈", "🏳\ufe0f\u200d🌈", 2),
    Grapheme("🇬🇧", "🇬🇧", 2),
    Grapheme("b\u200d", "b\u200d", 1),
    Grapheme("\u200b", "\ufffd", 1),
    Grapheme("\u202e", "\ufffd", 1),
    Grapheme("\x1b", "\ufffd", 1),
)
"""Plain, wide, combining, joined, and invisible graphemes, each measured by hand."""

ANY = st.sampled_from((*GRAPHEMES, Grapheme("\t", "", 0)))
LINES = st.lists(ANY, max_size=60) | st.lists(ANY, min_size=70, max_size=150)


def expand_tabs(graphemes: list[Grapheme]) -> list[Grapheme]:
    """Replace every tab by spaces up to the next tab stop, every four cells."""
    expanded: list[Grapheme] = []
    for grapheme in graphemes:
        spaces = 4 - width(expanded) % 4
        tab = Grapheme("\t", " " * spaces, spaces)
        expanded.append(tab if grapheme.written == "\t" else grapheme)
    return expanded


def width(graphemes: list[Grapheme]) -> int:
    """Return the width of the graphemes in cells."""
    return sum(grapheme.cells for grapheme in graphemes)


def text(graphemes: list[Grapheme]) -> str:
    """Return the graphemes as they are printed."""
    return "".join(grapheme.printed for grapheme in graphemes)


@given(LINES, st.data())
def test_the_marks_are_under_the_marked_graphemes(
    graphemes: list[Grapheme], data: st.DataObject
) -> None:
    """The marks are below the part of the marked text that is printed."""
    first = data.draw(st.integers(0, len(graphemes)), "first marked grapheme")
    after = data.draw(st.integers(first, len(graphemes)), "end of the marked graphemes")
    after = min(max(after, first + 1), len(graphemes))
    column = 1 + sum(len(grapheme.written) for grapheme in graphemes[:first])
    length = sum(len(grapheme.written) for grapheme in graphemes[first:after])
    excerpt, marks = marked(
        "".join(grapheme.written for grapheme in graphemes), column, max(1, length)
    )
    begin, expanded = len(marks) - len(marks.lstrip()), expand_tabs(graphemes)
    assert set(marks[begin:]) == {"^"}
    if width(expanded) <= WIDEST - 2:
        assert excerpt == text(expanded).rstrip()
        assert begin == width(expanded[:first])
        assert len(marks) - begin == max(1, width(expanded[first:after]))
        return
    inside = excerpt.removeprefix("…").removesuffix("…")
    before = len(excerpt) - len(excerpt.removeprefix("…"))
    # A repetitive line has several parts that look like the excerpt; one of them must match.
    assert any(
        begin == before + width(expanded[start:first])
        and len(marks) - begin == max(1, width(expanded[first : min(after, end)]))
        for start in range(first + 1 if before else 1)
        for end in (ending(expanded, start, inside),)
        if end
    )


def ending(expanded: list[Grapheme], start: int, inside: str) -> int:
    """Return the end of the graphemes from `start` that are printed as `inside`, or 0."""
    rest = text(expanded[start:])
    if not rest.startswith(inside):
        return 0
    if rest.rstrip() == inside:
        return len(expanded)
    for end in range(start, len(expanded) + 1):
        if text(expanded[start:end]) == inside:
            return end
    return 0


@given(LINES, st.integers(1, 400), st.integers(1, 400))
def test_any_position_has_a_mark(graphemes: list[Grapheme], column: int, length: int) -> None:
    """Even past the end, inside a grapheme, or wider than the line."""
    excerpt, marks = marked("".join(grapheme.written for grapheme in graphemes), column, length)
    assert marks.strip(" ").strip("^") == ""
    assert marks.endswith("^")
    assert len(marks) <= WIDEST
    assert "\t" not in excerpt


MARKED = (
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
)
"""Each line, column, and length; the excerpt and the marks."""


def test_a_mark_is_as_wide_as_its_text() -> None:
    """One cell or two for each grapheme, all spaces of a tab, one cell past the end of a line."""
    expected = {
        (line, column, length): (excerpt, marks) for line, column, length, excerpt, marks in MARKED
    }
    assert {position: marked(*position) for position in expected} == expected


LONG = (
    ("a" * 90 + "word" + "b" * 90, 91, 4, "a" * 24 + "word" + "b" * 68, " " * 25 + "^^^^"),
    ("word" + "b" * 200, 1, 4, "word" + "b" * 92, "^^^^"),
    ("a" * 200 + "word", 201, 4, "a" * 92 + "word", " " * 93 + "^^^^"),
    ("a" * 50 + "b" * 90 + "c" * 60, 51, 90, "a" * 6 + "b" * 90, " " * 7 + "^" * 90),
    ("a" * 50 + "b" * 200, 51, 200, "b" * 96, " " + "^" * 96),
    ("港" * 100, 51, 1, "港" * 48, " " * 25 + "^^"),
)
"""Each long line, column, and length; the excerpt without its ellipses, and the marks."""


def test_a_long_line_is_cut_around_the_marked_text() -> None:
    """All marked text is printed if it fits, with some text before it."""
    expected = {
        (line, column, length): (excerpt, marks) for line, column, length, excerpt, marks in LONG
    }
    cut = {position: marked(*position) for position in expected}
    assert {at: (text.strip("…"), marks) for at, (text, marks) in cut.items()} == expected
    assert all("…" in text for text, _ in cut.values())
