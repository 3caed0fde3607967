"""What the documents for people say is so."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from codebook.build.pipeline import BuildResult
from codebook.diagnostics.reports import Format, report

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    "docs/architecture.md",
    "docs/decisions.md",
    "docs/editors.md",
    "docs/problems.md",
]
MADE = {"content/codes/799.md", "content/tables/doors.csv", "content/tables/doors.md"}
"""What the walks of CONTRIBUTING.md make."""
EACH = pytest.mark.parametrize("name", DOCUMENTS)


def text(name: str) -> str:
    """A document."""
    return (ROOT / name).read_text(encoding="utf-8")


@EACH
def test_every_link_to_a_file_leads_to_one(name: str) -> None:
    """Relative to the document itself."""
    for link in re.findall(r"\]\(([^)#]+)\)", text(name)):
        if not link.startswith("https://"):
            assert (ROOT / name).parent.joinpath(link).exists(), link


@EACH
def test_every_path_that_is_named_exists(name: str) -> None:
    """Those in code type that begin with a folder of sources; what is in `site` is built."""
    for path in re.findall(r"`((?:content|docs|templates|tests)/[\w./-]*)`", text(name)):
        assert (ROOT / path).exists() is (path not in MADE), path


@EACH
def test_every_make_target_that_is_named_exists(name: str) -> None:
    """And so does every option that is handed to the command by it."""
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    options = text("codebook/cli/arguments.py")
    for target in re.findall(r"\bmake ([a-z]+)\b(?! (?:its|the|one))", text(name)):
        assert target in targets, target
    for option in re.findall(r'ARGS="?--([a-z]+)', text(name)):
        assert f'"--{option}"' in options or option == "help"


def test_the_problem_in_the_readme_is_what_the_command_prints(
    compile_book: Callable[..., BuildResult], seed_text: str
) -> None:
    """Word for word, at the places that it names."""
    shown = re.search(r"```text\n(error.*?)```", text("README.md"), re.DOTALL)
    assert shown
    lines = seed_text.splitlines()
    lines[96] = "- 404"
    outcome = compile_book({"http-status-codes.md": "\n".join(lines)})
    printed = report(outcome.diagnostics, outcome.sources, Format.FULL)
    assert shown[1] in printed
