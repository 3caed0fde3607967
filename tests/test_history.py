"""git's output becomes a history, whatever names, words and dates it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebook.book.history import Change, History, blob_id, parse_commit_log, parse_tree
from codebook.cache import Cache

HELD = {blob_id(Cache(), PurePosixPath(), data, 40): data for data in (b"a", b"b", b"c")}
A, B, C = HELD
NOTHING = "0" * 40

names = st.binary(min_size=1, max_size=12).filter(
    lambda name: b"\0" not in name and b"/" not in name and name not in {b".", b".."}
)
subjects = st.text(st.characters(exclude_characters="\0\n", exclude_categories=["Cs"]))


def line(commit: str, second: int, subject: str = "", **files: str) -> bytes:
    """What git says of a commit: each file and the id of what it holds then."""
    said = [f"{commit} {second} {subject}".encode()]
    for index, (name, blob) in enumerate(files.items()):
        first = "" if index else "\n"
        said += [f"{first}:100644 100644 {NOTHING} {blob} M".encode(), name.encode()]
    return b"".join(part + b"\0" for part in said)


def paths(*names: str) -> tuple[PurePosixPath, ...]:
    """Paths by their names."""
    return tuple(map(PurePosixPath, names))


def when(second: int) -> datetime:
    """A second as a time."""
    return datetime.fromtimestamp(second, UTC)


def history(log: bytes, prefix: bytes, current: Mapping[PurePosixPath, str]) -> History | None:
    """The history of a folder in which these files hold what the repository has of them."""
    files = {path: HELD[blob] for path, blob in current.items()}
    return parse_commit_log(log, prefix, current).history(Cache(), files)


def test_changes_are_told_with_the_newest_first() -> None:
    """Whatever order git tells them in; of the same second the child stays before its parent."""
    log = line("c1", 10, "old", x=A) + line("c3", 30, "child", x=C) + line("c2", 30, "new", x=B)
    found = history(log, b"", {})
    assert found is not None
    assert [change.subject for change in found.changes] == ["child", "new", "old"]


def test_a_file_is_as_old_as_the_newest_change_that_made_it_what_it_is() -> None:
    """A file that was changed and changed back is dated by the second change."""
    log = line("c3", 30, "", x=A, y=B) + line("c2", 20, "", x=B) + line("c1", 10, "", x=A)
    found = history(log, b"", {PurePosixPath("x"): A, PurePosixPath("y"): B})
    assert found is not None
    assert found.dates == {PurePosixPath("x"): when(30), PurePosixPath("y"): when(30)}


def test_what_a_merge_threw_away_does_not_make_a_file_newer() -> None:
    """It is a change that there was, but the file is still what an older one made it."""
    log = line("side", 20, "thrown away", x=B) + line("main", 10, "kept", x=A)
    found = history(log, b"", {PurePosixPath("x"): A})
    assert found is not None
    assert len(found.changes) == 2
    assert found.dates == {PurePosixPath("x"): when(10)}


def test_a_file_that_is_not_as_it_was_committed_has_no_date() -> None:
    """Nor has one that is gone, or that was never committed."""
    remembered = parse_commit_log(
        line("c1", 10, "", x=A, y=A), b"", dict.fromkeys(paths("x", "y", "z"), A)
    )
    files = dict(zip(paths("x", "z", "new"), (b"b", b"a", b"a"), strict=True))
    found = remembered.history(Cache(), files)
    assert found is not None
    assert found.dates == {}


def test_a_merge_tells_what_none_of_its_parents_had() -> None:
    """Its lines begin with a colon for each parent and name the result last."""
    said = f"::100644 100644 100644 {A} {B} {C} MM".encode()
    log = b"c1 10 merged\0\0" + said + b"\0x\0" + line("c0", 5, "", x=A)
    found = history(log, b"", {PurePosixPath("x"): C})
    assert found is not None
    assert found.changes[0] == Change("c1", when(10), "merged", paths("x"))
    assert found.dates == {PurePosixPath("x"): when(10)}


def test_a_change_of_the_mode_alone_is_none() -> None:
    """The words of the file stay the same."""
    said = f"\n:100644 100755 {A} {A} M".encode()
    assert history(b"c1 10 run it\0" + said + b"\0x\0", b"", {}) is None


def test_paths_are_relative_to_the_content_folder() -> None:
    """What lies beside it is left out, and a commit that touched nothing else with it."""
    log = line("c2", 20, "", **{"book/content/x": A, "book/other": B}) + line("c1", 10, "", z=A)
    found = history(log, b"book/content/", {})
    assert found is not None
    assert [change.paths for change in found.changes] == [paths("x")]


def test_without_a_change_there_is_no_history() -> None:
    """A history holds one change at least."""
    assert history(b"", b"", {}) is None


@pytest.mark.parametrize("second", [-(10**30), -1, 0, 10**30])
def test_a_commit_may_claim_any_date(second: int) -> None:
    """One that no calendar has becomes the nearest that we can say."""
    found = history(line("c1", second, "", x=A), b"", {})
    assert found is not None
    assert found.changes[0].when.tzinfo is UTC
    assert 1970 <= found.changes[0].when.year <= 9999


@given(st.lists(names, min_size=1, max_size=5, unique=True), subjects)
def test_any_name_and_any_subject_come_through(given_names: Sequence[bytes], subject: str) -> None:
    """Colons, spaces, line ends and bytes that are no text are told apart from what is around."""
    parts = [f"{A} 10 {subject}".encode()]
    for index, name in enumerate(given_names):
        parts += [b"\n"[index:] + f":100644 100644 {A} {B} M".encode(), name]
    log = b"".join(part + b"\0" for part in parts)
    expected = sorted(PurePosixPath(name.decode(errors="surrogateescape")) for name in given_names)
    found = history(log, b"", {})
    assert found is not None
    assert found.changes == (Change(A, when(10), subject, tuple(expected)),)


def test_files_alone_are_listed() -> None:
    """No symbolic link, and no repository inside the repository."""
    listing = (
        f"100644 blob {A}\tx y\x00100755 blob {B}\tz\tz\0"
        f"120000 blob {C}\tlink\x00160000 commit {C}\tinner\0"
    )
    assert parse_tree(listing.encode()) == {PurePosixPath("x y"): A, PurePosixPath("z\tz"): B}
