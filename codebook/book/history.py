"""The history of a content folder as a value, and the parsers for git's output.

git writes paths unquoted (`-z`), each after a line that begins with a colon and ends with the kind
of change; the line of a commit comes before its files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from types import MappingProxyType

from codebook.cache import Cache, memoize_each

COMMIT_FORMAT = "%H %ct %s"
"""The format of a commit's line: its id, its time in seconds, its subject."""

_SHA1_LENGTH = 40
"""Hexadecimal digits."""
_FILE_MODES = frozenset({b"100644", b"100755"})
"""The modes of files, as opposed to symbolic links and submodules."""
_LAST_SECOND = int(datetime.max.replace(microsecond=0, tzinfo=UTC).timestamp())
"""The last second that `datetime` can hold; a commit may claim any."""


@dataclass(frozen=True, slots=True)
class Change:
    """One commit that changed files of the content folder."""

    commit: str
    """Its full id."""
    when: datetime
    """When it was committed, in UTC."""
    subject: str
    """The first line of its message; may be empty."""
    paths: tuple[PurePosixPath, ...]
    """The files it added, changed, or removed, relative to the content folder, sorted."""


@dataclass(frozen=True, slots=True)
class History:
    """Every change of a content folder, at least one, and the dates of its files."""

    changes: tuple[Change, ...]
    """Newest first."""
    dates: Mapping[PurePosixPath, datetime]
    """When each file got its present content; only for files without uncommitted changes."""

    def newest(self, paths: Iterable[PurePosixPath]) -> datetime | None:
        """The newest date of these files; None where any date is unknown."""
        dates = [self.dates.get(path) for path in paths]
        known = [date for date in dates if date]
        return max(known) if dates and len(known) == len(dates) else None


@dataclass(frozen=True, slots=True)
class Commit:
    """A change, and the files as it left them."""

    change: Change
    blobs: Mapping[PurePosixPath, str]
    """The blob id of each changed path afterwards."""


@dataclass(frozen=True, slots=True)
class CommitLog:
    """What a repository knows of a content folder, whatever the folder holds now."""

    commits: tuple[Commit, ...]
    """Newest first."""
    committed_blobs: Mapping[PurePosixPath, str]
    """The blob id of each file in the newest commit."""

    def history(self, cache: Cache, files: Mapping[PurePosixPath, bytes]) -> History | None:
        """The history of a folder that holds these files; None where it is empty."""
        unchanged = {
            path: blob
            for path, blob in self.committed_blobs.items()
            if path in files and blob_id(cache, path, files[path], len(blob)) == blob
        }
        dates: dict[PurePosixPath, datetime] = {}
        for commit in self.commits:
            for path, blob in commit.blobs.items():
                if unchanged.get(path) == blob:
                    dates.setdefault(path, commit.change.when)
        changes = tuple(commit.change for commit in self.commits)
        return History(changes, MappingProxyType(dates)) if changes else None


@memoize_each
def blob_id(_cache: Cache, _path: PurePosixPath, data: bytes, length: int) -> str:
    """The id that git gives a file with this content, in so many hexadecimal digits.

    The hash is the repository's: SHA-1, or SHA-256 where ids are longer (git's
    `hash-function-transition`).
    """
    sha = hashlib.sha1 if length == _SHA1_LENGTH else hashlib.sha256
    return sha(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def parse_tree(listing: bytes) -> Mapping[PurePosixPath, str]:
    """The blob id of each file, as `git ls-tree -z` lists them."""
    blobs: dict[PurePosixPath, str] = {}
    for line in listing.split(b"\0"):
        if line:
            attributes, _, path = line.partition(b"\t")
            mode, _, blob = attributes.split()
            if mode in _FILE_MODES:
                blobs[_path(path)] = blob.decode()
    return MappingProxyType(blobs)


def parse_commit_log(
    log: bytes, prefix: bytes, committed_blobs: Mapping[PurePosixPath, str]
) -> CommitLog:
    """The commits that `git diff-tree -z` lists, children before parents.

    `prefix` is the content folder's path in the repository, ending in a slash, or empty.
    """
    # A change that a merge dropped counts too, although no file got its content from it.
    commits = sorted(_commits(log, prefix), key=lambda commit: commit.change.when, reverse=True)
    return CommitLog(tuple(commits), committed_blobs)


def _commits(log: bytes, prefix: bytes) -> Iterator[Commit]:
    line, blobs = b"", dict[PurePosixPath, str]()
    parts = iter(log.split(b"\0"))
    for part in parts:
        text = part.lstrip(b"\n")
        if text.startswith(b":"):
            path = next(parts)
            ids = _blob_ids(text)
            # Where all ids are equal, only the mode changed.
            if path.startswith(prefix) and len(set(ids)) > 1:
                blobs[_path(path.removeprefix(prefix))] = ids[-1]
        elif text:
            yield from _commit(line, blobs)
            line, blobs = text, {}
    yield from _commit(line, blobs)


def _commit(line: bytes, blobs: Mapping[PurePosixPath, str]) -> Iterator[Commit]:
    if blobs:
        commit, second, subject = line.decode(errors="replace").split(" ", 2)
        when = datetime.fromtimestamp(min(max(int(second), 0), _LAST_SECOND), UTC)
        yield Commit(Change(commit, when, subject, tuple(sorted(blobs))), blobs)


def _blob_ids(line: bytes) -> list[str]:
    """The id of a file in each parent, and last in the commit."""
    parents = len(line) - len(line.lstrip(b":"))
    modes = parents + 1
    return line.decode().split()[modes : modes + parents + 1]


def _path(name: bytes) -> PurePosixPath:
    return PurePosixPath(name.decode(errors="surrogateescape"))
