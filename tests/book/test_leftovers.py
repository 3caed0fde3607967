"""Files of other programs: one list, for reading, watching, and checking a folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path, PurePosixPath

import pytest
from watchfiles import Change

from codebook.book.leftovers import is_leftover
from codebook.io.sources import read_folder, reread_changed
from codebook.preview import file_watcher
from tests.coroutines import run_coroutine
from tests.in_process import run_main
from tests.trees import write_tree

FILES = {
    "Vim": (
        "codes/.11.md.swp",
        "codes/11.md.swx",
        "codes/11.md~",
        "codes/4913",
        "codes/.11.md.un~",
    ),
    "Emacs": ("codes/#11.md#", "codes/.#11.md"),
    "macOS": ("codes/.DS_Store", "codes/._11.md", "Icon\r", "__MACOSX/codes/11.md"),
    "Windows": ("codes/Thumbs.db", "desktop.ini", "$RECYCLE.BIN/11.md"),
    "Office": ("tables/~$flags.csv", "tables/.~lock.flags.csv#", "tables/~WRL0003.tmp"),
    "JetBrains": ("codes/11.md___jb_tmp___", ".idea/workspace.xml"),
    "browsers": ("tables/flags.csv.part", "tables/flags.csv.crdownload"),
    "other tools": (
        ".git/index",
        ".obsidian/a.md",
        "__pycache__/x.pyc",
        "node_modules/a/README.md",
    ),
}
LINKS = {"codes/.#11.md": "editor@host.4711:1700000000", ".git/hooks/11.md": "/nowhere"}
DOCUMENTS = (
    *("signals.md", "codes/4913.md", "codes/11.md", "tables/flags.csv", "guides/desktop-ini.md"),
    *("assets/style.css", "codes/11.md.orig", "codes/11 (conflicted copy).md"),
)


@pytest.mark.parametrize("program", FILES)
def test_a_file_of_another_program_is_a_leftover(program: str) -> None:
    """Wherever it is in the folder."""
    assert [name for name in FILES[program] if not is_leftover(PurePosixPath(name))] == []
    assert [name for name in FILES[program] if not is_leftover(PurePosixPath("a/b", name))] == []


def test_a_document_or_a_copy_that_holds_work_is_not_a_leftover() -> None:
    """Such copies are reported, so that no text is lost."""
    assert [name for name in DOCUMENTS if is_leftover(PurePosixPath(name))] == []


def with_leftovers(folder: Path) -> Path:
    """Add the files and symbolic links of other programs to a folder."""
    names = (name for names in FILES.values() for name in names if name not in LINKS)
    write_tree(folder, dict.fromkeys(names, b"\xff"))
    for name, target in LINKS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(target)
    return folder


def test_leftovers_are_not_read(content_folder: Path) -> None:
    """Neither at first nor after a change; their symbolic links aren't either."""
    before = read_folder(content_folder, "content")
    with_leftovers(content_folder)
    assert read_folder(content_folder, "content") == before
    changed = [content_folder / name for names in FILES.values() for name in names]
    assert reread_changed(before, [*changed, *(content_folder / name for name in LINKS)]) == before


def test_leftovers_give_no_diagnostics(content_folder: Path) -> None:
    """Not even with --strict."""
    with_leftovers(content_folder)
    result = run_main("check", "--strict", "--content", content_folder)
    assert (result.returncode, result.stdout) == (0, "")


@pytest.mark.parametrize("name", ["README.md", "Readme.md", "readme.md"])
def test_a_readme_is_never_part_of_the_book(
    name: str, content_folder: Path, tmp_path: Path
) -> None:
    """GitHub shows it with the files of its folder, so it's about the files."""
    folders = (".", "classes", "codes", "guides", "tables")
    readmes = {f"{folder}/{name}": b"# Files\n\n- [ ] One \n" for folder in folders}
    write_tree(content_folder, readmes)
    options = ("--strict", "--content", content_folder, "--site", tmp_path / "site")
    result = run_main("build", *options)
    assert (result.returncode, result.stdout) == (0, "")
    assert [path for path in (tmp_path / "site").rglob("*") if "readme" in path.name.lower()] == []
    assert run_main("check", "--fix", "--yes", *options).returncode == 0
    assert {name: (content_folder / name).read_bytes() for name in readmes} == readmes


def test_changes_of_leftovers_are_not_watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Editors write some of them on every keystroke."""

    async def changes(*_: object, **__: object) -> AsyncIterator[set[tuple[Change, str]]]:
        for name in (*(name for names in FILES.values() for name in names), *DOCUMENTS):
            yield {(Change.added, str(tmp_path / name))}

    async def seen() -> list[Path]:
        found: list[Path] = []
        async for paths in file_watcher.changed_paths([tmp_path], lambda _: None):
            found += paths
            if len(found) == len(DOCUMENTS):
                break
        return found

    monkeypatch.setattr(file_watcher, "awatch", changes)
    assert run_coroutine(seen()) == [tmp_path / name for name in DOCUMENTS]
