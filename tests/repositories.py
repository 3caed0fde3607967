"""Real repositories as the tests of git make them, and what git remembers of one."""

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
from codebook.io import read_folder
from codebook.io.git import read_commit_log

START = 1_700_000_000
DAY = 86_400

_OPTIONS = ("-c", "protocol.file.allow=always", "-c", "maintenance.auto=false")
"""A clone may be made of a folder, and nothing is tidied up after a commit."""


@dataclass(frozen=True)
class Repository:
    """A repository, its commits a day apart."""

    folder: Path

    def git(self, *arguments: str, day: int = 0, given: str = "") -> str:
        """Run git in it, as nobody in particular; what it says."""
        second = START + day * DAY
        named = {
            f"GIT_{who}_{what}": value
            for who, date in (("AUTHOR", START - DAY), ("COMMITTER", second))
            for what, value in {
                "NAME": "codebook",
                "EMAIL": "codebook@codes.example",
                "DATE": f"{date} +0930",
            }.items()
        }
        # Whoever tests in a hook has variables that lead to the repository of the hook.
        own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        return subprocess.run(
            ["git", "-C", str(self.folder), *_OPTIONS, *arguments],  # noqa: S607 - of this machine
            # Without the samples of hooks that each new repository would get.
            env={**own, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TEMPLATE_DIR": "", **named},
            input=given,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    def write(self, **files: str | None) -> None:
        """Write files, or remove those that are None."""
        for name, words in files.items():
            place = self.folder / name
            if words is None:
                place.unlink()
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(words.encode())

    def commit(self, day: int, subject: str = "", **files: str | None) -> None:
        """Write files and commit everything."""
        self.write(**files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty-message", "-m", subject, day=day)

    @property
    def newest(self) -> str:
        """The id of the newest commit."""
        return self.git("rev-parse", "HEAD")


def begun(folder: Path) -> Repository:
    """A repository without commits, in a new folder."""
    made = Repository(folder)
    made.folder.mkdir()
    made.git("init", "--quiet", "--initial-branch=main")
    return made


def set_up(file: Path, settings: Mapping[str, str]) -> None:
    """Add settings to a file of git's: all at once, as `git config` does one by one."""
    with file.open("a", encoding="utf-8") as lines:
        for key, value in settings.items():
            place, _, name = key.rpartition(".")
            section, _, inner = place.partition(".")
            head = f'{section} "{inner}"' if inner else section
            # Git and JSON put the same words between quotation marks.
            lines.write(f"[{head}]\n\t{name} = {json.dumps(value, ensure_ascii=False)}\n")


def program(place: Path, lines: str) -> Path:
    """Make a program out of the lines of a shell script."""
    place.parent.mkdir(exist_ok=True)
    place.write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
    place.chmod(stat.S_IRWXU)
    return place


def day(number: int) -> datetime:
    """The time of the commits of a day."""
    return datetime.fromtimestamp(START + number * DAY, UTC)


def history(folder: Path) -> History | None:
    """What the repository around a folder remembers of it, as the build sees it."""
    found = read_commit_log(folder)
    return found.history(read_folder(folder, "content").files) if found else None


def known(folder: Path) -> History:
    """The history of a folder that has one."""
    found = history(folder)
    assert found is not None
    return found


def dates(folder: Path) -> dict[str, datetime]:
    """The dates of a folder's files, by their names."""
    return {path.as_posix(): when for path, when in known(folder).dates.items()}
