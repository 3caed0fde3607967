"""The program installed outside a book, as pre-commit installs it for other repositories."""

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

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SECOND_BOOK = ROOT / "tests" / "fixtures" / "second-book"
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
HOOKS = ROOT / ".pre-commit-hooks.yaml"
WITHOUT_COMPILED = shutil.ignore_patterns("__pycache__", "*.pyc")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder where the program is installed, from a copy of its sources."""
    folder = tmp_path_factory.mktemp("installed")
    sources = folder / "sources"
    for name in ("codebook", "templates"):
        shutil.copytree(ROOT / name, sources / name, ignore=WITHOUT_COMPILED)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, sources)
    # Without these options, pip would download the libraries and setuptools.
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--no-compile", "--quiet")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "--target", folder / "lib", sources],
        check=True,
        timeout=120,
    )
    shutil.rmtree(sources)
    return folder / "lib"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Another repository, with a book about something else."""
    folder = tmp_path / "harbor"
    shutil.copytree(SECOND_BOOK, folder / "content")
    return folder


def run(installed: Path, command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of the installed program."""
    program, *arguments = shlex.split(command)
    return subprocess.run(
        [installed / "bin" / program, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(installed)},
        check=False,
        timeout=60,
    )


def hook() -> dict[str, Any]:
    """The only hook in the definition."""
    hooks: list[dict[str, Any]] = YAML(typ="safe").load(HOOKS)
    (only,) = hooks
    return only


def validation_errors(command: str, path: Path) -> str:
    """The errors that pre-commit reports about a file."""
    process = subprocess.run(
        [sys.executable, "-m", "pre_commit", command, path],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
    )
    return process.stdout if process.returncode else ""


def test_pre_commit_accepts_the_definition() -> None:
    """Its own validator finds no error."""
    assert validation_errors("validate-manifest", HOOKS) == ""
    assert hook()["id"] == "codebook-check"
    assert shlex.split(hook()["entry"])[0] in PROJECT["project"]["scripts"]


def test_pre_commit_accepts_the_settings_in_editors_md(tmp_path: Path) -> None:
    """The settings to copy from there are complete, and include the hook."""
    text = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    (settings,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    config = tmp_path / ".pre-commit-config.yaml"
    config.write_text(settings, encoding="utf-8")
    assert validation_errors("validate-config", config) == ""
    (repository,) = YAML(typ="safe").load(config)["repos"]
    assert [entry["id"] for entry in repository["hooks"]] == [hook()["id"]]


def test_the_hook_accepts_a_good_book(installed: Path, repository: Path) -> None:
    """The hook contains the templates, so the repository needs only its content."""
    process = run(installed, hook()["entry"], repository)
    assert (process.returncode, process.stdout) == (0, "")
    assert sorted(path.name for path in repository.iterdir()) == ["content"]


def test_the_hook_rejects_a_book_with_an_error(installed: Path, repository: Path) -> None:
    """The location is a path relative to the repository."""
    article = repository / "content" / "codes" / "1010.md"
    article.write_text(article.read_text("utf-8") + "\n[Out](1021.md)\n", encoding="utf-8")
    process = run(installed, hook()["entry"], repository)
    assert process.returncode == 1
    assert "--> content/codes/1010.md:" in process.stdout


def test_the_hook_accepts_another_content_folder(installed: Path, repository: Path) -> None:
    """The folder is set in `args`."""
    (repository / "content").rename(repository / "signals")
    assert run(installed, hook()["entry"], repository).returncode == 2
    assert run(installed, f"{hook()['entry']} --content signals", repository).returncode == 0


def test_the_installed_program_builds_in_the_current_folder(
    installed: Path, repository: Path
) -> None:
    """The default folders are relative to the current folder."""
    process = run(installed, "codebook build", repository)
    assert process.returncode == 0, process.stderr
    assert (repository / "site" / "signals" / "1010" / "index.html").is_file()
    assert run(installed, "codebook --help", repository).stdout.startswith("usage: codebook ")


def test_the_installed_program_explains_a_rule(installed: Path, repository: Path) -> None:
    """The page of all rules is installed with it."""
    process = run(installed, "codebook explain duplicate-code", repository)
    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout.startswith("duplicate-code (error)\n")


def test_everything_that_the_program_needs_is_installed(installed: Path) -> None:
    """Every file of the program and the templates is installed unchanged."""
    for folder, target in (("codebook", "codebook"), ("templates", "codebook/templates")):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                copy = installed / target / path.relative_to(ROOT / folder)
                assert copy.is_file(), f"pyproject.toml leaves out {path.relative_to(ROOT)}"
                assert copy.read_bytes() == path.read_bytes()


def test_the_dependencies_match_those_of_the_repository() -> None:
    """`pyproject.toml` and `requirements/site.in` list the same libraries."""
    pinned = re.findall(
        r"^([\w-]+)==(\S+)$",
        (ROOT / "requirements" / "site.in").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    required = {tuple(dependency.split(">=")) for dependency in PROJECT["project"]["dependencies"]}
    assert required == set(pinned)


def test_another_team_can_start_a_book_as_the_readme_says(installed: Path, tmp_path: Path) -> None:
    """In an empty folder, each command of the README succeeds without a warning."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## Use it for your own codes\n")[2].partition("\n## ")[0]
    commands = re.findall(r"^(codebook \w+) +# ", section, re.MULTILINE)
    assert commands == ["codebook init", "codebook build", "codebook check", "codebook serve"]
    for command in commands[:-1]:
        result = run(installed, command, tmp_path)
        assert result.returncode == 0, result.stderr
        assert "warning" not in result.stderr
    assert (tmp_path / "site" / "index.html").is_file()
