"""`init` starts a new book that builds, and every command without a book names it."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.in_process import run_main

ROOT = Path(__file__).resolve().parents[2]
ReadTree = Callable[[Path], Mapping[str, bytes]]


def test_init_makes_a_book_that_builds_without_diagnostics(tmp_path: Path) -> None:
    """It prints each file; the article and both classes have pages."""
    content, site = tmp_path / "content", tmp_path / "site"
    process = run_main("init", "--content", content)
    assert process.returncode == 0
    assert process.stdout.splitlines() == [
        f"{content}/{name}" for name in ("book.toml", "codes/1001.md", "error-codes.md")
    ]
    built = run_main("build", "--strict", "--content", content, "--site", site)
    assert (built.returncode, built.stdout) == (0, "")
    for page in ("errors/1001", "errors/1xxx", "errors/2xxx"):
        assert (site / page / "index.html").is_file()


def test_the_next_steps_of_init_work(tmp_path: Path) -> None:
    """They name the folder, and the commands accept it as written."""
    content = tmp_path / "the book"
    process = run_main("init", "--content", content)
    assert process.stderr.startswith("next: replace the example codes with yours\n")
    commands = re.findall(r"run: python build\.py (.+)", process.stderr)
    assert [shlex.split(command) for command in commands] == [
        ["serve", "--content", str(content)],
        ["build", "--content", str(content)],
    ]
    new = run_main("new", "1002", "--content", content)
    assert f"run: python build.py {commands[0]}\n" in new.stderr


@pytest.mark.parametrize("existing", ["error-codes.md", "codes/7.md", "notes.txt"])
def test_init_never_changes_a_folder_with_files(
    tmp_path: Path, existing: str, read_tree: ReadTree
) -> None:
    """The error names them, whether or not the starter has a file of the same name."""
    path = tmp_path / existing
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine", encoding="utf-8")
    before = read_tree(tmp_path)
    process = run_main("init", "--content", tmp_path)
    assert (process.returncode, process.stdout) == (2, "")
    assert process.stderr.startswith(
        f"error: {tmp_path} is not empty: it contains {existing.split('/', maxsplit=1)[0]}\nhelp: "
    )
    assert read_tree(tmp_path) == before


def test_init_never_changes_the_book_of_a_clone() -> None:
    """A long list of files is cut off."""
    process = run_main("init")
    assert process.returncode == 2
    assert process.stderr.startswith("error: content is not empty: it contains LICENSE, ")
    assert re.search(r", and [0-9]+ more\n", process.stderr)


def test_init_accepts_an_empty_folder_with_a_file_of_git(tmp_path: Path) -> None:
    """Git doesn't track empty folders, so many have a `.gitkeep`."""
    (tmp_path / ".gitkeep").touch()
    assert run_main("init", "--content", tmp_path).returncode == 0


def test_init_does_not_replace_a_file_with_a_folder(tmp_path: Path) -> None:
    """The path of the content folder is in use."""
    content = tmp_path / "content"
    content.write_text("mine", encoding="utf-8")
    process = run_main("init", "--content", content)
    assert (process.returncode, process.stderr) == (2, f"error: {content}: not a directory\n")
    assert content.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "command",
    ["", "build", "check", "check --fix --yes", "serve", "schemas", "new 1001", "new guide moves"],
)
def test_every_command_without_a_content_folder_names_init(command: str, tmp_path: Path) -> None:
    """Following the help makes the folder, which has a space in its name, and nothing else."""
    content = tmp_path / "the book"
    process = run_main(*command.split(), "--content", content)
    assert (process.returncode, process.stdout) == (2, "")
    message, help_text = process.stderr.splitlines()
    assert message == f"error: the folder {content} does not exist"
    prefix = "help: to start a new book there, run: python build.py "
    assert help_text.startswith(prefix)
    assert run_main(*shlex.split(help_text.removeprefix(prefix))).returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["the book"]


@pytest.mark.parametrize("command", ["new 1001", "new guide moves", "new table moves"])
def test_new_in_a_book_without_a_register_names_init(command: str, tmp_path: Path) -> None:
    """No document is created that no book could publish."""
    process = run_main(*command.split(), "--content", tmp_path)
    assert (process.returncode, process.stdout) == (2, "")
    message, help_text = process.stderr.splitlines()
    assert message == "error: the book has no register, the file that lists its codes"
    assert "run init" in help_text
    assert [*tmp_path.iterdir()] == []
    *_, rule = help_text.split()
    assert "\n    - " in run_main("explain", rule).stdout
    assert run_main("init", "--content", tmp_path).returncode == 0


def test_the_version_is_that_of_the_package() -> None:
    """It's stated once, in `codebook/__init__.py`."""
    process = run_main("--version")
    assert process.returncode == 0
    assert re.fullmatch(r"codebook [0-9]+\.[0-9]+\.[0-9]+\n", process.stdout)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "version" not in project
    assert "version" in project["dynamic"]
