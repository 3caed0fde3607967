"""Real git repositories, and the history of one as a build reads it."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from codebook.book.history import History
from codebook.cache import Cache
from codebook.io.git import read_commit_log
from codebook.io.sources import read_folder

START = 4_000_000_000
"""The time of the first commit: later than all dates in the books, which were written before."""
DAY = 86_400

_OPTIONS = ("-c", "protocol.file.allow=always", "-c", "maintenance.auto=false")
"""A clone may be made of a folder, and nothing is tidied up after a commit."""


@dataclass(frozen=True)
class Repository:
    """A repository, its commits a day apart."""

    folder: Path

    def git(self, *arguments: str, day: int = 0, stdin: str = "") -> str:
        """Run git in it with a made-up author; returns the output."""
        second = START + day * DAY
        identity = {
            f"GIT_{role}_{field}": value
            for role, date in (("AUTHOR", START - DAY), ("COMMITTER", second))
            for field, value in {
                "NAME": "codebook",
                "EMAIL": "codebook@codes.example",
                "DATE": f"{date} +0930",
            }.items()
        }
        # In a git hook, variables point to the repository of the hook.
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("GIT_")
        }
        return subprocess.run(
            ["git", "-C", str(self.folder), *_OPTIONS, *arguments],  # noqa: S607 - of this machine
            # Without the sample hooks of new repositories.
            env={
                **environment,
                "GIT_CONFIG_GLOBAL": os.devnull,
                "GIT_TEMPLATE_DIR": "",
                **identity,
            },
            input=stdin,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    def write(self, **files: str | None) -> None:
        """Write files, or remove those that are None."""
        for name, text in files.items():
            path = self.folder / name
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text.encode())

    def commit(self, day: int, subject: str = "", **files: str | None) -> None:
        """Write files and commit everything."""
        self.write(**files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty-message", "-m", subject, day=day)

    @property
    def newest(self) -> str:
        """The id of the newest commit."""
        return self.git("rev-parse", "HEAD")


def new_repository(folder: Path) -> Repository:
    """A repository without commits, in a new folder."""
    repository = Repository(folder)
    folder.mkdir()
    repository.git("init", "--quiet", "--initial-branch=main")
    return repository


def add_git_settings(file: Path, settings: Mapping[str, str]) -> None:
    """Add settings to a git configuration file, all at once."""
    with file.open("a", encoding="utf-8") as lines:
        for key, value in settings.items():
            section_name, _, name = key.rpartition(".")
            section, _, subsection = section_name.partition(".")
            header = f'{section} "{subsection}"' if subsection else section
            # Git and JSON quote strings in the same way.
            lines.write(f"[{header}]\n\t{name} = {json.dumps(value, ensure_ascii=False)}\n")


def write_script(path: Path, lines: str) -> Path:
    """Write an executable shell script."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
    path.chmod(stat.S_IRWXU)
    return path


def day(number: int) -> datetime:
    """The time of the commits of a day."""
    return datetime.fromtimestamp(START + number * DAY, UTC)


def history(folder: Path) -> History | None:
    """The history of a folder, as a build reads it."""
    commit_log = read_commit_log(folder)
    return commit_log.history(Cache(), read_folder(folder, "content").files) if commit_log else None


def existing_history(folder: Path) -> History:
    """The history of a folder that has one."""
    existing = history(folder)
    assert existing is not None
    return existing


def dates(folder: Path) -> dict[str, datetime]:
    """The dates of a folder's files, by their names."""
    return {path.as_posix(): date for path, date in existing_history(folder).dates.items()}
