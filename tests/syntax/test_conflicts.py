"""Merge conflicts: each is found once, and nothing else in its file is reported."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from codebook.cache import Cache
from codebook.diagnostics.diagnostic import Rule
from codebook.syntax.decode import decode

GUIDE = "guides/coming-in.md"

CONFLICT = "<<<<<<< HEAD\nOne.\n=======\nTwo.\n>>>>>>> other\n"
TEXTS = {
    "six characters": "<<<<<< HEAD\nOne.\n>>>>>> other\n",
    "a word before the marker": "$ <<<<<<< HEAD\n",
    "no space after the marker": "<<<<<<<HEAD\n>>>>>>>HEAD\n",
    "an underlined title": "In\n=======\n",
    "a row without cells": "|||||||\n",
    "a deep block quote": ">>>>>>>> Slowly.\n",
    "an operator in a code block": "```text\na >>>>>>> b\n```\n",
}


def lines(text: str, path: str = GUIDE) -> list[int]:
    """Return the lines of the conflicts in a text, which has no other diagnostics."""
    decoded = decode(Cache(), path, PurePosixPath(path), text.encode())
    assert bool(decoded.diagnostics) != bool(decoded.value)
    assert {diagnostic.rule for diagnostic in decoded.diagnostics} <= {Rule.MERGE_CONFLICT}
    return [diagnostic.span.line for diagnostic in decoded.diagnostics]


def test_each_conflict_is_reported_once() -> None:
    """Conflicts next to each other are several; one inside another is part of it."""
    inner = "<<<<<<< ours\nThree.\n=======\nFour.\n>>>>>>> theirs\n"
    assert lines(f"# In\n\n{CONFLICT}{CONFLICT}\n{CONFLICT}") == [3, 8, 14]
    assert lines(CONFLICT.replace("One.\n", inner)) == [1]


def test_a_marker_without_its_pair_is_reported_too() -> None:
    """A conflict after it is another one."""
    assert lines(f"<<<<<<< HEAD\nOne.\n\n{CONFLICT}") == [1, 4]
    assert lines(f"{CONFLICT}\nOne.\n>>>>>>> other\n") == [1, 8]


def test_nothing_else_is_reported_in_a_file_with_a_conflict() -> None:
    """Every other error could follow from the conflict."""
    assert lines(f"# In\u202e\n\n{CONFLICT}\x07\n") == [3]


@pytest.mark.parametrize("case", TEXTS)
def test_a_text_that_only_resembles_a_conflict_is_valid(case: str) -> None:
    """Books about conflicts write shorter markers, and `=======` underlines a heading."""
    assert lines(TEXTS[case]) == []
