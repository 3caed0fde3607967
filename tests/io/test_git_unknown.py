"""Without a complete git history a content folder has none, and the build continues."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from codebook.io import git
from tests.repositories import Repository, dates, day, history, new_repository, write_script


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository without commits."""
    return new_repository(tmp_path / "repository")


def test_a_shallow_clone_has_no_history(repository: Repository, tmp_path: Path) -> None:
    """Every file would have the date of its only commit."""
    repository.commit(1, x="1")
    repository.commit(2, y="1")
    url = repository.folder.as_uri()
    repository.git("clone", "--quiet", "--depth", "1", url, str(tmp_path / "clone"))
    assert history(tmp_path / "clone") is None
    repository.git("clone", "--quiet", url, str(tmp_path / "whole"))
    assert dates(tmp_path / "whole") == {"x": day(1), "y": day(2)}


def test_a_folder_without_a_repository_has_no_history(tmp_path: Path) -> None:
    """For example, files that were downloaded without it."""
    (tmp_path / "x").write_bytes(b"1")
    assert history(tmp_path) is None


def test_a_repository_without_commits_has_no_history(repository: Repository) -> None:
    """Even if it has files."""
    repository.write(x="1")
    assert history(repository.folder) is None
    repository.git("add", "x")
    assert history(repository.folder) is None


@pytest.mark.parametrize("folder", ["other", ".git", ".git/refs", "nowhere", "x"])
def test_an_untracked_folder_has_no_history(repository: Repository, folder: str) -> None:
    """A book in an untracked folder of another repository, or no folder at all."""
    repository.commit(1, x="1")
    repository.write(**{"other/x": "1"})
    assert history(repository.folder / folder) is None


def test_a_folder_that_is_no_longer_tracked_has_no_history(repository: Repository) -> None:
    """Its old commits aren't about the content that is published now."""
    repository.commit(1, **{"content/x": "1", "y": "1"})
    repository.git("rm", "--quiet", "--cached", "content/x")
    repository.commit(2, **{".gitignore": "content"})
    assert history(repository.folder / "content") is None


def test_a_bare_repository_has_no_history(repository: Repository, tmp_path: Path) -> None:
    """It has no files to publish."""
    repository.commit(1, x="1")
    bare = tmp_path / "bare"
    repository.git("clone", "--quiet", "--bare", repository.folder.as_uri(), str(bare))
    assert history(bare) is None


def test_without_git_there_is_no_history(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The site builds without git."""
    repository.commit(1, x="1")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert history(repository.folder) is None


def test_git_is_stopped_after_a_timeout(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The build continues without a history."""
    repository.commit(1, x="1")
    monkeypatch.setattr(git, "_TIMEOUT", 0.2)
    # It would succeed in the end: waiting for it would give a history.
    slow = write_script(tmp_path / "bin" / "git", f'sleep 1; exec "{shutil.which("git")}" "$@"')
    monkeypatch.setenv("PATH", f"{slow.parent}{os.pathsep}{os.environ['PATH']}")
    assert history(repository.folder) is None
