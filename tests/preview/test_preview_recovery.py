"""The preview when the folders of the book are removed, replaced, and created again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.preview_process import PAGE, Preview, copy_book, replace_text, running_preview
from tests.repositories import Repository

ARTICLE = "codes/1010.md"
FIRST, SECOND, THIRD = "one ship at a time", "two ships at a time", "three ships at a time"

pytestmark = pytest.mark.slow


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    """A preview of a book in a folder of its own, so that this folder can be renamed too."""
    (tmp_path / "book").mkdir()
    with running_preview(tmp_path / "book") as preview:
        yield preview


def assert_it_follows(preview: Preview, before: str, after: str) -> None:
    """An edit is seen now: the folder that is watched is the one at the path."""
    preview.edit(ARTICLE, before, after)
    preview.wait_for(PAGE, after)


def messages(preview: Preview) -> object:
    """The texts in the overlay."""
    items = preview.state()["diagnostics"]
    assert isinstance(items, list)
    return [item["message"] for item in items]


@pytest.mark.parametrize("name", ["content", "templates"])
def test_a_missing_folder_is_reported_once_and_seen_when_it_is_back(
    name: str, preview: Preview
) -> None:
    """The last site stays, and the next line is about the folder that is back."""
    folder, away = preview.content.parent / name, preview.content.parent.parent / "away"
    folder.rename(away)
    reason = f"the folder {folder} does not exist"
    assert preview.next_line() == f"error: {reason}"
    assert messages(preview) == [reason]
    assert preview.get(PAGE)[0].status == 200
    away.rename(folder)
    assert preview.next_line().startswith(f"{folder} changed: ")
    assert messages(preview) == []
    assert_it_follows(preview, FIRST, SECOND)


def test_a_file_in_place_of_a_folder_is_reported_until_the_folder_is_back(
    preview: Preview,
) -> None:
    """Nothing is lost from the last site."""
    away = preview.content.rename(preview.content.with_name("away"))
    assert "does not exist" in preview.next_line()
    preview.content.write_text("not a folder", encoding="utf-8")
    assert preview.next_line() == f"error: {preview.content} is not a folder"
    preview.content.unlink()
    shutil.copytree(away, preview.content)
    assert_it_follows(preview, FIRST, SECOND)


def copy(folder: Path, new: Path) -> None:
    """The new folder can get the inode of the old one."""
    shutil.rmtree(folder)
    shutil.copytree(new, folder)


def link(folder: Path, new: Path) -> None:
    """The files are then changed behind the link."""
    shutil.rmtree(folder)
    folder.symlink_to(new)


def exchange(folder: Path, new: Path) -> None:
    """The folder itself is neither renamed nor removed."""
    shutil.move(new, folder.with_name("new"))
    folder.rename(folder.with_name("old"))
    folder.with_name("new").rename(folder)


def exchange_parent(folder: Path, new: Path) -> None:
    """Nothing happens to the folder or to what is in it."""
    book = folder.parent.with_name("next")
    shutil.copytree(folder.parent, book)
    shutil.rmtree(book / folder.name)
    shutil.move(new, book / folder.name)
    folder.parent.rename(folder.parent.with_name("before"))
    book.rename(folder.parent)


@pytest.mark.parametrize("replace", [copy, link, exchange, exchange_parent])
def test_a_replaced_folder_is_read_and_watched_anew(
    replace: Callable[[Path, Path], None], preview: Preview, tmp_path: Path
) -> None:
    """The page shows the new folder, and then the edits in it."""
    new = tmp_path / "new"
    shutil.copytree(preview.content, new)
    replace_text(new / ARTICLE, FIRST, SECOND)
    replace(preview.content, new)
    preview.wait_for(PAGE, SECOND)
    assert_it_follows(preview, SECOND, THIRD)


def test_a_branch_without_the_book_can_be_visited(tmp_path: Path) -> None:
    """`git switch` removes the folders and creates them again, with other inodes."""
    copy_book(tmp_path)
    repository = Repository(tmp_path)
    repository.git("init", "-b", "main")
    repository.git("add", ".")
    repository.git("commit", "-m", "All")
    repository.git("switch", "--orphan", "other")
    repository.git("commit", "--allow-empty", "-m", "None")
    repository.git("switch", "main")
    with running_preview(tmp_path) as preview:
        repository.git("switch", "other")
        line = f"error: the folder {preview.content} does not exist"
        # Where Git is slow, there can be lines about what it has done so far.
        assert any(preview.next_line() == line for _ in range(5))
        repository.git("switch", "main")
        assert any(" changed: 0 files updated, in " in preview.next_line() for _ in range(5))
        assert_it_follows(preview, FIRST, SECOND)
