"""The git history of a content folder: when each file last changed, and in which commit.

All tests of git use real repositories.
"""

from __future__ import annotations

import os
from datetime import UTC
from pathlib import Path, PurePosixPath

import pytest

from tests.repositories import START, Repository, dates, day, existing_history, new_repository

NAMES = (
    *(" a  b ", 'it\'s "so".md', "Häfen–日本.md", "-c", "--help", "a\tb", ":x", ":(glob)*"),
    *("*", "[x]", "\\x", '"', "a/-b/c", "HEAD", "e\u0301.md"),
)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository without commits."""
    return new_repository(tmp_path / "repository")


def test_a_file_has_the_date_of_its_last_change(repository: Repository) -> None:
    """The date is that of the commit, in UTC."""
    repository.commit(1, "first", x="1", y="1")
    repository.commit(2, "second", y="2")
    assert dates(repository.folder) == {"x": day(1), "y": day(2)}
    assert {date.tzinfo for date in existing_history(repository.folder).dates.values()} == {UTC}


def test_changes_name_their_commit_and_their_files(repository: Repository) -> None:
    """Newest first, each with its full ID, its subject, and its files in order."""
    repository.commit(1, "Ein Anfang – “so”\n\nand a body", y="1", x="1")
    first = repository.newest
    repository.commit(2, "Go on", x="2")
    second = repository.newest
    changes = existing_history(repository.folder).changes
    assert [(change.commit, change.when, change.subject) for change in changes] == [
        (second, day(2), "Go on"),
        (first, day(1), "Ein Anfang – “so”"),
    ]
    assert [change.paths for change in changes] == [
        (PurePosixPath("x"),),
        (PurePosixPath("x"), PurePosixPath("y")),
    ]


def test_a_change_can_have_an_empty_subject(repository: Repository) -> None:
    """It is listed like any other change."""
    repository.commit(1, x="1")
    assert [change.subject for change in existing_history(repository.folder).changes] == [""]


def test_a_modified_file_has_no_date(repository: Repository) -> None:
    """It may be changed, staged, deleted, or new: its last change is unknown."""
    names = ("same", "changed", "staged", "removed", "linked")
    repository.commit(1, **dict.fromkeys(names, "1"))
    repository.write(changed="2", staged="2", removed=None, linked=None, new="1")
    (repository.folder / "linked").symlink_to("same")
    repository.git("add", "staged")
    assert dates(repository.folder) == {"same": day(1)}


def test_a_file_that_was_only_touched_keeps_its_date(repository: Repository) -> None:
    """Only the content of the file counts, not its modification time."""
    repository.commit(1, x="1")
    repository.git("update-index", "--refresh")
    os.utime(repository.folder / "x", (START, START))
    assert dates(repository.folder) == {"x": day(1)}


def test_a_content_folder_may_be_below_the_root(repository: Repository) -> None:
    """Paths are relative to it, and files outside it are left out."""
    repository.commit(1, **{"book/content/codes/1.md": "1", "README.md": "1"})
    repository.commit(2, "beside it", **{"README.md": "2", "book/content-2/1.md": "1"})
    repository.commit(3, **{"book/content/2.md": "1"})
    log = existing_history(repository.folder / "book" / "content")
    assert log.dates == {PurePosixPath("codes/1.md"): day(1), PurePosixPath("2.md"): day(3)}
    assert [change.when for change in log.changes] == [day(3), day(1)]


def test_a_folder_can_be_a_relative_path(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Users can type it that way."""
    repository.commit(1, **{"content/x": "1"})
    monkeypatch.chdir(repository.folder)
    assert dates(Path("content")) == {"x": day(1)}


@pytest.mark.parametrize("name", NAMES)
def test_files_can_have_any_name(repository: Repository, name: str) -> None:
    """No name is parsed as an option, a pattern, or several names."""
    repository.commit(1, **{name: "1", "other": "1"})
    repository.commit(2, other="2")
    log = existing_history(repository.folder)
    assert log.dates[PurePosixPath(name)] == day(1)
    assert PurePosixPath(name) in log.changes[-1].paths


@pytest.mark.parametrize("name", ["-c", 'it\'s "so"', "日本 *", "{up}", "a\rb"])
def test_the_folder_can_have_any_name(repository: Repository, name: str) -> None:
    """The name can even contain a line break."""
    repository.commit(1, **{f"{name}/x": "1"})
    assert dates(repository.folder / name) == {"x": day(1)}


def test_a_file_with_a_line_break_in_its_name_has_a_date(repository: Repository) -> None:
    """It isn't parsed as two names."""
    repository.commit(1, **{"a\nb": "1", "x": "1"})
    assert dates(repository.folder) == {"a\nb": day(1), "x": day(1)}
    assert PurePosixPath("a\nb") in existing_history(repository.folder).changes[0].paths


def test_a_file_whose_name_is_not_utf8_has_a_date(repository: Repository) -> None:
    """The rest of the program uses the same name for the file."""
    repository.commit(1, **{os.fsdecode(b"\xff.md"): "1"})
    assert list(existing_history(repository.folder).dates) == [PurePosixPath("\\xff.md")]


def test_a_renamed_file_has_the_date_of_the_rename(repository: Repository) -> None:
    """Its page has a new URL. The change lists both files."""
    repository.commit(1, old="the same words")
    repository.git("mv", "old", "new")
    repository.commit(2, "rename")
    assert dates(repository.folder) == {"new": day(2)}
    assert existing_history(repository.folder).changes[0].paths == (
        PurePosixPath("new"),
        PurePosixPath("old"),
    )


def test_files_from_a_branch_have_the_dates_of_its_commits(repository: Repository) -> None:
    """A merge without conflicts changes nothing itself."""
    repository.commit(1, x="1", y="1")
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit(2, "beside", y="2")
    repository.git("checkout", "--quiet", "main")
    repository.commit(3, "meanwhile", x="2")
    repository.git("merge", "--quiet", "-m", "merge", "side", day=4)
    assert dates(repository.folder) == {"x": day(3), "y": day(2)}
    assert [change.when for change in existing_history(repository.folder).changes] == [
        day(3),
        day(2),
        day(1),
    ]


def test_a_file_changed_by_a_merge_has_the_date_of_the_merge(repository: Repository) -> None:
    """Both sides changed the file, and the merge has a third version."""
    repository.commit(1, **{"content/x": "a\nb\nc\nd\ne\n"})
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit(2, **{"content/x": "A\nb\nc\nd\ne\n"})
    repository.git("checkout", "--quiet", "main")
    repository.commit(3, **{"content/x": "a\nb\nc\nd\nE\n"})
    repository.git("merge", "--quiet", "-m", "merge", "side", day=4)
    assert dates(repository.folder / "content") == {"x": day(4)}
    assert existing_history(repository.folder / "content").changes[0].subject == "merge"


def test_changes_discarded_by_a_merge_make_no_file_newer(repository: Repository) -> None:
    """The content of the file is the same as before."""
    repository.commit(1, x="1")
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit(3, x="2")
    repository.git("checkout", "--quiet", "main")
    repository.commit(2, y="1")
    repository.git("merge", "--quiet", "--strategy=ours", "-m", "merge", "side", day=4)
    assert dates(repository.folder) == {"x": day(1), "y": day(2)}


def test_both_object_formats_are_supported(tmp_path: Path) -> None:
    """Files are compared with their commits by object ID, in SHA-1 and SHA-256."""
    for form in ("sha1", "sha256"):
        repository = Repository(tmp_path / form)
        repository.folder.mkdir()
        repository.git("init", "--quiet", f"--object-format={form}")
        repository.commit(1, x="words é\n", y="")
        repository.write(y="more")
        assert dates(repository.folder) == {"x": day(1)}
