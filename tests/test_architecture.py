"""The map in docs/architecture.md is the code, and the code keeps the rules of the house."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = {
    "filelock",
    "jinja2",
    "markdown_it",
    "markupsafe",
    "msgspec",
    "rcssmin",
    "resvg_py",
    "rich",
    "rjsmin",
    "uvicorn",
    "watchfiles",
}
LONGEST = 300

DISK = {"open", "read_bytes", "read_text", "write_bytes", "write_text", "mkdir", "unlink", "rmdir"}
"""Calls that touch the disk, whatever they are called on."""


@dataclass(frozen=True)
class Module:
    """One module as its text says it is."""

    name: str
    path: Path
    tree: ast.Module
    ours: frozenset[str]
    libraries: frozenset[str]


def module_name(path: Path) -> str:
    """The name as the table writes it."""
    parts = path.relative_to(ROOT / "codebook").with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__") or "codebook"


def imported(tree: ast.Module) -> Iterator[str]:
    """The dotted name of everything that a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            places = {name: ROOT.joinpath(*name.split(".")) for name in names}
            for name, place in places.items():
                is_module = place.is_dir() or place.with_suffix(".py").exists()
                yield name if is_module else node.module


def read(path: Path) -> Module:
    """The module at a path."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = set(imported(tree))
    ours = {name.removeprefix("codebook.") for name in names if name.split(".")[0] == "codebook"}
    libraries = {name.split(".")[0] for name in names} & LIBRARIES
    return Module(module_name(path), path, tree, frozenset(ours), frozenset(libraries))


MODULES = tuple(read(path) for path in sorted((ROOT / "codebook").rglob("*.py")))
EACH = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)


@pytest.fixture(scope="module")
def table() -> dict[str, tuple[list[str], list[str]]]:
    """The import table: our modules and libraries by module, in order."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = text[text.index("| module | duty |") :].strip().splitlines()[2:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return {
        name.strip("`"): (re.findall(r"`([^`]+)`", ours), re.findall(r"\w+", libraries))
        for name, _, ours, libraries in cells
    }


def test_every_module_has_a_row_and_every_row_a_module(
    table: dict[str, tuple[list[str], list[str]]],
) -> None:
    """The table is complete, and holds nothing that is gone."""
    assert sorted(table) == sorted(module.name for module in MODULES)


@EACH
def test_a_module_imports_what_its_row_says(
    module: Module, table: dict[str, tuple[list[str], list[str]]]
) -> None:
    """No import is missing from the table, and none in it is unused."""
    ours, libraries = table[module.name]
    assert sorted(ours) == sorted(module.ours)
    assert sorted(libraries) == sorted(module.libraries)


def test_imports_form_a_ladder(table: dict[str, tuple[list[str], list[str]]]) -> None:
    """A module knows only what stands above it in the table."""
    order = list(table)
    climbing = [
        (name, each)
        for name, (ours, _) in table.items()
        for each in ours
        if order.index(each) >= order.index(name)
    ]
    assert climbing == []


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        (
            "markdown_it",
            {
                "markdown.trees",
                "markdown.engine",
                "markdown.blanks",
                "markdown.blocks",
                "markdown.losses",
                "markdown.reading",
            },
        ),
        ("jinja2", {"render"}),
        (
            "msgspec",
            {
                "toml.shapes",
                "editors",
                "parse.shapes",
                "machines.api_bytes",
                "machines.api_pieces",
                "machines.schema",
                "machines.shapes",
                "report_json",
            },
        ),
        ("filelock", {"files.site"}),
        ("rich", {"excerpt", "progress"}),
        ("resvg_py", {"drawing"}),
        ("rcssmin", {"assets"}),
        ("rjsmin", {"assets"}),
        ("uvicorn", {"preview.server"}),
        ("watchfiles", {"preview.watching"}),
    ],
)
def test_a_library_is_known_behind_its_wall_alone(library: str, homes: set[str]) -> None:
    """Another library in its place would change one module, or one package."""
    assert {module.name for module in MODULES if library in module.libraries} == homes


@EACH
def test_only_one_package_touches_the_disk(module: Module) -> None:
    """Everything but `files` is a function of what it is given."""
    if module.name.split(".")[0] == "files":
        assert module.ours & {"manifest", "source", "files.disk"} or module.name == "files.disk"
        return
    calls = {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
    }
    # The command opens the null device, for the one who has read enough.
    allowed = {"open"} if module.name == "cli" else set()
    assert calls & DISK <= allowed
    assert not set(imported(module.tree)) & {"shutil", "tempfile", "io.open"}


@EACH
def test_nothing_can_be_changed_after_it_was_made(module: Module) -> None:
    """Records are frozen and slotted, and what a module holds is never a list or set to fill.

    A dictionary is one only by the name of a Mapping, which the type checker holds it to.
    """
    for node in ast.walk(module.tree):
        for decorator in getattr(node, "decorator_list", []):
            if "dataclass" in ast.unparse(decorator):
                assert "frozen=True" in ast.unparse(decorator), ast.unparse(node)
                assert "slots=True" in ast.unparse(decorator), ast.unparse(node)
        assert not isinstance(node, ast.Global | ast.Nonlocal)
    for node in module.tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) != "__all__":
            assert not isinstance(node.value, ast.List | ast.Set | ast.Dict), ast.unparse(node)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict):
            assert ast.unparse(node.annotation).startswith("Mapping["), ast.unparse(node)


@EACH
def test_everything_public_says_what_it_promises(module: Module) -> None:
    """Each public module, class and function has a docstring."""
    assert ast.get_docstring(module.tree)
    for node in module.tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_":
            assert ast.get_docstring(node), node.name


@EACH
def test_a_module_is_short_enough_to_be_read_at_once(module: Module) -> None:
    """A module that grows past the limit has two duties."""
    assert len(module.path.read_text(encoding="utf-8").splitlines()) <= LONGEST
