"""The history of a content folder, and parsers for the output of Git.

With `-z`, Git prints unquoted paths. Each path follows a line that starts with a colon and ends
with the type of change; the line of a commit precedes its files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import PurePosixPath
from types import MappingProxyType

from msgspec import Struct

from codebook.cache import Cache, memoize_each

COMMIT_FORMAT = "%H %ct %s"
"""The format of a commit: hash, commit time in seconds, and subject."""

_SHA1_LENGTH = 40
"""In hexadecimal digits."""
_FILE_MODES = frozenset({b"100644", b"100755"})
"""The modes of regular files, not of symbolic links or submodules."""
_LAST_SECOND = int(datetime.max.replace(microsecond=0, tzinfo=UTC).timestamp())
"""The latest time that `datetime` supports; the time of a commit can be later."""


class Change(Struct, frozen=True):
    """A commit that changed files in the content folder."""

    commit: str
    """The full hash."""
    when: datetime
    """The commit time in UTC."""
    subject: str
    """The first line of the message; may be empty."""
    paths: tuple[PurePosixPath, ...]
    """The files that it added, changed, or removed, relative to the content folder, sorted."""


class History(Struct, frozen=True):
    """The changes of a content folder, at least one, and the dates of its files."""

    changes: tuple[Change, ...]
    """Newest first."""
    dates: Mapping[PurePosixPath, datetime]
    """The date of the current content of each file without uncommitted changes."""

    def newest(self, paths: Iterable[PurePosixPath]) -> datetime | None:
        """Return the newest date of these files; None if any date is unknown."""
        dates = [self.dates.get(path) for path in paths]
        known = [date for date in dates if date]
        return max(known) if dates and len(known) == len(dates) else None


class Commit(Struct, frozen=True):
    """A change, and the resulting files."""

    change: Change
    blobs: Mapping[PurePosixPath, str]
    """The blob hash of each changed path after the commit."""


class CommitLog(Struct, frozen=True):
    """The commits of a content folder, independent of its current files."""

    commits: tuple[Commit, ...]
    """Newest first."""
    committed_blobs: Mapping[PurePosixPath, str]
    """The blob hash of each file in the newest commit."""

    def history(self, cache: Cache, files: Mapping[PurePosixPath, bytes]) -> History | None:
        """Return the history of a folder with these files; None without commits."""
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
    """Return Git's blob hash of this content, with `length` hexadecimal digits.

    The length determines the algorithm: SHA-1, or SHA-256 if hashes are longer (see Git's
    `hash-function-transition`).
    """
    sha = hashlib.sha1 if length == _SHA1_LENGTH else hashlib.sha256
    return sha(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def parse_tree(listing: bytes) -> Mapping[PurePosixPath, str]:
    """Parse the output of `git ls-tree -z`: the blob hash of each file."""
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
    """Parse the output of `git diff-tree -z`, with children before parents.

    `prefix` is the path of the content folder in the repository, with a trailing slash, or empty.
    """
    # This includes changes that a merge dropped, even if no file has their content.
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
            # If all hashes are equal, only the mode changed.
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
    """The hash of a file in each parent, and then in the commit."""
    parents = len(line) - len(line.lstrip(b":"))
    modes = parents + 1
    return line.decode().split()[modes : modes + parents + 1]


def _path(name: bytes) -> PurePosixPath:
    # As the names of files in a folder that is read.
    return PurePosixPath(name.decode(errors="backslashreplace"))
