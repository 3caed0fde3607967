"""A new code is added to a register in order, and nothing else in the file changes."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codebook.authoring.checked_content import CheckedContent
from codebook.authoring.new import CodeDetails, new_code
from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.source import Folder

HEAD = "# Signals\n\n1. Entry (10–19)\n2. Berth (20–29)\n3. Tide (30–39)\n"
REGISTER = PurePosixPath("signals.md")


def added(text: str, number: int, name: str = "") -> str:
    """The register with the code added."""
    content = CheckedContent.of(Folder("content", {REGISTER: text.encode()}))
    draft = new_code(content, number, CodeDetails("Words.", name))
    return draft.changed[REGISTER].decode()


@pytest.mark.parametrize(
    ("before", "number", "after"),
    [
        ("- 11\nA.\n\n- 15\nB.\n", 13, "- 11\nA.\n\n- 13\nWords.\n\n- 15\nB.\n"),
        ("- 11\nA.\n\n- 15\nB.\n", 10, "- 10\nWords.\n\n- 11\nA.\n\n- 15\nB.\n"),
        ("- 11\nA.\n\n- 15\nB.\n", 19, "- 11\nA.\n\n- 15\nB.\n\n- 19\nWords.\n"),
        ("- 11  \n  A.\n", 12, "- 11  \n  A.\n\n- 12  \n  Words.\n"),
        ("* 15\n  A.\n", 12, "* 12\n  Words.\n\n* 15\n  A.\n"),
        ("- 11\nA.\n- 15\nB.", 19, "- 11\nA.\n- 15\nB.\n\n- 19\nWords.\n"),
        ("- 11\nA.\n\n  More.\n\n\n", 12, "- 11\nA.\n\n  More.\n\n\n- 12\nWords.\n"),
        ("", 12, "\n- 12  \nWords.\n"),
    ],
    ids=["among", "first", "last", "breaks", "bullets", "tight", "paragraphs", "empty"],
)
def test_an_entry_is_in_order_and_formatted_like_its_neighbors(
    before: str, number: int, after: str
) -> None:
    """The bullet, the line break after the number, and the indentation match."""
    above = f"{HEAD}\n## 1. Entry\n" + ("\n" if before else "")
    assert added(above + before, number) == above + after


@pytest.mark.parametrize("number", [12, 22, 32])
def test_a_class_without_a_section_gets_one_in_order(number: int) -> None:
    """The new section comes before those of later classes and before the references."""
    for described in ("1. Entry", "2. Berth", "3. Tide"):
        section = f"## {described}\n\n- {int(described[0]) * 10}\nA.\n"
        text = f"{HEAD}\n{section}\n### Ref:\n\n- [Rules](https://example.org/)\n"
        result = added(text, number)
        headings = [line for line in result.splitlines() if line.startswith("##")]
        assert headings == sorted(headings, key=lambda line: (line.startswith("###"), line))
        assert f"- {number}" in result
        before = CheckedContent.of(Folder("content", {REGISTER: text.encode()}))
        after = CheckedContent.of(Folder("content", {REGISTER: result.encode()}))
        assert {diagnostic.rule for diagnostic in after.diagnostics} <= {
            diagnostic.rule for diagnostic in before.diagnostics
        }
        assert [*after.book.codes] == sorted({*before.book.codes, number})


def test_line_ends_and_the_byte_order_mark_of_a_file_stay() -> None:
    """New lines have the same line endings as the others."""
    text = "\ufeff" + (HEAD + "\n## 1. Entry\n\n- 11\nA.\n").replace("\n", "\r\n")
    assert added(text, 12, "Shut") == text + "\r\n- 12 Shut\r\nWords.\r\n"


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    numbers=st.sets(st.integers(10, 39), min_size=1, max_size=12),
    number=st.integers(10, 39),
    gap=st.sampled_from(["\n", "\n\n", "\n\n\n"]),
    end=st.sampled_from(["", "\n", "\n\n"]),
)
def test_existing_lines_stay_unchanged(numbers: set[int], number: int, gap: str, end: str) -> None:
    """Every line of the file is kept in order, and there is exactly one more code."""
    known = sorted(numbers - {number})
    sections = [
        f"## {digit}. {name}\n\n" + gap.join(f"- {n}\nText {n}." for n in known if n // 10 == digit)
        for digit, name in enumerate(("Entry", "Berth", "Tide"), start=1)
    ]
    text = HEAD + "\n" + "\n\n".join(sections).rstrip() + end
    result = added(text, number)
    rest = iter(result.split("\n"))
    assert all(line in rest for line in text.split("\n") if line)
    after = CheckedContent.of(Folder("content", {REGISTER: result.encode()}))
    assert {diagnostic.rule for diagnostic in after.diagnostics} <= {Rule.MISSING_SECTION}
    assert [*after.book.codes] == sorted([*known, number])
    written = [int(line[2:]) for line in result.split("\n") if line.startswith("- ")]
    assert written == sorted(written)
