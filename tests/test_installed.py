"""The program installed apart from every book, as pre-commit does it for other repositories."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent
SECOND_BOOK = ROOT / "tests" / "fixtures" / "second-book"
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
HOOKS = ROOT / ".pre-commit-hooks.yaml"
WITHOUT_COMPILED = shutil.ignore_patterns("__pycache__", "*.pyc")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the program is installed in, out of a copy of its sources."""
    folder = tmp_path_factory.mktemp("installed")
    sources = folder / "sources"
    for name in ("codebook", "templates"):
        shutil.copytree(ROOT / name, sources / name, ignore=WITHOUT_COMPILED)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, sources)
    # What `pip install` makes would get the libraries and setuptools from a network.
    own = ("--no-deps", "--no-build-isolation", "--no-index", "--no-compile", "--quiet")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *own, "--target", folder / "lib", sources],
        check=True,
        timeout=120,
    )
    shutil.rmtree(sources)
    return folder / "lib"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository of somebody else, with a book about something else."""
    folder = tmp_path / "harbour"
    shutil.copytree(SECOND_BOOK, folder / "content")
    return folder


def run(place: Path, command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run what a person or a hook types, with the installed program."""
    program, *arguments = shlex.split(command)
    return subprocess.run(
        [place / "bin" / program, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(place)},
        check=False,
        timeout=60,
    )


def hook() -> dict[str, Any]:
    """The one hook."""
    (found,) = YAML(typ="safe").load(HOOKS)
    hook: dict[str, Any] = found
    return hook


def validated(how: str, path: Path) -> str:
    """What pre-commit has against a file."""
    verdict = subprocess.run(
        [sys.executable, "-m", "pre_commit", how, path],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
    )
    return verdict.stdout if verdict.returncode else ""


def test_pre_commit_takes_the_definition() -> None:
    """Its own validator says so."""
    assert validated("validate-manifest", HOOKS) == ""
    assert hook()["id"] == "codebook-check"
    assert shlex.split(hook()["entry"])[0] in PROJECT["project"]["scripts"]


def test_pre_commit_takes_what_editors_md_says(tmp_path: Path) -> None:
    """The settings that another repository copies from there are whole, and name the hook."""
    text = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    (settings,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    place = tmp_path / ".pre-commit-config.yaml"
    place.write_text(settings, encoding="utf-8")
    assert validated("validate-config", place) == ""
    (repository,) = YAML(typ="safe").load(place)["repos"]
    assert [each["id"] for each in repository["hooks"]] == [hook()["id"]]


def test_the_hook_takes_a_good_book(place: Path, repository: Path) -> None:
    """Its templates come with it: the repository has nothing but its content."""
    done = run(place, hook()["entry"], repository)
    assert (done.returncode, done.stdout) == (0, "")
    assert sorted(path.name for path in repository.iterdir()) == ["content"]


def test_the_hook_refuses_a_book_with_a_mistake(place: Path, repository: Path) -> None:
    """And says where it is, by the path from the repository."""
    article = repository / "content" / "codes" / "1010.md"
    article.write_text(article.read_text("utf-8") + "\n[Out](1021.md)\n", encoding="utf-8")
    done = run(place, hook()["entry"], repository)
    assert done.returncode == 1
    assert "--> content/codes/1010.md:" in done.stdout


def test_a_book_may_have_another_folder(place: Path, repository: Path) -> None:
    """Then the hook is told so in `args`."""
    (repository / "content").rename(repository / "signals")
    assert run(place, hook()["entry"], repository).returncode == 2
    assert run(place, f"{hook()['entry']} --content signals", repository).returncode == 0


def test_the_installed_program_builds_where_it_is_started(place: Path, repository: Path) -> None:
    """The folders that no argument names are those of whoever starts it."""
    done = run(place, "codebook build", repository)
    assert done.returncode == 0, done.stderr
    assert (repository / "site" / "signals" / "1010" / "index.html").is_file()
    assert run(place, "codebook --help", repository).stdout.startswith("usage: codebook ")


def test_the_installed_program_explains_a_rule(place: Path, repository: Path) -> None:
    """The page of all rules comes with it."""
    done = run(place, "codebook explain duplicate-code", repository)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("duplicate-code (error)\n")


def test_everything_that_the_program_needs_is_installed(place: Path) -> None:
    """Every file of the program and of the templates, byte for byte."""
    for folder, there in (("codebook", "codebook"), ("templates", "codebook/templates")):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                copy = place / there / path.relative_to(ROOT / folder)
                assert copy.is_file(), f"pyproject.toml leaves out {path.relative_to(ROOT)}"
                assert copy.read_bytes() == path.read_bytes()


def test_what_it_needs_of_others_is_what_the_site_is_built_with() -> None:
    """The lists of `pyproject.toml` and `requirements/site.in` name the same libraries."""
    pinned = re.findall(
        r"^([\w-]+)==(\S+)$",
        (ROOT / "requirements" / "site.in").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    wanted = {tuple(each.split(">=")) for each in PROJECT["project"]["dependencies"]}
    assert wanted == set(pinned)
