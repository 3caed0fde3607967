"""Statements about the repository in its documentation are correct."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from codebook.build.pipeline import BuildResult
from codebook.diagnostics.formats import Format
from codebook.diagnostics.reports import report

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    "docs/architecture.md",
    "docs/decisions.md",
    "docs/editors.md",
    "docs/problems.md",
    "docs/register.md",
]
CREATED = re.compile(
    r"799|log-levels|shouted-title|facts\.html|content/guides/coming-in|content/codes/12\.md"
)
"""In paths that the walks of CONTRIBUTING.md create, or that a document gives as an example."""
TREES = {
    path.relative_to(ROOT): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "codebook").rglob("*.py"))
}
EACH = pytest.mark.parametrize("name", DOCUMENTS)


def text(name: str) -> str:
    """A document."""
    return (ROOT / name).read_text(encoding="utf-8")


def section(heading: str) -> str:
    """A section of docs/architecture.md."""
    return text("docs/architecture.md").split(f"\n## {heading}\n")[1].split("\n## ")[0]


def first_column(heading: str) -> list[str]:
    """The names in code type in the first column of the table in a section."""
    rows = [line for line in section(heading).splitlines() if line.startswith("| `")]
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row.split(" | ")[0])]


def definitions(kind: type[ast.ClassDef | ast.FunctionDef]) -> set[str]:
    """The names of all classes or functions of the program."""
    return {
        node.name for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, kind)
    }


@EACH
def test_every_link_points_to_a_file(name: str) -> None:
    """Links are relative to their document."""
    outside_code = re.sub(r"^(`{3,}).*?^\1$", "", text(name), flags=re.DOTALL | re.MULTILINE)
    for link in re.findall(r"\]\(([^)#]+)\)", outside_code):
        if not link.startswith("https://"):
            assert (ROOT / name).parent.joinpath(link).exists(), link


@EACH
def test_every_path_that_is_named_exists(name: str) -> None:
    """Paths are in code type and start with a folder of the repository, except for `site`."""
    folders = "audit|bench|codebook|content|docs|lab|requirements|templates|tests"
    paths = set(re.findall(rf"`((?:{folders})/[\w./-]*)`", text(name)))
    assert [path for path in sorted(paths) if not CREATED.search(path)] == [
        path for path in sorted(paths) if (ROOT / path).exists()
    ]


@EACH
def test_no_table_has_a_duplicate_row(name: str) -> None:
    """First cells are unique too."""
    for table in re.findall(r"(?:^\|.*\n)+", text(name), re.MULTILINE):
        cells = [row.split("|")[1].strip() for row in table.splitlines()]
        assert len(cells) == len(set(cells)), cells


def test_the_architecture_lists_every_folder() -> None:
    """It lists all packages and top-level folders, and none that doesn't exist."""
    packages = {
        f"{path.parent.relative_to(ROOT).as_posix()}/"
        for path in (ROOT / "codebook").rglob("__init__.py")
    } - {"codebook/", "codebook/authoring/fix/", "codebook/authoring/new/"}
    packages -= {"codebook/syntax/markdown/", "codebook/syntax/toml/"}
    tracked = {"audit", "bench", "content", "docs", "lab", "requirements", "templates", "tests"}
    assert {*first_column("The map")} == {
        "build.py",
        *packages,
        *(f"{folder}/" for folder in tracked),
    }
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] != "."}
    assert folders - {"site"} == {"codebook", *tracked}


def test_every_type_in_the_architecture_is_a_class() -> None:
    """Types appear in the table of types and in the stages."""
    types = first_column("Important types")
    cells = "".join(re.findall(r"^\| `.*", section("Important types"), re.MULTILINE))
    mentioned = set(re.findall(r"`([A-Z]\w+)`", cells)) | set(types)
    stages = re.findall(r"\b[A-Z][a-z]+[A-Za-z]*\b", section("The stages").split("```")[1])
    assert (mentioned | set(stages)) - {"None"} <= definitions(ast.ClassDef)


def test_every_stage_in_the_architecture_is_a_function() -> None:
    """`build_site` calls those of the pipeline in the documented order."""
    stages = re.findall(
        r"^(?:io\.)?([a-z]\w+)  ", section("The stages").split("```")[1], re.MULTILINE
    )
    assert set(stages) - {"git"} <= definitions(ast.FunctionDef)
    pipeline = [stage for stage in stages if stage in called_in("codebook/build/pipeline.py", "")]
    assert pipeline == [
        *("parse_documents", "assemble", "page_table", "check_pages", "check_dates"),
        *("plan_site", "make_outputs", "verify"),
    ]


def called_in(path: str, function: str) -> set[str]:
    """The names that a function calls, or all functions of a module."""
    tree = TREES[Path(path)]
    nodes: list[ast.AST] = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name == function
    ]
    assert nodes or not function, f"{path} has no {function}"
    calls = [
        call for node in nodes or [tree] for call in ast.walk(node) if isinstance(call, ast.Call)
    ]
    return {
        call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        for call in calls
    }


def test_the_documented_calls_exist() -> None:
    """Each function calls the next one by name."""
    steps = re.findall(
        r"^[0-9]+\. `(.+)`: `(\w+)` calls (.+)$",
        section("From source text to output files"),
        re.MULTILINE,
    )
    assert len(steps) > 20
    for path, function, names in steps:
        assert set(re.findall(r"`(\w+)`", names)) <= called_in(path, function), (path, function)


@EACH
def test_every_make_target_that_is_named_exists(name: str) -> None:
    """The options that are passed with them exist too."""
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    options = text("codebook/cli/arguments.py") + text("lab/__main__.py")
    for target in re.findall(r"\bmake ([a-z]+)\b(?! (?:its|the|one))", text(name)):
        assert target in targets, target
    for option in re.findall(r'ARGS="?--([a-z-]+)', text(name)):
        assert f'"--{option}"' in options or option == "help"


def test_the_report_in_the_readme_is_current(
    compile_book: Callable[..., BuildResult], seed_text: str
) -> None:
    """The command prints exactly this report."""
    example = re.search(r"```text\n(error.*?)```", text("README.md"), re.DOTALL)
    assert example
    lines = seed_text.splitlines()
    lines[96] = "- 404"
    result = compile_book({"http-status-codes.md": "\n".join(lines)})
    printed = report(result.groups, result.sources, Format.FULL)
    assert example[1] in printed


def test_the_register_in_the_readme_is_a_book(compile_book: Callable[..., BuildResult]) -> None:
    """A folder with only this file builds."""
    example = re.search(r"```markdown\n(# .*?)```", text("README.md"), re.DOTALL)
    assert example
    assert compile_book({"exit-codes.md": example[1]}).diagnostics == ()
