"""The targets of `make` that users run every day."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest

from tests.trees import write_tree

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The program and a small book, with the virtual environment of the tests."""
    folder = tmp_path / "a clone"
    unwanted = shutil.ignore_patterns("__pycache__")
    for name in ("codebook", "requirements"):
        shutil.copytree(ROOT / name, folder / name, ignore=unwanted)
    shutil.copytree(ROOT / "templates", folder / "templates")
    shutil.copytree(ROOT / "tests" / "fixtures" / "second-book", folder / "content")
    for name in ("Makefile", "build.py"):
        shutil.copy(ROOT / name, folder)
    write_tree(folder / "site", {".gitignore": b"*\n"})
    environment = folder / ".venv"
    environment.mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (environment / name).symlink_to(Path(sys.prefix, name))
    shutil.copy(folder / "requirements" / "site.txt", environment / "site.stamp")
    return folder


def make(clone: Path, target: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a target where Python must not write bytecode."""
    return subprocess.run(
        [which("make") or "make", target],
        cwd=clone,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def compiled(clone: Path) -> dict[str, int]:
    """The compiled modules of the program, and when they were written."""
    paths = (clone / "codebook").rglob("*.pyc")
    modules = [path for path in paths if not path.name.startswith("templates.")]
    return {path.relative_to(clone).as_posix(): path.stat().st_mtime_ns for path in modules}


def test_the_program_is_compiled_before_it_runs(clone: Path) -> None:
    """Otherwise, each run would compile it. Only what has changed is compiled again."""
    assert make(clone, "site").returncode == 0
    before = compiled(clone)
    assert len(before) > 100
    assert make(clone, "site").returncode == 0
    assert compiled(clone) == before
    module = clone / "codebook" / "cli" / "build.py"
    module.write_text(f"{module.read_text(encoding='utf-8')}\n", encoding="utf-8")
    assert make(clone, "site").returncode == 0
    (changed,) = {name for name, time in compiled(clone).items() if time != before[name]}
    assert changed.startswith("codebook/cli/__pycache__/build.")
    shutil.rmtree(clone / "codebook" / "__pycache__")
    assert make(clone, "site").returncode == 0
    assert compiled(clone).keys() == before.keys()


@pytest.mark.parametrize("with_environment", [True, False])
def test_clean_removes_what_make_has_written(clone: Path, *, with_environment: bool) -> None:
    """It works without the virtual environment, which may be missing or broken."""
    before = {path for path in clone.rglob("*") if ".venv" not in path.parts}
    assert make(clone, "site").returncode == 0
    if not with_environment:
        shutil.rmtree(clone / ".venv")
    cleaned = make(clone, "clean")
    assert cleaned.returncode == 0, cleaned.stderr
    assert {*clone.rglob("*")} == before


def test_clean_keeps_the_list_of_built_files_if_it_fails(clone: Path) -> None:
    """Without the list, the files in the site would count as foreign."""
    assert make(clone, "site").returncode == 0
    (manifest,) = (clone / ".cache" / "codebook" / "sites").glob("*/manifest.json")
    before = manifest.read_bytes()
    manifest.write_bytes(b"")
    assert make(clone, "clean").returncode != 0
    manifest.write_bytes(before)
    cleaned = make(clone, "clean")
    assert cleaned.returncode == 0
    assert [path.name for path in (clone / "site").iterdir()] == [".gitignore"]
    assert not (clone / ".cache").exists()


def planned(*arguments: str) -> list[str]:
    """The commands that make would run in this repository."""
    command = [which("make") or "make", "--dry-run", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_ci_leaves_out_only_what_its_tests_have_tried() -> None:
    """The audit repeats some tests with more cases, and CI tries these cases in its tests."""
    runs = re.findall(
        r"^make .+?(?= 2>| \|\|)", (ROOT / ".ci/run").read_text("utf-8"), re.MULTILINE
    )
    assert runs == ["make test CASES=more", "make audit CASES=tested"]
    audit, rest, tests = (planned(*run.split()[1:]) for run in ("make audit", runs[1], runs[0]))
    (left_out,) = {*audit} - {*rest}
    environment = re.match(r"(?:CODEBOOK_\w+=\d+ ){5}", left_out)
    assert environment
    assert tests[-1].split() == [*environment[0].split(), ".venv/bin/python", "-m", "pytest"]
