"""No message names a file that only a clone has: an installed program is in another folder."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.offenders import assert_none

ROOT = Path(__file__).resolve().parents[2]
ONLY_IN_A_CLONE = re.compile(
    r"(?<![\w/.-])(?:audit|codebook|docs|lab|requirements|templates|tests)/|README|CONTRIBUTING|"
    r"Makefile|build\.py|\.py\b|make (?:site|serve|schemas|test|unit)"
)
ALLOWED = {
    # The name of the program in a clone.
    ("codebook/cli/paths.py", "build.py"),
    # The default of an option: the command creates the folder.
    (
        "codebook/cli/schemas.py",
        "the folder to write to, which is created if it is missing (default: docs/schemas/)",
    ),
    # In the folder of templates that is in use, which the message names.
    ("codebook/publish/images/typeface.py", "README.md"),
}


def texts(path: Path) -> Iterator[str]:
    """The strings of a module that aren't docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if id(node) not in docstrings and isinstance(node, ast.Constant):
            yield str(node.value)


def test_no_message_of_the_program_names_a_file_of_a_clone() -> None:
    """Neither do help texts of commands, nor the starter of a book."""
    found = {
        (path.relative_to(ROOT).as_posix(), text)
        for path in sorted((ROOT / "codebook").rglob("*.py"))
        for text in texts(path)
        if ONLY_IN_A_CLONE.search(text)
    }
    assert_none([f"{path}: {text}" for path, text in sorted(found - ALLOWED)])
    assert found >= ALLOWED
    for path in (ROOT / "codebook" / "authoring" / "starter").rglob("*.*"):
        assert not ONLY_IN_A_CLONE.search(path.read_text(encoding="utf-8"))


def test_the_explanations_of_rules_name_no_file_of_a_clone() -> None:
    """Only the page on GitHub links to other documents; the examples have their own templates."""
    page = (ROOT / "codebook" / "diagnostics" / "rules.md").read_text(encoding="utf-8")
    sections = page[page.index("\n## ") :].replace("`README.md`", "a file of a book")
    lines = [line for line in sections.splitlines() if not line.startswith(("Bad: `", "Good: `"))]
    assert_none([line for line in lines if ONLY_IN_A_CLONE.search(line)])
