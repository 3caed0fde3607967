"""docs/architecture.md matches the code, and the code follows its rules."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = {
    "filelock",
    "jinja2",
    "markdown_it",
    "markupsafe",
    "msgspec",
    "rcssmin",
    "resvg",
    "rich",
    "rjsmin",
    "uvicorn",
    "watchfiles",
}
TOP_LEVEL_MODULES = {"__init__.py", "__main__.py"}

DISK = {
    *("open", "read_bytes", "read_text", "write_bytes", "write_text", "mkdir", "unlink", "rmdir"),
    *("is_dir", "is_file", "exists", "iterdir", "rglob", "stat"),
}
"""Calls that touch the disk, whatever they are called on."""


@dataclass(frozen=True)
class Module:
    """A module, read from its source."""

    name: str
    """Below `codebook`: `site.routes`."""
    path: Path
    tree: ast.Module
    imports: frozenset[str]
    """The modules of the program that it imports, named as this one is."""
    libraries: frozenset[str]

    @property
    def package(self) -> str:
        """The top-level package that the module belongs to."""
        return self.name.partition(".")[0]


def module_name(path: Path) -> str:
    """The name of the module at a path."""
    parts = path.relative_to(ROOT / "codebook").with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imported(tree: ast.Module) -> Iterator[str]:
    """The dotted name of everything that a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                path = ROOT.joinpath(*name.split("."))
                is_module = path.is_dir() or path.with_suffix(".py").exists()
                yield name if is_module else node.module


def read(path: Path) -> Module:
    """The module at a path."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = set(imported(tree))
    imports = {name.removeprefix("codebook.") for name in names if name.startswith("codebook.")}
    libraries = {name.split(".")[0] for name in names} & LIBRARIES
    return Module(module_name(path), path, tree, frozenset(imports), frozenset(libraries))


MODULES = tuple(read(path) for path in sorted((ROOT / "codebook").rglob("*.py")))
PACKAGES = sorted({module.package for module in MODULES if module.path.parent.name != "codebook"})


@pytest.fixture(scope="module")
def table() -> dict[str, tuple[set[str], set[str]]]:
    """The import table of the map: packages and libraries by package, in the order of its rows."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = text[text.index("| package | imports |") :].split("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return {
        name.strip("`"): (set(re.findall(r"`(\w+)`", ours)), set(re.findall(r"\w+", libraries)))
        for name, ours, libraries in cells
    }


def test_the_top_level_contains_only_packages() -> None:
    """The names of packages say what they contain."""
    assert {path.name for path in (ROOT / "codebook").glob("*.py")} == TOP_LEVEL_MODULES


def test_each_package_imports_what_the_table_lists(
    table: dict[str, tuple[set[str], set[str]]],
) -> None:
    """Every package has one row with exactly its imports."""
    actual = {
        package: (
            {
                name.partition(".")[0]
                for module in MODULES
                if module.package == package
                for name in module.imports
            }
            - {package},
            {name for module in MODULES if module.package == package for name in module.libraries},
        )
        for package in PACKAGES
    }
    assert table == actual


def test_a_package_imports_only_packages_above_it(
    table: dict[str, tuple[set[str], set[str]]],
) -> None:
    """The order is that of the rows of the table."""
    order = list(table)
    upward = [
        (package, imported)
        for package, (imports, _) in table.items()
        for imported in imports
        if order.index(imported) >= order.index(package)
    ]
    assert upward == []


def test_there_are_no_circular_imports() -> None:
    """This includes modules of the same package."""
    TopologicalSorter({module.name: module.imports for module in MODULES}).prepare()


def test_a_library_is_imported_only_where_the_table_lists_it() -> None:
    """Replacing a library affects one package, and usually one module."""
    homes = {
        library: {module.name for module in MODULES if library in module.libraries}
        for library in LIBRARIES
    }
    assert all(name.startswith("syntax.markdown.") for name in homes.pop("markdown_it"))
    assert homes == {
        "filelock": {"io.disk"},
        "jinja2": {"site.html.render"},
        "markupsafe": homes["markupsafe"],
        "msgspec": homes["msgspec"],
        "rcssmin": {"publish.assets"},
        "resvg": {"publish.images.rasterize"},
        "rich": {"cli.console", "diagnostics.excerpt"},
        "rjsmin": {"publish.assets"},
        "uvicorn": {"preview.connections", "preview.server"},
        "watchfiles": {"preview.file_watcher"},
    }
    assert all(name.startswith("site.html.") for name in homes["markupsafe"])


def test_only_one_package_accesses_files() -> None:
    """All packages except for `io` are functions of their arguments."""
    # `main` opens the null device when the program that reads the output has closed it.
    allowed = {("cli.main", "open")}
    touches = set()
    for module in MODULES:
        if module.package == "io":
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call):
                function = node.func
                name = (
                    function.attr
                    if isinstance(function, ast.Attribute)
                    else getattr(function, "id", "")
                )
                touches |= {(module.name, name)} if name in DISK else set()
        touches |= {
            (module.name, name) for name in imported(module.tree) if name in {"shutil", "tempfile"}
        }
    assert touches == allowed


def test_values_are_immutable() -> None:
    """Records are frozen, and no module has a mutable collection.

    A dictionary is allowed if it is annotated as a Mapping, because mypy then rejects changes.
    """
    offenders = []
    for module in MODULES:
        for node in ast.walk(module.tree):
            for decorator in getattr(node, "decorator_list", []):
                text = ast.unparse(decorator)
                if "dataclass" in text and not {"frozen=True", "slots=True"} <= set(
                    re.findall(r"\w+=True", text)
                ):
                    offenders.append(f"{module.name}: {ast.unparse(node)[:80]}")
            if isinstance(node, ast.ClassDef) and "Struct" in map(ast.unparse, node.bases):
                options = {keyword.arg for keyword in node.keywords}
                offenders += [] if "frozen" in options else [f"{module.name}: {node.name}"]
            if isinstance(node, ast.Global | ast.Nonlocal):
                offenders.append(f"{module.name}: {ast.unparse(node)}")
        for node in module.tree.body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) != "__all__":
                is_mutable = isinstance(node.value, ast.List | ast.Set | ast.Dict)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict):
                is_mutable = not ast.unparse(node.annotation).startswith("Mapping[")
            else:
                continue
            offenders += [f"{module.name}: {ast.unparse(node)[:80]}"] if is_mutable else []
    assert offenders == []


def test_everything_public_has_a_docstring() -> None:
    """This includes modules, classes, and functions."""
    silent = [module.name for module in MODULES if not ast.get_docstring(module.tree)]
    silent += [
        f"{module.name}.{node.name}"
        for module in MODULES
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []
