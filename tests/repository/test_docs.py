"""What the documents for people say is so."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from codebook.build.pipeline import BuildResult
from codebook.diagnostics.reports import Format, report

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    "docs/architecture.md",
    "docs/decisions.md",
    "docs/editors.md",
    "docs/problems.md",
]
CREATED = re.compile(r"799|log-levels|shouted-title|facts\.html|content/guides/coming-in")
"""In paths that the walks of CONTRIBUTING.md create or give as examples."""
TREES = {
    path.relative_to(ROOT): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "codebook").rglob("*.py"))
}
EACH = pytest.mark.parametrize("name", DOCUMENTS)


def text(name: str) -> str:
    """A document."""
    return (ROOT / name).read_text(encoding="utf-8")


def section(heading: str) -> str:
    """A section of the map."""
    return text("docs/architecture.md").split(f"\n## {heading}\n")[1].split("\n## ")[0]


def first_column(heading: str) -> list[str]:
    """The names in backticks in the first cells of the table in a section of the map."""
    rows = [line for line in section(heading).splitlines() if line.startswith("| `")]
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row.split(" | ")[0])]


def definitions(kind: type[ast.ClassDef | ast.FunctionDef]) -> set[str]:
    """The names of all classes or functions of the program."""
    return {
        node.name for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, kind)
    }


@EACH
def test_every_link_to_a_file_leads_to_one(name: str) -> None:
    """Relative to the document itself."""
    for link in re.findall(r"\]\(([^)#]+)\)", text(name)):
        if not link.startswith("https://"):
            assert (ROOT / name).parent.joinpath(link).exists(), link


@EACH
def test_every_path_that_is_named_exists(name: str) -> None:
    """Those in code type that begin with a folder of the repository; what is in `site` is built."""
    folders = "audit|bench|codebook|content|docs|lab|requirements|templates|tests"
    paths = set(re.findall(rf"`((?:{folders})/[\w./-]*)`", text(name)))
    assert [path for path in sorted(paths) if not CREATED.search(path)] == [
        path for path in sorted(paths) if (ROOT / path).exists()
    ]


@EACH
def test_no_table_has_a_row_twice(name: str) -> None:
    """Neither the whole row nor its first cell; rules between head and rows aside."""
    for table in re.findall(r"(?:^\|.*\n)+", text(name), re.MULTILINE):
        cells = [row.split("|")[1].strip() for row in table.splitlines()]
        assert len(cells) == len(set(cells)), cells


def test_the_map_names_every_folder_of_the_repository() -> None:
    """Packages of the program and folders at the top; nothing that is gone."""
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
    untracked = {"site", "build", "dist"}
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] != "."}
    assert {f for f in folders - untracked if "egg-info" not in f} == {"codebook", *tracked}


def test_every_type_in_the_map_is_a_class() -> None:
    """In the table of types, and in the stages."""
    types = first_column("Important types")
    cells = "".join(re.findall(r"^\| `.*", section("Important types"), re.MULTILINE))
    mentioned = set(re.findall(r"`([A-Z]\w+)`", cells)) | set(types)
    stages = re.findall(r"\b[A-Z][a-z]+[A-Za-z]*\b", section("The stages").split("```")[1])
    assert (mentioned | set(stages)) - {"None"} <= definitions(ast.ClassDef)


def test_every_stage_in_the_map_is_a_function() -> None:
    """In the order in which `build_site` calls those of the pipeline."""
    stages = re.findall(
        r"^(?:io\.)?([a-z]\w+)  ", section("The stages").split("```")[1], re.MULTILINE
    )
    assert set(stages) - {"git"} <= definitions(ast.FunctionDef)
    pipeline = [stage for stage in stages if stage in called_in("codebook/build/pipeline.py", "")]
    assert pipeline == [
        *("parse_documents", "assemble", "page_table", "check_pages"),
        *("site_files", "verify", "resolve_asset_hashes"),
    ]


def called_in(path: str, function: str) -> set[str]:
    """The names that a function calls; all of a module without its name."""
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


def test_the_calls_from_a_text_to_its_files_are_plain_calls() -> None:
    """Each function calls by name what the map says that it calls."""
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
    example = re.search(r"```text\n(error.*?)```", text("README.md"), re.DOTALL)
    assert example
    lines = seed_text.splitlines()
    lines[96] = "- 404"
    result = compile_book({"http-status-codes.md": "\n".join(lines)})
    printed = report(result.diagnostics, result.sources, Format.FULL)
    assert example[1] in printed


def test_the_register_in_the_readme_is_a_book(compile_book: Callable[..., BuildResult]) -> None:
    """A folder that has only this file builds."""
    example = re.search(r"```markdown\n(# .*?)```", text("README.md"), re.DOTALL)
    assert example
    assert compile_book({"exit-codes.md": example[1]}).diagnostics == ()
