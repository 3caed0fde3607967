"""What a repository remembers of a content folder, as a value, and how git's output becomes one.

git writes paths as they are (`-z`), each after a line that begins with a colon and ends with what
became of the file; a commit's own line comes before its files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from types import MappingProxyType

from codebook.cache.memory import Cache

LINE = "%H %ct %s"
"""The form of a commit's line: its id, the second it was made, its subject."""

_SHA1 = 40
"""Hexadecimal digits."""
_FILES = frozenset({b"100644", b"100755"})
"""The modes of what is a file, and no symbolic link or another repository."""
_LAST = int(datetime.max.replace(microsecond=0, tzinfo=UTC).timestamp())
"""The last second that has a date; a commit may claim any."""


@dataclass(frozen=True, slots=True)
class Change:
    """One commit that changed files of the content folder."""

    commit: str
    """Its whole id."""
    when: datetime
    """When it came to be what it is, in UTC."""
    subject: str
    """Its first words; empty where it has none."""
    paths: tuple[PurePosixPath, ...]
    """What it added, changed or removed, relative to the content folder, in order."""


@dataclass(frozen=True, slots=True)
class History:
    """Every change of a content folder, one at least, and how old its files are."""

    changes: tuple[Change, ...]
    """The newest first."""
    dates: Mapping[PurePosixPath, datetime]
    """When each file became what it is; only files are here that are as they were committed."""

    def newest(self, paths: Iterable[PurePosixPath]) -> datetime | None:
        """When the last of these files became what it is; None where that of any is unknown."""
        found = [self.dates.get(path) for path in paths]
        known = [date for date in found if date]
        return max(known) if found and len(known) == len(found) else None


@dataclass(frozen=True, slots=True)
class Commit:
    """A change, and what it left."""

    change: Change
    blobs: Mapping[PurePosixPath, str]
    """The id of what each path held afterwards."""


@dataclass(frozen=True, slots=True)
class CommitLog:
    """What a repository remembers of a content folder, whatever the folder holds by now."""

    commits: tuple[Commit, ...]
    """The newest first."""
    held: Mapping[PurePosixPath, str]
    """The id of what each file of the newest commit holds."""

    def history(
        self, files: Mapping[PurePosixPath, bytes], memory: Cache | None = None
    ) -> History | None:
        """The history of a folder that holds these files; None where it is empty."""
        there = {path: files[path] for path in self.held if path in files}
        found = (memory or Cache()).recall_each(
            "blob", there, lambda path, data: blob_id(data, len(self.held[path]))
        )
        current = {path: blob for path, blob in found.items() if self.held[path] == blob}
        return _history(self.commits, current)


def blob_id(data: bytes, length: int) -> str:
    """What git calls a file that holds this, in so many hexadecimal digits.

    The hash is the repository's: SHA-1, or SHA-256 where ids are longer (git's
    `hash-function-transition`).
    """
    digest = hashlib.sha1 if length == _SHA1 else hashlib.sha256
    return digest(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def parse_tree(listing: bytes) -> Mapping[PurePosixPath, str]:
    """The id of what each file holds, as `git ls-tree -z` lists them."""
    lines = [entry.partition(b"\t") for entry in listing.split(b"\0") if entry]
    return MappingProxyType(
        {
            _path(path): about.split()[2].decode()
            for about, _, path in lines
            if about.split()[0] in _FILES
        }
    )


def parse_commit_log(log: bytes, prefix: bytes, held: Mapping[PurePosixPath, str]) -> CommitLog:
    """What `git diff-tree -z` tells, children before parents.

    `prefix` is the content folder's path in the repository, ending in a slash, or empty.
    """
    # A change that a merge threw away is one too, but it is not what made the file what it is.
    commits = sorted(_commits(log, prefix), key=lambda each: each.change.when, reverse=True)
    return CommitLog(tuple(commits), held)


def _history(commits: Iterable[Commit], current: Mapping[PurePosixPath, str]) -> History | None:
    dates: dict[PurePosixPath, datetime] = {}
    for commit in commits:
        for path, blob in commit.blobs.items():
            if current.get(path) == blob:
                dates.setdefault(path, commit.change.when)
    changes = tuple(commit.change for commit in commits)
    return History(changes, MappingProxyType(dates)) if changes else None


def _commits(log: bytes, prefix: bytes) -> Iterator[Commit]:
    line, blobs = b"", dict[PurePosixPath, str]()
    parts = iter(log.split(b"\0"))
    for part in parts:
        text = part.lstrip(b"\n")
        if text.startswith(b":"):
            path = next(parts)
            ids = _ids(text)
            # Only the mode changed where no id did.
            if path.startswith(prefix) and len(set(ids)) > 1:
                blobs[_path(path.removeprefix(prefix))] = ids[-1]
        elif text:
            yield from _commit(line, blobs)
            line, blobs = text, {}
    yield from _commit(line, blobs)


def _commit(line: bytes, blobs: Mapping[PurePosixPath, str]) -> Iterator[Commit]:
    if blobs:
        commit, second, subject = line.decode(errors="replace").split(" ", 2)
        when = datetime.fromtimestamp(min(max(int(second), 0), _LAST), UTC)
        yield Commit(Change(commit, when, subject, tuple(sorted(blobs))), blobs)


def _ids(line: bytes) -> list[str]:
    """What was before in each parent, and last what is now."""
    parents = len(line) - len(line.lstrip(b":"))
    modes = parents + 1
    return line.decode().split()[modes : modes + parents + 1]


def _path(name: bytes) -> PurePosixPath:
    return PurePosixPath(name.decode(errors="surrogateescape"))
