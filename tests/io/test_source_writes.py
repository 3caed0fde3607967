"""Writing into the book: no change of another program is overwritten, and no line is lost."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from codebook.io.disk import AccessError
from codebook.io.site import write_site
from codebook.io.sources import replace_files, update_file
from tests.in_process import ROOT, run_main
from tests.repositories import Repository

A, B = PurePosixPath("a.md"), PurePosixPath("guides", "b.md")
BEFORE = {A: b"a\n", B: b"b\n"}
AFTER = {A: b"fixed a\n", B: b"fixed b\n"}
LIST = PurePosixPath("addresses.txt")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Two files, as they were read."""
    folder = tmp_path / "book"
    for path, data in BEFORE.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def tree(folder: Path) -> dict[str, str]:
    """Every file and link below a folder, including hidden ones."""
    return {
        path.relative_to(folder).as_posix(): path.readlink().name
        if path.is_symlink()
        else path.read_text()
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def _edit(path: Path) -> None:
    path.write_text("two hours of work\n")


def _save_by_renaming(path: Path) -> None:
    path.with_suffix(".tmp").write_text("two hours of work\n")
    path.with_suffix(".tmp").rename(path)


def _link(path: Path) -> None:
    path.unlink()
    path.symlink_to("elsewhere.md")


def _to_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


CHANGES = {
    "edited": _edit,
    "saved by renaming": _save_by_renaming,
    "removed": Path.unlink,
    "replaced by a link": _link,
    "replaced by a pipe": _to_pipe,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_file_that_changed_since_it_was_read_is_not_replaced(
    book: Path, change: Callable[[Path], None]
) -> None:
    """None of the other files is written either: their changes may belong together."""
    change(book / B)
    before = tree(book)
    with pytest.raises(AccessError, match=r"guides/b\.md changed while .*; nothing was written"):
        replace_files(book, AFTER, BEFORE)
    assert tree(book) == before


def test_unchanged_files_are_replaced_and_keep_their_permissions(book: Path) -> None:
    """A new file gets those of any other new file, and no temporary file is left."""
    (book / A).chmod(0o640)
    new = PurePosixPath("guides", "deep", "new.md")
    umask = os.umask(0o027)
    try:
        replace_files(book, {**AFTER, new: b"new\n"}, BEFORE)
    finally:
        os.umask(umask)
    assert tree(book) == {
        "a.md": "fixed a\n",
        "guides/b.md": "fixed b\n",
        "guides/deep/new.md": "new\n",
    }
    assert (book / A).stat().st_mode & 0o777 == 0o640
    assert (book / new).stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("at", ["a.md", "link.md"])
def test_a_new_file_never_replaces_another(book: Path, at: str) -> None:
    """A symbolic link isn't replaced or followed either, even if it is broken."""
    (book / "link.md").symlink_to("elsewhere.md")
    before = tree(book)
    with pytest.raises(AccessError, match=rf"{at} already exists; nothing was written"):
        replace_files(book, {PurePosixPath(at): b"new\n", PurePosixPath("c.md"): b"new\n"}, {})
    assert tree(book) == before


def test_a_file_is_not_created_in_a_linked_folder(book: Path, tmp_path: Path) -> None:
    """The link can point out of the book."""
    (tmp_path / "elsewhere").mkdir()
    (book / "codes").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(AccessError, match="codes is a symbolic link, not a folder"):
        replace_files(book, {PurePosixPath("codes", "11.md"): b"new\n"}, {})
    with pytest.raises(AccessError, match=r"a\.md is a file, not a folder"):
        replace_files(book, {PurePosixPath("a.md", "b.md"): b"new\n"}, {})
    assert list((tmp_path / "elsewhere").iterdir()) == []


def _failing(number: int) -> Callable[[int], None]:
    """A replacement for `fsync` that fails with this error."""

    def fail(_: int) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def test_a_full_disk_names_the_file_and_changes_nothing(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some file systems report it only when the data is written to the disk."""
    monkeypatch.setattr(os, "fsync", _failing(errno.ENOSPC))
    with pytest.raises(AccessError, match=rf"^{book}/a\.md: no space left on device$"):
        replace_files(book, AFTER, BEFORE)
    assert tree(book) == {path.as_posix(): data.decode() for path, data in BEFORE.items()}


def test_an_error_names_the_file_and_no_temporary_one(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Users don't know the name of the temporary file, which is removed."""

    def fail(source: Path, _: Path) -> None:
        raise OSError(errno.EIO, "Input/output error", str(source))

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(AccessError, match=rf"^{book}/a\.md: input/output error$"):
        replace_files(book, AFTER, BEFORE)
    assert tree(book) == {path.as_posix(): data.decode() for path, data in BEFORE.items()}


def test_a_file_system_that_cannot_sync_is_no_error(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files are written as they would be without waiting for the disk."""
    monkeypatch.setattr(os, "fsync", _failing(errno.EINVAL))
    replace_files(book, AFTER, BEFORE)
    assert (book / A).read_bytes() == AFTER[A]


# --- the list of published URLs ------------------------------------------------------------------


def test_a_change_in_the_middle_of_an_update_is_part_of_it(book: Path) -> None:
    """An editor that doesn't know the lock saved between reading and writing."""
    added = iter(["of an editor\n"])

    def update(data: bytes) -> bytes:
        for line in added:
            (book / A).write_text(data.decode() + line)
        return data + b"updated\n"

    assert update_file(book, A, update)
    assert (book / A).read_text() == "a\nof an editor\nupdated\n"
    assert not update_file(book, A, lambda data: data)
    assert not update_file(book, PurePosixPath("missing.txt"), lambda _: b"new\n")
    assert not (book / "missing.txt").exists()


ADD_LINES = """
import sys
from pathlib import Path, PurePosixPath
from codebook.io.sources import update_file
folder, name = sys.argv[1:]
for number in range(20):
    line = f"{name}-{number}/\\n".encode()
    update_file(Path(folder), PurePosixPath("addresses.txt"), lambda data: data + line)
"""


@pytest.mark.slow
def test_no_line_of_six_simultaneous_programs_is_lost(tmp_path: Path) -> None:
    """They wait for each other, and each uses its own temporary files."""
    (tmp_path / LIST).write_bytes(b"")
    programs = [
        subprocess.Popen([sys.executable, "-c", ADD_LINES, str(tmp_path), name], cwd=ROOT)
        for name in "abcdef"
    ]
    assert [program.wait(timeout=60) for program in programs] == [0] * 6
    lines = (tmp_path / LIST).read_text().splitlines()
    assert sorted(lines) == sorted(f"{name}-{n}/" for name in "abcdef" for n in range(20))
    assert [path.name for path in tmp_path.iterdir()] == [LIST.name]


def _during_a_build(
    content: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[], object]
) -> subprocess.CompletedProcess[str]:
    """The result of a build during which another program changes the book."""

    def changed(*arguments: object, **options: object) -> object:
        change()
        return write_site(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("codebook.cli.building.write_site", changed)
    return _build(content)


def test_a_line_added_during_a_build_stays(
    content_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another build has published other pages, or an editor has removed a comment."""
    listing = content_folder / LIST
    listing.write_text("# Ours.\n# Another.\nstatus/\n")
    lines = "status/\nguides/of-another-build/\n# Ours.\nstatus/\n"
    result = _during_a_build(content_folder, monkeypatch, lambda: listing.write_text(lines))
    assert result.returncode == 0
    assert f"updated the list of published URLs, {listing}" in result.stderr
    assert listing.read_text() == (
        "# Ours.\n11/\nguides/of-another-build/\nstatus/\nstatus/11/\nstatus/1x/\n"
    )


CONFLICT = "<<<<<<< HEAD\n11/\n=======\n12/\n>>>>>>> other\n"


def test_a_conflict_that_appears_during_a_build_is_not_sorted(
    content_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sorted markers would hide what belongs to which side. No page is published."""
    listing = content_folder / LIST
    listing.write_text("status/\n")
    result = _during_a_build(content_folder, monkeypatch, lambda: listing.write_text(CONFLICT))
    assert result.returncode == 2
    assert "changed during this build and has errors now; to see them, run check" in result.stderr
    assert listing.read_text() == CONFLICT
    assert not (content_folder.parent / "site" / "index.html").exists()


def test_a_list_that_is_removed_during_a_build_stays_removed(
    content_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A book without a list gets none."""
    listing = content_folder / LIST
    listing.write_text("status/\n")
    assert _during_a_build(content_folder, monkeypatch, listing.unlink).returncode == 0
    assert not listing.exists()


def _build(content: Path) -> subprocess.CompletedProcess[str]:
    return run_main("--content", content, "--site", content.parent / "site")


def _with_a_new_guide(content: Path) -> tuple[Path, Path]:
    """Build a book, and add a guide to it; the site, and the list of published URLs."""
    (content / LIST).write_text("status/\n")
    assert _build(content).returncode == 0
    (content / "guides").mkdir(exist_ok=True)
    (content / "guides" / "new.md").write_text("# A new guide\n\nText.\n")
    return content.parent / "site", content / LIST


def test_a_read_only_book_with_a_new_url_leaves_the_site_unchanged(
    content_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The URL can't be listed, so it isn't published. A book without a new URL can be built."""
    site, listing = _with_a_new_guide(content_folder)
    home = (site / "index.html").read_bytes()
    open_path = Path.open

    def refuse(path: Path, mode: str = "r", **options: str) -> object:
        if "x" in mode and path.is_relative_to(content_folder):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return open_path(path, mode, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    result = _build(content_folder)
    assert (result.returncode, result.stderr) == (2, f"error: {listing}: read-only file system\n")
    assert (site / "index.html").read_bytes() == home
    assert not (site / "guides").exists()
    (content_folder / "guides" / "new.md").unlink()
    assert _build(content_folder).returncode == 0


def test_a_url_is_listed_before_it_is_published(
    content_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whenever a build is killed, every URL that it has published is in the list."""
    site, listing = _with_a_new_guide(content_folder)
    page = site / "guides" / "new" / "index.html"
    replace, lists = Path.replace, list[str]()

    def replace_listed(path: Path, target: Path) -> Path:
        if target == page:
            lists.append(listing.read_text())
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", replace_listed)
    assert _build(content_folder).returncode == 0
    assert ["guides/new/" in text.splitlines() for text in lists] == [True]


def test_a_site_that_cannot_be_written_leaves_the_list_unchanged(content_folder: Path) -> None:
    """Its new URLs aren't published."""
    site, listing = _with_a_new_guide(content_folder)
    (site / "foreign.html").write_text("mine")
    before = listing.read_text()
    assert _build(content_folder).returncode == 2
    assert listing.read_text() == before


def test_branches_that_add_urls_merge_without_a_conflict(
    content_folder: Path, tmp_path: Path
) -> None:
    """The next build sorts the merged list; comments and the lines of both branches stay."""
    repository = Repository(tmp_path)
    repository.git("init", "--quiet", "--initial-branch=main")
    attributes = (ROOT / ".gitattributes").read_bytes()
    (tmp_path / ".gitattributes").write_bytes(attributes.replace(b"* text=auto", b"* -text"))
    content = content_folder.rename(tmp_path / "content")
    listing = content / LIST
    site = tmp_path.with_name(f"{tmp_path.name}-site")

    def build_and_commit(name: str, comment: str) -> None:
        guide = content / "guides" / f"{name}.md"
        guide.parent.mkdir(exist_ok=True)
        guide.write_text(f"# The guide {name}\n\nText.\n")
        listing.write_text(f"{comment}\n" + listing.read_text().partition("\n")[2])
        assert run_main("--content", content, "--site", site).returncode == 0
        repository.git("add", ".gitattributes", "content")
        repository.git("commit", "--quiet", "--message", name)

    listing.write_text("# Ours.\n11/\n")
    build_and_commit("first", "# Ours.")
    repository.git("switch", "--quiet", "--create", "other")
    build_and_commit("zebra", "# Theirs.")
    theirs = listing.read_text().splitlines()
    repository.git("switch", "--quiet", "main")
    build_and_commit("alpha", "# Ours.")
    build_and_commit("zoo", "# Ours, too.")
    ours = listing.read_text().splitlines()
    repository.git("merge", "--quiet", "--message", "merge", "other")
    assert listing.read_text().splitlines() != sorted({*ours, *theirs})
    assert run_main("--content", content, "--site", site).returncode == 0
    merged = listing.read_text().splitlines()
    urls = [line for line in merged if not line.startswith("# ")]
    assert {*merged} >= {*ours, *theirs}
    assert urls == sorted({*urls})
    written = listing.read_bytes()
    assert run_main("--content", content, "--site", site).returncode == 0
    assert listing.read_bytes() == written
