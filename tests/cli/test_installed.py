"""The program in another team's repository, where it's installed as the documentation says.

The commands are those of README.md and docs/editors.md. Only what each team fills in differs, such
as the path of its clone, and pip finds packages in a folder instead of on the network.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from ruamel.yaml import YAML

from tests.documents import all_code
from tests.repositories import Repository, add_git_settings, new_repository, write_script
from tests.wheels import locked_wheels

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
HOOKS = ROOT / ".pre-commit-hooks.yaml"
README = (ROOT / "README.md").read_text(encoding="utf-8")
EDITORS = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
PYTHON = shlex.quote(sys.executable)
TIMEOUT = 300


@dataclass(frozen=True, slots=True)
class Team:
    """Another team: the repository that it cloned, its clone, and its machine."""

    original: Repository
    clone: Path
    work: Path
    programs: Path
    environment: Mapping[str, str]

    def type(self, script: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run commands in a folder, by default that of all work, in its virtual environment."""
        cwd = folder or self.work
        active = ". .venv/bin/activate\n" if (cwd / ".venv").exists() else ""
        return subprocess.run(
            ["/bin/sh", "-e", "-c", active + script.replace("PATH/TO/CLONE", str(self.clone))],
            cwd=cwd,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=TIMEOUT,
        )

    def succeed(self, script: str, folder: Path | None = None) -> str:
        """Run commands that must succeed without a warning; return what they print."""
        done = self.type(script, folder)
        assert done.returncode == 0, done.stdout
        assert "warning" not in done.stdout.lower()
        return done.stdout


@pytest.fixture
def team(tmp_path: Path) -> Team:
    """A team that has only Python, Git, and a clone."""
    original = new_repository(tmp_path / "original")
    for name in ("codebook", "templates"):
        unwanted = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, original.folder / name, ignore=unwanted)
    for name in (".gitignore", HOOKS.name, "LICENSE", "README.md", "pyproject.toml"):
        shutil.copy(ROOT / name, original.folder)
    original.commit(1)
    original.git("clone", "--quiet", ".", str(tmp_path / "clone"))
    home, work = tmp_path / "home", tmp_path / "work"
    for folder in (home, work):
        folder.mkdir()
    add_git_settings(
        home / ".gitconfig",
        {"user.name": "team", "user.email": "team@codes.example", "init.defaultBranch": "main"},
    )
    programs = home / "bin"
    write_script(programs / "python3", f'exec {PYTHON} "$@"')
    write_script(programs / "pip", f'exec {PYTHON} -m pip "$@"')
    environment = {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_FIND_LINKS": locked_wheels().as_uri(),
        "PIP_NO_COMPILE": "1",
        "PIP_NO_INDEX": "1",
    }
    return Team(original, tmp_path / "clone", work, programs, environment)


def blocks(document: str, heading: str, language: str = "sh") -> list[str]:
    """The code blocks of a language in a section."""
    return [
        code.text
        for code in all_code(document)
        if (code.heading, code.language) == (heading, language)
    ]


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


def test_the_dependencies_match_those_of_the_repository() -> None:
    """`pyproject.toml` lists the same libraries and the same builder as `requirements/`."""
    site, build = (
        re.findall(
            r"^([\w-]+)==(\S+)$",
            (ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
        for name in ("site", "build")
    )
    assert [tuple(line.split(">=")) for line in PROJECT["project"]["dependencies"]] == site
    assert [tuple(line.split("==")) for line in PROJECT["build-system"]["requires"]] == build


def test_another_team_can_start_a_book_as_the_readme_says(team: Team) -> None:
    """Each command of the section succeeds without a warning, from `git init` to the upgrade."""
    install, start, commit, publish, design, upgrade = blocks(README, "Use it for your own codes")
    (new,) = re.findall(r"`(codebook new [^`]+)` creates an article", README)
    book = team.work / "my-codes"
    team.succeed(install)
    *others, serve = start.splitlines()
    assert serve.startswith("codebook serve ")
    for command in others:
        team.succeed(command, book)
    look_at_preview(team, book)
    team.succeed(commit, book)
    assert team.succeed("git status --porcelain", book) == ""
    team.succeed(publish, book)
    assert (book / "content" / "addresses.txt").read_text("utf-8")
    assert (book / "site" / "sitemap.xml").is_file()
    team.succeed(design, book)

    removed = "codebook/templates/fonts/OFL.txt"
    (installed,) = (book / ".venv").glob("lib/*/site-packages")
    assert (installed / removed).is_file()
    (team.original.folder / "templates" / "fonts" / "OFL.txt").unlink()
    team.original.commit(2, **{"codebook/__init__.py": '__version__ = "999.1"\n'})
    team.succeed(upgrade, book)
    assert team.succeed("codebook --version", book) == "codebook 999.1\n"
    assert not (installed / removed).exists()
    for command in (new, "codebook schemas", "codebook explain duplicate-code"):
        team.succeed(command, book)


def look_at_preview(team: Team, book: Path) -> None:
    """Read the home page from the preview, and stop it with Ctrl-C."""
    with subprocess.Popen(
        [book / ".venv" / "bin" / "codebook", "serve", "--port", "0"],
        cwd=book,
        env=team.environment,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stderr is not None
        url = re.search(r"http://\S+/", process.stderr.readline())
        assert url
        with urllib.request.urlopen(url[0], timeout=TIMEOUT) as response:  # noqa: S310 - http
            assert b"Error codes" in response.read()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=TIMEOUT)
    assert process.returncode == 0


def test_the_hook_checks_each_commit_as_editors_md_says(team: Team) -> None:
    """A commit with an error is refused with its location. The repository needs only content."""
    (settings,) = blocks(EDITORS, "Before a commit", "yaml")
    (commands,) = blocks(EDITORS, "Before a commit")
    # The tests have installed pre-commit already.
    install, commands = commands.split("\n", maxsplit=1)
    assert install == "pip install pre-commit"
    write_script(team.programs / "pre-commit", f'exec {PYTHON} -m pre_commit "$@"')
    settings = settings.replace("https://github.com/OWNER/REPOSITORY", str(team.clone))
    harbor = new_repository(team.work / "harbor")
    shutil.copytree(ROOT / "tests" / "fixtures" / "second-book", harbor.folder / "content")
    harbor.commit(1)
    harbor.write(**{".pre-commit-config.yaml": settings.replace("COMMIT", team.original.newest)})
    team.succeed(commands, harbor.folder)

    article = harbor.folder / "content" / "codes" / "1010.md"
    good = article.read_text(encoding="utf-8")
    article.write_text(f"{good}\n[Out](1021.md)\n", encoding="utf-8")
    refused = team.type("git commit --all -m Broken", harbor.folder)
    assert refused.returncode == 1
    line = good.count("\n") + 2
    assert f"--> content/codes/1010.md:{line}:" in refused.stdout
    article.write_text(f"{good}\nThe harbor is closed at night.\n", encoding="utf-8")
    team.succeed("git commit --all -m Good", harbor.folder)
    assert harbor.git("log", "-1", "--format=%s") == "Good"


def test_the_same_commit_always_gives_the_same_wheel(team: Team) -> None:
    """It doesn't depend on the times and modes of the files, and has all of them, unchanged."""
    (build,) = re.findall(r"`(pip wheel [^`]+)`", README)
    team.succeed(build)
    (wheel,) = team.work.glob("dist/*.whl")
    first = wheel.read_bytes()
    wheel.unlink()
    for path in team.clone.rglob("*"):
        if path.is_file():
            os.utime(path, (1, 1_500_000_000))
            path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    team.succeed(build)
    assert wheel.read_bytes() == first
    assert Repository(team.clone).git("status", "--porcelain", "--ignored") == ""
    with ZipFile(wheel) as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    assert {name: data for name, data in packed.items() if ".dist-info/" not in name} == {
        f"{target}/{path.relative_to(ROOT / folder).as_posix()}": path.read_bytes()
        for folder, target in (("codebook", "codebook"), ("templates", "codebook/templates"))
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
