"""Reads the history of the content from Git. No other module runs a process.

The repository isn't trusted: Git runs no hooks, file system monitors, filters, or other programs
that its configuration names, and doesn't access the network. Files are compared with their commits
byte by byte, so a file that Git would convert on checkout counts as changed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from codebook.book.history import COMMIT_FORMAT, CommitLog, parse_commit_log, parse_tree

_TIMEOUT = 60
"""Seconds per command."""
_OPTIONS = (
    "--no-pager",
    "--no-replace-objects",
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
)
_ALLOWED_PREFIXES = ("GIT_CONFIG", "GIT_EXEC_PATH", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_")
"""Variables that locate configuration and repositories; others could select another repository."""
_ENVIRONMENT: Mapping[str, str] = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    # Don't fetch missing objects in a partial clone. Versions of Git that ignore the first variable
    # obey the second.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
}


_NO_COMMITS = CommitLog((), {})


class HistoryError(Exception):
    """Git can't read the history, at least this time."""


class Head(Struct, frozen=True):
    """The newest commit of the repository that tracks a content folder."""

    content: bytes
    """The path of the folder, which needn't be a text."""
    prefix: bytes
    """The path of the folder in the repository, with a trailing slash, or empty."""
    commit: str


def read_head(content: Path) -> Head | None:
    """The newest commit.

    None if Git isn't installed, or if no repository with a complete history (unlike that of a
    shallow clone) tracks the folder.
    """
    folder = content.resolve()
    if not any((parent / ".git").exists() for parent in (folder, *folder.parents)):
        return None
    queries = ("--is-inside-work-tree", "--is-shallow-repository", "--show-prefix", "HEAD")
    try:
        lines = _git(content, "rev-parse", *queries).split(b"\n")
    except OSError:
        return None
    # The prefix can contain line ends.
    inside, shallow, *prefix, commit, _ = lines
    is_complete = (inside, shallow) == (b"true", b"false")
    return Head(os.fsencode(content), b"\n".join(prefix), commit.decode()) if is_complete else None


def read_commit_log(content: Path) -> CommitLog | None:
    """The commits that changed a content folder; None if there is no `Head`, or if Git fails."""
    head = read_head(content)
    try:
        return commits_until("", head) if head else None
    except HistoryError:
        return None


def commits_until(_name: str, head: Head) -> CommitLog:
    """The commits that changed a content folder; none if the newest one has no file in it.

    Raises `HistoryError` if Git fails.
    """
    content = Path(os.fsdecode(head.content))
    try:
        commits = _git(content, "rev-list", "--topo-order", head.commit, "--")
        # For a merge, `-c` lists only files that differ from every parent.
        flags = ("--stdin", "--root", "-r", "-c", "-z", "--raw")
        output = (f"--format={COMMIT_FORMAT}", "--encoding=UTF-8")
        log = _git(content, "diff-tree", *flags, *output, "--", ".", stdin=commits)
        tree = parse_tree(_git(content, "ls-tree", "-r", "-z", head.commit))
    except OSError as error:
        raise HistoryError from error
    return parse_commit_log(log, head.prefix, tree) if tree else _NO_COMMITS


def _git(content: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    """The output of git. With `-C`, git is looked up from the current folder, not the content's.

    Raises `OSError` if it can't be run or fails.
    """
    # Imported here because a build with nothing to do doesn't run Git.
    import subprocess  # noqa: PLC0415

    allowed = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith(_ALLOWED_PREFIXES)
    }
    command = ["git", "-C", str(content), *_OPTIONS, *arguments]
    try:
        return subprocess.run(  # noqa: S603 - no shell, and only git
            command,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**allowed, **_ENVIRONMENT},
            timeout=_TIMEOUT,
            check=True,
        ).stdout
    except subprocess.SubprocessError as error:
        raise OSError(str(error)) from error
