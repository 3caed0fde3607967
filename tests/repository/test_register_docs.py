"""What docs/register.md says about the syntax of a register is what the program does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

import pytest

from codebook.build.pipeline import BuildResult

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "register.md").read_text(encoding="utf-8")
(EXAMPLE,) = re.findall(r"```markdown\n(.*?)```", DOCUMENT, re.DOTALL)
CHANGES: list[tuple[str, str, str]] = re.findall(
    r"^\| `(.*?)` \| `(.*?)` \| `([a-z-]+)` \|$", DOCUMENT, re.MULTILINE
)
"""A wrong line, the line of the example instead, and the rule that reports it."""

Make = Callable[..., BuildResult]


def build(compile_book: Make, register: str) -> BuildResult:
    """Build a book with this register and a home page."""
    return compile_book({"index.md": "# Home\n\nAll exit codes.\n", "exit-codes.md": register})


def files(compile_book: Make, register: str) -> Mapping[PurePosixPath, bytes]:
    """The site of a register that has no errors."""
    result = build(compile_book, register)
    assert result.diagnostics == ()
    assert result.files is not None
    return result.files


def test_the_example_is_a_book(compile_book: Make) -> None:
    """A class, a code without a name, and a second paragraph appear on their pages."""
    site = files(compile_book, EXAMPLE)
    assert b"File errors" in site[PurePosixPath("status/2x/index.html")]
    assert b"after a space" in site[PurePosixPath("status/13/index.html")]
    assert b"Manual of the command" in site[PurePosixPath("status/index.html")]


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        (r"\n", "\r\n"),
        (r"(?<=\S)\n", "   \n"),
        (r"\n\n(?=- )", "\n"),
        (r"\n\n", "\n\n\n"),
        (r"(?<=\S)\n  (?=\S)", "\n"),
        (r"–", " - "),
        (r"## [12]\. ", "## "),
    ],
)
def test_what_has_no_meaning_changes_no_page(
    compile_book: Make, pattern: str, replacement: str
) -> None:
    """Line endings, empty lines, trailing spaces, indented lines, the dash, and class numbers."""
    changed = re.sub(pattern, replacement, EXAMPLE)
    assert changed != EXAMPLE
    assert files(compile_book, changed) == files(compile_book, EXAMPLE)


def test_the_order_of_codes_changes_no_text(compile_book: Make) -> None:
    """The page of each code is the same, up to the links to its neighbors."""
    entries = re.findall(r"^- 1.*?(?=\n- |\n## )", EXAMPLE, re.DOTALL | re.MULTILINE)
    both = "\n".join(entries)
    assert both in EXAMPLE
    site = files(compile_book, EXAMPLE.replace(both, "\n".join(reversed(entries))))
    assert b"The command doesn" in site[PurePosixPath("status/12/index.html")]


@pytest.mark.parametrize(("wrong", "line", "rule"), CHANGES)
def test_what_is_not_allowed_is_one_error(
    compile_book: Make, wrong: str, line: str, rule: str
) -> None:
    """Each row of the table changes one line of the example."""
    assert EXAMPLE.count(f"\n{line}\n") == 1
    result = build(compile_book, EXAMPLE.replace(f"\n{line}\n", f"\n{wrong}\n"))
    assert [diagnostic.rule for diagnostic in result.diagnostics] == [rule]
    assert result.files is None


def test_the_table_of_what_is_not_allowed_has_rows() -> None:
    """Otherwise, the test above would check nothing."""
    table = DOCUMENT.split("## What isn't allowed")[1]
    assert len(CHANGES) == table.count("\n|") - 2 > 10
