"""The one module that runs a process: git, to learn when the content became what it is.

Nothing of the repository is run or believed beyond its commits: no hook, no monitor, no filter, no
program of its settings, and no network, whatever it is set up to do. Files are compared with their
commits byte by byte, so a file that git would convert on its way counts as changed.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from codebook.book.history import COMMIT_FORMAT, CommitLog, parse_commit_log, parse_tree

_TIMEOUT = 60
"""Seconds for one command."""
_OPTIONS = (
    "--no-pager",
    "--no-replace-objects",
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
)
_KEPT_PREFIXES = ("GIT_CONFIG", "GIT_EXEC_PATH", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_")
"""How a person's git finds its settings and repositories; the rest could lead to another one."""
_ENVIRONMENT: Mapping[str, str] = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    # What a partial clone lacks is not fetched; a git that does not know the first has no way to.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
}


def read_commit_log(content: Path) -> CommitLog | None:
    """What the repository around a content folder remembers of it.

    None where it cannot be known: no git, no repository, one without commits or without their
    beginning (a shallow clone), or one that does not hold the folder.
    """
    try:
        return _commit_log(content)
    except (OSError, subprocess.SubprocessError):
        return None


def _commit_log(content: Path) -> CommitLog | None:
    questions = ("--is-inside-work-tree", "--is-shallow-repository", "--show-prefix")
    inside, _, rest = _git(content, "rev-parse", *questions).partition(b"\n")
    shallow, _, prefix = rest.partition(b"\n")
    if (inside, shallow) != (b"true", b"false"):
        return None
    commits = _git(content, "rev-list", "--topo-order", "HEAD", "--")
    newest = commits.partition(b"\n")[0].decode()
    # Of a merge, `-c` tells only what none of its parents had.
    flags = ("--stdin", "--root", "-r", "-c", "-z", "--raw")
    output = (f"--format={COMMIT_FORMAT}", "--encoding=UTF-8")
    log = _git(content, "diff-tree", *flags, *output, "--", ".", stdin=commits)
    tree = parse_tree(_git(content, "ls-tree", "-r", "-z", newest))
    return parse_commit_log(log, prefix.removesuffix(b"\n"), tree) if tree else None


def _git(content: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    """What git prints. `-C` leaves it to the search path, not to the folder, which git that is."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith(_KEPT_PREFIXES)
    }
    return subprocess.run(  # noqa: S603 - a list, and git alone
        ["git", "-C", str(content), *_OPTIONS, *arguments],  # noqa: S607 - the person's own git
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**kept, **_ENVIRONMENT},
        timeout=_TIMEOUT,
        check=True,
    ).stdout
