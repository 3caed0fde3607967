"""No repository, setting, or environment variable makes git run, fetch, write, or leak anything."""

from __future__ import annotations

import ast
import os
import shlex
import stat
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.repositories import (
    DAY,
    START,
    Repository,
    add_git_settings,
    dates,
    day,
    history,
    new_repository,
    write_script,
)

ROOT = Path(__file__).resolve().parents[2]

ReadTree = Callable[[Path], Mapping[str, bytes]]

SETTINGS = {
    "color.ui": "always",
    "core.abbrev": "4",
    "core.quotePath": "true",
    "diff.mnemonicPrefix": "true",
    "diff.orderFile": "order",
    "diff.relative": "false",
    "diff.renames": "copies",
    "format.pretty": "oneline",
    "i18n.logOutputEncoding": "latin1",
    "log.date": "human",
    "log.decorate": "full",
    "log.diffMerges": "first-parent",
    "log.follow": "true",
    "log.showRoot": "false",
    "log.showSignature": "true",
}


@dataclass(frozen=True)
class Trap:
    """A program that creates a file when it is run."""

    path: Path
    mark: Path

    def __str__(self) -> str:
        """The command line."""
        return shlex.quote(str(self.path))


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository without commits."""
    return new_repository(tmp_path / "repository")


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    """The program that a hostile repository tries to run."""
    mark = tmp_path / "mark"
    return Trap(write_script(tmp_path / "trap", f"touch {shlex.quote(str(mark))}; cat"), mark)


@pytest.fixture
def hostile(repository: Repository, trap: Trap) -> Repository:
    """A repository whose settings, attributes, and hooks run the trap wherever git allows it."""
    repository.commit(1, **{"x.md": "1", ".gitattributes": "* filter=trap diff=trap merge=trap"})
    raw = repository.git("cat-file", "commit", "HEAD")
    head, _, message = raw.partition("\n\n")
    signed = (
        f"{head}\ngpgsig -----BEGIN PGP SIGNATURE-----\n -----END PGP SIGNATURE-----\n\n{message}"
    )
    commit = repository.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=f"{signed}\n")
    repository.git("reset", "--soft", commit)
    keys = (
        *("core.fsmonitor", "core.pager", "core.editor", "core.askPass", "core.sshCommand"),
        *("core.alternateRefsCommand", "diff.external", "diff.trap.command", "diff.trap.textconv"),
        *("filter.trap.clean", "filter.trap.smudge", "filter.trap.process", "gpg.program"),
        *("interactive.diffFilter", "credential.helper", "uploadpack.packObjectsHook"),
        *(f"pager.{command}" for command in ("rev-parse", "rev-list", "diff-tree", "ls-tree")),
    )
    commands = ("rev-parse", "rev-list", "diff-tree", "ls-tree", "hash-object", "log")
    add_git_settings(
        repository.folder / ".git" / "config",
        {
            **dict.fromkeys(keys, str(trap)),
            **{f"alias.{command}": f"!{trap}" for command in commands},
            "log.showSignature": "true",
            "filter.trap.required": "true",
        },
    )
    hooks = repository.folder / ".git" / "hooks"
    hooks.mkdir()
    for hook in ("post-index-change", "post-checkout", "reference-transaction", "pre-auto-gc"):
        (hooks / hook).write_bytes(trap.path.read_bytes())
        (hooks / hook).chmod(stat.S_IRWXU)
    # Git compares times first, so this makes it read the file through the filter.
    os.utime(repository.folder / "x.md", (START, START))
    return repository


def test_a_git_program_next_to_the_content_is_not_run(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It isn't run even if the search path starts with the current folder."""
    repository.commit(1, **{"content/x": "1", "content/git": "#!/bin/sh\nexit 1\n"})
    (repository.folder / "content" / "git").chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(repository.folder)
    assert dates(Path("content"))["x"] == day(1)


def test_another_repository_in_the_environment_is_not_read(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hook that builds the site inherits the variables of its repository."""
    repository.commit(1, x="1")
    other = new_repository(tmp_path / "other")
    other.commit(5, x="1")
    monkeypatch.setenv("GIT_DIR", str(other.folder / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.folder))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.folder / ".git" / "index"))
    assert dates(repository.folder) == {"x": day(1)}


@pytest.mark.parametrize("is_global", [True, False])
def test_git_settings_do_not_change_the_history(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_global: bool
) -> None:
    """Neither global settings nor those of the repository have an effect."""
    repository.commit(1, "Häfen", **{"content/z": "words", "content/é": "1"})
    repository.git("mv", "content/z", "content/a")
    repository.commit(2, "rename")
    content = repository.folder / "content"
    before = history(content)
    order = tmp_path / "order"
    order.write_bytes(b"z\n")
    config = tmp_path / "config" if is_global else repository.folder / ".git" / "config"
    add_git_settings(config, {**SETTINGS, "diff.orderFile": str(order)})
    if is_global:
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    assert before is not None
    assert history(content) == before


def test_a_replaced_commit_keeps_its_original_date(repository: Repository) -> None:
    """Replacements exist in a single clone, so other clones would have other dates."""
    repository.commit(1, x="1")
    first = repository.newest
    raw = repository.git("cat-file", "commit", first).replace(str(START + DAY), str(START))
    other = repository.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=raw)
    repository.git("replace", first, other)
    assert dates(repository.folder) == {"x": day(1)}


def test_nothing_is_written_to_the_repository(repository: Repository, read_tree: ReadTree) -> None:
    """Git often refreshes the index when it reads, but not here."""
    repository.commit(1, x="1")
    os.utime(repository.folder / "x", (START, START))
    before = read_tree(repository.folder)
    assert history(repository.folder) is not None
    assert read_tree(repository.folder) == before


@pytest.mark.parametrize("command", ["status", "diff", "log"])
def test_the_hostile_repository_runs_programs_without_precautions(
    hostile: Repository, trap: Trap, command: str
) -> None:
    """Otherwise, the next test would prove nothing."""
    with suppress(subprocess.CalledProcessError):
        hostile.git(command)
    assert trap.mark.exists()


def test_a_hostile_repository_runs_nothing(hostile: Repository, trap: Trap) -> None:
    """No monitor, filter, driver, pager, alias, hook, or signature check is run."""
    assert dates(hostile.folder)["x.md"] == day(1)
    assert not trap.mark.exists()


def test_missing_objects_are_not_fetched(
    repository: Repository, tmp_path: Path, trap: Trap
) -> None:
    """Neither the remote nor a remote helper is used: builds are offline."""
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.commit(1, **{"content/x": "1"})
    repository.commit(2, **{"content/x": "2"})
    clone = Repository(tmp_path / "clone")
    repository.git(
        *("clone", "--quiet", "--no-checkout", "--filter=tree:0"),
        *(repository.folder.as_uri(), str(clone.folder)),
    )
    (clone.folder / "content").mkdir()
    for url in (repository.folder.as_uri(), f"ext::{trap}"):
        clone.git("config", "remote.origin.url", url)
        clone.git("config", "protocol.allow", "always")
        before = sorted((clone.folder / ".git" / "objects").rglob("*"))
        assert history(clone.folder / "content") is None
        assert sorted((clone.folder / ".git" / "objects").rglob("*")) == before
    assert not trap.mark.exists()


def test_one_module_runs_programs() -> None:
    """Only `git` does. Another module forks, which runs no other program."""
    runners = {"subprocess", "multiprocessing", "pty", "ctypes"}
    calls = {"system", "popen", "fork", "forkpty", "posix_spawn", "posix_spawnp", "startfile"}
    callers = set()
    for path in sorted((ROOT / "codebook").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names = {(node.module or "").partition(".")[0]}
            else:
                names = set()
            called = node.attr if isinstance(node, ast.Attribute) else ""
            callers |= {(path.name, name) for name in names & runners}
            if called in calls or called.startswith(("exec", "spawn")):
                callers.add((path.name, called))
    assert callers == {("git.py", "subprocess"), ("processes.py", "fork")}
