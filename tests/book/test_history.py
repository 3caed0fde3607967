"""Git's output becomes a history, with any names, subjects, and dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebook.book.history import Change, History, blob_id, parse_commit_log, parse_tree
from codebook.cache import Cache

BLOBS = {blob_id(Cache(), PurePosixPath(), data, 40): data for data in (b"a", b"b", b"c")}
A, B, C = BLOBS
NOTHING = "0" * 40

names = st.binary(min_size=1, max_size=12).filter(
    lambda name: b"\0" not in name and b"/" not in name and name not in {b".", b".."}
)
subjects = st.text(st.characters(exclude_characters="\0\n", exclude_categories=["Cs"]))


def line(commit: str, second: int, subject: str = "", **files: str) -> bytes:
    """Git's output for a commit: each file and the id of its new content."""
    parts = [f"{commit} {second} {subject}".encode()]
    for index, (name, blob) in enumerate(files.items()):
        first = "" if index else "\n"
        parts += [f"{first}:100644 100644 {NOTHING} {blob} M".encode(), name.encode()]
    return b"".join(part + b"\0" for part in parts)


def paths(*names: str) -> tuple[PurePosixPath, ...]:
    """Paths by their names."""
    return tuple(map(PurePosixPath, names))


def when(second: int) -> datetime:
    """A second as a time."""
    return datetime.fromtimestamp(second, UTC)


def history(log: bytes, prefix: bytes, current: Mapping[PurePosixPath, str]) -> History | None:
    """The history of a folder whose files have these blobs as their content."""
    files = {path: BLOBS[blob] for path, blob in current.items()}
    return parse_commit_log(log, prefix, current).history(Cache(), files)


def test_changes_are_listed_newest_first() -> None:
    """Git's order doesn't matter; in the same second, a child stays before its parent."""
    log = line("c1", 10, "old", x=A) + line("c3", 30, "child", x=C) + line("c2", 30, "new", x=B)
    result = history(log, b"", {})
    assert result is not None
    assert [change.subject for change in result.changes] == ["child", "new", "old"]


def test_a_file_has_the_date_of_the_newest_change_to_its_content() -> None:
    """A file that was changed and changed back is dated by the second change."""
    log = line("c3", 30, "", x=A, y=B) + line("c2", 20, "", x=B) + line("c1", 10, "", x=A)
    result = history(log, b"", {PurePosixPath("x"): A, PurePosixPath("y"): B})
    assert result is not None
    assert result.dates == {PurePosixPath("x"): when(30), PurePosixPath("y"): when(30)}


def test_a_discarded_change_does_not_make_a_file_newer() -> None:
    """The change is listed, but the current content of the file is from an older one."""
    log = line("side", 20, "thrown away", x=B) + line("main", 10, "kept", x=A)
    result = history(log, b"", {PurePosixPath("x"): A})
    assert result is not None
    assert len(result.changes) == 2
    assert result.dates == {PurePosixPath("x"): when(10)}


def test_a_modified_file_has_no_date() -> None:
    """Deleted files and files that were never committed have no date either."""
    commit_log = parse_commit_log(
        line("c1", 10, "", x=A, y=A), b"", dict.fromkeys(paths("x", "y", "z"), A)
    )
    files = dict(zip(paths("x", "z", "new"), (b"b", b"a", b"a"), strict=True))
    result = commit_log.history(Cache(), files)
    assert result is not None
    assert result.dates == {}


def test_a_merge_lists_only_its_own_changes() -> None:
    """Lines of a merge start with a colon for each parent, and end with the name of the result."""
    raw = f"::100644 100644 100644 {A} {B} {C} MM".encode()
    log = b"c1 10 merged\0\0" + raw + b"\0x\0" + line("c0", 5, "", x=A)
    result = history(log, b"", {PurePosixPath("x"): C})
    assert result is not None
    assert result.changes[0] == Change("c1", when(10), "merged", paths("x"))
    assert result.dates == {PurePosixPath("x"): when(10)}


def test_a_change_of_only_the_mode_is_ignored() -> None:
    """The content of the file stays the same."""
    raw = f"\n:100644 100755 {A} {A} M".encode()
    assert history(b"c1 10 run it\0" + raw + b"\0x\0", b"", {}) is None


def test_paths_are_relative_to_the_content_folder() -> None:
    """Other files are left out, and so are commits that changed only those."""
    log = line("c2", 20, "", **{"book/content/x": A, "book/other": B}) + line("c1", 10, "", z=A)
    result = history(log, b"book/content/", {})
    assert result is not None
    assert [change.paths for change in result.changes] == [paths("x")]


def test_without_a_change_there_is_no_history() -> None:
    """A history has at least one change."""
    assert history(b"", b"", {}) is None


@pytest.mark.parametrize("second", [-(10**30), -1, 0, 10**30])
def test_a_commit_can_have_any_date(second: int) -> None:
    """An invalid date becomes the nearest valid one."""
    result = history(line("c1", second, "", x=A), b"", {})
    assert result is not None
    assert result.changes[0].when.tzinfo is UTC
    assert 1970 <= result.changes[0].when.year <= 9999


@given(st.lists(names, min_size=1, max_size=5, unique=True), subjects)
def test_any_name_and_any_subject_are_parsed(file_names: Sequence[bytes], subject: str) -> None:
    """Colons, spaces, line endings, and invalid UTF-8 don't confuse the parser."""
    parts = [f"{A} 10 {subject}".encode()]
    for index, name in enumerate(file_names):
        parts += [b"\n"[index:] + f":100644 100644 {A} {B} M".encode(), name]
    log = b"".join(part + b"\0" for part in parts)
    expected = sorted(PurePosixPath(name.decode(errors="backslashreplace")) for name in file_names)
    result = history(log, b"", {})
    assert result is not None
    assert result.changes == (Change(A, when(10), subject, tuple(expected)),)


def test_only_files_are_listed() -> None:
    """Symbolic links and nested repositories are left out."""
    listing = (
        f"100644 blob {A}\tx y\x00100755 blob {B}\tz\tz\0"
        f"120000 blob {C}\tlink\x00160000 commit {C}\tinner\0"
    )
    assert parse_tree(listing.encode()) == {PurePosixPath("x y"): A, PurePosixPath("z\tz"): B}
