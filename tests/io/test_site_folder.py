"""The site folder isn't trusted, lost state is repaired, and foreign files are never touched."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

import pytest

from codebook.book import urls
from codebook.io.disk import AccessError
from codebook.io.manifest import Changes
from codebook.io.site import clean_site, read_built, write_site
from tests.in_process import ROOT, run_main

Apply = Callable[[Mapping[str, bytes]], Changes]
SITE = {"index.html": b"home", "status/11/index.html": b"11", "cards/11.png": b"card"}
NEXT = {**SITE, "index.html": b"new home", "guides/a/index.html": b"a"}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with a built site."""
    folder = tmp_path / "site"
    apply(SITE, folder)
    return folder


def apply(files: Mapping[str, bytes], site: Path) -> Changes:
    """Write a site of these files."""
    mapping = {PurePosixPath(path): data for path, data in files.items()}
    return write_site(mapping, site, lambda: pytest.fail("no other process is writing"))


def tree(folder: Path) -> dict[str, bytes]:
    """The regular files of a folder, except for the state of builds."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and ".codebook" not in path.parts
    }


# --- what is in the folder -----------------------------------------------------------------------


def _link(path: Path, outside: Path) -> None:
    """Move the file or folder out of the site, and link to it."""
    if path.exists():
        shutil.move(path, outside / "moved")
    path.symlink_to(outside / "moved")


def _pipe(path: Path, _: Path) -> None:
    if path.exists():
        path.unlink()
    os.mkfifo(path)


STATE = [".codebook/manifest.json", ".codebook/lock"]
FILES = ["index.html", "status/11/index.html", "cards/11.png", "cards/new.png", "new.txt"]
FOLDERS = [".codebook", ".codebook/new", "status", "status/11", "cards"]
TRAPS = [(_link, path) for path in (*STATE, *FILES, *FOLDERS, ".codebook/x")] + [
    (_pipe, path) for path in (*STATE, *FILES)
]


Trap = Callable[[Path, Path], None]


def trapped(path: Path, tmp_path: Path, trap: Trap) -> Path:
    """Put a trap at a path; returns a folder outside of the site, which a link points to."""
    outside = tmp_path / "outside"
    (outside / "moved").mkdir(parents=True)
    (outside / "moved" / "mine").write_text("mine")
    if path.exists():
        shutil.rmtree(outside / "moved")
    trap(path, outside)
    return outside


@pytest.mark.parametrize(("trap", "path"), TRAPS, ids=[f"{t.__name__} {p}" for t, p in TRAPS])
def test_links_and_pipes_are_neither_followed_nor_opened(
    site: Path, tmp_path: Path, trap: Trap, path: str
) -> None:
    """The error names them, and neither the site nor what a link points to has changed."""
    outside = trapped(site / path, tmp_path, trap)
    before = tree(site), tree(outside)
    read_built(site, "cards", ".png")
    with pytest.raises(AccessError, match=rf"{path} is (a symbolic link|a named pipe)[,;]"):
        apply(NEXT, site)
    assert (tree(site), tree(outside)) == before


@pytest.mark.parametrize(("trap", "path"), TRAPS, ids=[f"{t.__name__} {p}" for t, p in TRAPS])
def test_cleaning_neither_follows_nor_opens_links_and_pipes(
    site: Path, tmp_path: Path, trap: Trap, path: str
) -> None:
    """Foreign ones stay; if one replaces the state, nothing is removed."""
    outside = trapped(site / path, tmp_path, trap)
    before = tree(outside)
    is_state = path in {".codebook", ".codebook/new", *STATE}
    if is_state:
        with pytest.raises(AccessError, match=rf"{path} is (a symbolic link|a named pipe),"):
            clean_site(site, lambda: None)
        assert tree(site) == SITE
    else:
        clean_site(site, lambda: None)
        assert tree(site) == {}
    assert (site / path).is_symlink() or (site / path).is_fifo()
    assert tree(outside) == before


def test_a_large_foreign_card_is_not_read(site: Path) -> None:
    """Only cards in the manifest are reused."""
    with (site / "cards" / "huge.png").open("wb") as file:
        file.truncate(1 << 40)
    assert read_built(site, "cards", ".png") == {PurePosixPath("cards/11.png"): b"card"}


def test_a_foreign_file_in_the_place_of_a_folder_is_rejected_first(site: Path) -> None:
    """Otherwise, the error would come when half of the site is written."""
    (site / "guides").write_text("mine")
    with pytest.raises(AccessError, match="did not write"):
        apply(NEXT, site)
    (site / "guides").unlink()
    apply({**SITE, "guides": b"a file"}, site)
    with pytest.raises(AccessError, match="guides is a file, but the site has a folder with"):
        apply(NEXT, site)
    assert tree(site) == {**SITE, "guides": b"a file"}


def test_a_full_disk_names_the_file(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operating system doesn't, and the name of a staged file would tell users nothing."""

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(
        AccessError, match=rf"^{site}/\.codebook/manifest\.json: no space left on device$"
    ):
        apply(NEXT, site)
    assert tree(site) == SITE


# --- the manifest --------------------------------------------------------------------------------

DAMAGED = {
    "empty": "",
    "truncated": '{"version": 1, "files": ["index.ht',
    "binary": "\0",
    "nested": "[" * 100_000,
    "another version": '{"version": 9, "files": []}',
    "without files": '{"version": 1}',
    "a list": "[]",
    "outside": '{"version": 1, "files": ["../empty/x"]}',
    "absolute": '{"version": 1, "files": ["/x"]}',
    "the placeholder": '{"version": 1, "files": [".gitignore"]}',
    "the state": '{"version": 1, "files": [".codebook/lock"]}',
    "an empty name": '{"version": 1, "files": [""]}',
    "a number": '{"version": 1, "files": [1]}',
    "a null character": '{"version": 1, "files": ["a\\u0000b"]}',
    "half a character": '{"version": 1, "files": ["a\\ud800b"]}',
    "outside, kept": '{"version": 1, "files": [], "previous": ["../x"]}',
}


def _damage(site: Path, manifest: str) -> None:
    (site / ".codebook" / "manifest.json").write_text(manifest)


@pytest.mark.parametrize("manifest", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_manifest_is_repaired(site: Path, manifest: str) -> None:
    """The files that the build would write are adopted without being written again."""
    (site.parent / "empty").mkdir()
    (site.parent / "x").write_text("mine")
    (site / ".gitignore").write_text("*\n")
    intact = (site / ".codebook" / "manifest.json").read_bytes()
    _damage(site, manifest)
    assert apply(SITE, site).unchanged == len(SITE)
    assert (site / ".codebook" / "manifest.json").read_bytes() == intact
    apply(NEXT, site)
    assert tree(site) == {**NEXT, ".gitignore": b"*\n"}
    assert (site.parent / "x").read_text() == "mine"
    assert (site.parent / "empty").is_dir()


@pytest.mark.parametrize("how", ["damaged", "missing"])
def test_without_a_manifest_other_files_stay_and_the_error_lists_them(site: Path, how: str) -> None:
    """They can be foreign. After the user has deleted them, the build succeeds."""
    if how == "damaged":
        _damage(site, "")
    else:
        shutil.rmtree(site / ".codebook")
    (site / "old.html").write_text("old")
    state = sorted(path.name for path in site.iterdir())
    with pytest.raises(AccessError) as error:
        apply(NEXT, site)
    assert f"(index.html, old.html), and {site}/.codebook/manifest.json is {how}" in str(
        error.value
    )
    assert tree(site) == {**SITE, "old.html": b"old"}
    assert sorted(path.name for path in site.iterdir()) == state
    (site / "index.html").unlink()
    (site / "old.html").unlink()
    apply(NEXT, site)
    assert tree(site) == NEXT


def test_a_site_without_its_state_is_built_again_by_the_command(
    content_folder: Path, tmp_path: Path
) -> None:
    """The workflows remove the state before they publish the site."""
    site = tmp_path / "site"
    run_main("--content", content_folder, "--site", site)
    before = tree(site)
    shutil.rmtree(site / ".codebook")
    result = run_main("--content", content_folder, "--site", site)
    assert result.returncode == 0
    assert ": 0 written," in result.stderr
    assert tree(site) == before


def test_the_manifest_is_on_the_disk_before_pages_are_replaced(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a power cut, the next build must know every file that this one has written."""
    steps: list[str] = []
    replace, fsync = Path.replace, os.fsync

    def renamed(source: Path, target: Path) -> Path:
        steps.append(target.name)
        return replace(source, target)

    def synced(descriptor: int) -> None:
        steps.append("sync")
        fsync(descriptor)

    monkeypatch.setattr(Path, "replace", renamed)
    monkeypatch.setattr(os, "fsync", synced)
    apply({"index.html": b"new", "guides/a/index.html": b"a"}, site)
    # At the end, the removals are on the disk before the manifest without the removed files.
    files = ["index.html", "index.html"]
    assert [step for step in steps if step != "sync"] == ["manifest.json", *files, "manifest.json"]
    assert steps[:4] == ["sync", "manifest.json", "sync", "index.html"]
    assert steps[5] == "sync"
    assert steps[-3:] == ["sync", "manifest.json", "sync"]


# --- assets of the previous site -----------------------------------------------------------------


def asset(name: str, data: bytes) -> str:
    """The path of an asset."""
    stem, _, suffix = name.partition(".")
    return f"assets/{stem}.{urls.content_hash(data)}.{suffix}"


def assets(**versions: bytes) -> dict[str, bytes]:
    """A site with these scripts."""
    named = {asset(f"{name}.js", data): data for name, data in versions.items()}
    return {"index.html": repr(sorted(named)).encode(), **named}


def test_a_replaced_asset_stays_until_it_changes_again(site: Path) -> None:
    """Pages that are open in browsers load it later, such as the search."""
    steps = [
        (assets(search=b"1", style=b"1"), []),
        (assets(search=b"2", style=b"1"), [("search", b"1")]),
        (assets(search=b"2", style=b"1"), [("search", b"1")]),
        (assets(search=b"2", style=b"2"), [("search", b"1"), ("style", b"1")]),
        (assets(search=b"3", style=b"2"), [("search", b"2"), ("style", b"1")]),
        (assets(search=b"2", style=b"2"), [("search", b"3"), ("style", b"1")]),
        (assets(style=b"2"), [("search", b"2"), ("style", b"1")]),
        (assets(style=b"3"), [("style", b"2")]),
    ]
    for files, previous in steps:
        apply(files, site)
        kept = {asset(f"{name}.js", data): data for name, data in previous}
        assert tree(site) == {**files, **kept}
    apply({}, site)
    assert list(tree(site)) == [asset("style.js", b"3")]
    assert clean_site(site, lambda: None)[1] == []
    assert not (site / "assets").exists()


def test_kept_assets_are_recognized_without_a_manifest(site: Path) -> None:
    """Their names have the hash of their content; a foreign file with such a name doesn't."""
    apply(assets(search=b"1"), site)
    apply(assets(search=b"2"), site)
    shutil.rmtree(site / ".codebook")
    apply(assets(search=b"2"), site)
    assert asset("search.js", b"1") in tree(site)
    apply(assets(search=b"3"), site)
    assert asset("search.js", b"1") not in tree(site)
    _damage(site, "")
    (site / "assets" / "mine.0123456789.js").write_text("mine")
    with pytest.raises(AccessError, match=r"\(assets/mine\.0123456789\.js\)"):
        apply(assets(search=b"3"), site)


def test_a_new_version_of_a_script_stays_when_the_command_builds(
    content_folder: Path, tmp_path: Path, templates_copy: Path
) -> None:
    """An older page finds its script and its style sheet after two builds."""
    folders = {"content": content_folder, "templates": templates_copy, "site": tmp_path / "site"}
    arguments = [f"--{name}={folder}" for name, folder in folders.items()]
    run_main(*arguments)
    old = {path: data for path, data in tree(tmp_path / "site").items() if "assets/" in path}
    with (templates_copy / "assets" / "search.js").open("a") as script:
        script.write("\nexport const more = 1;\n")
    for _ in range(2):
        assert run_main(*arguments).returncode == 0
        assert old.items() <= tree(tmp_path / "site").items()


# --- cleaning ------------------------------------------------------------------------------------


def test_cleaning_removes_what_builds_wrote_and_nothing_else(
    content_folder: Path, tmp_path: Path
) -> None:
    """The summary names the foreign files."""
    site = tmp_path / "site"
    run_main("--content", content_folder, "--site", site)
    foreign = {".gitignore": b"*\n", "CNAME": b"codes.example\n", "status/11/notes.txt": b"mine"}
    for path, data in foreign.items():
        (site / path).write_bytes(data)
    result = run_main("clean", "--site", site)
    assert result.returncode == 0
    assert result.stderr.endswith(
        f" files from {site}/; kept what codebook did not write: CNAME, status/11/notes.txt\n"
    )
    assert tree(site) == foreign
    assert sorted(path.name for path in site.iterdir()) == [".gitignore", "CNAME", "status"]
    assert run_main("-q", "clean", "--site", site).stderr == ""
    assert run_main("clean", "--site", tmp_path / "missing").returncode == 0
    assert not (tmp_path / "missing").exists()


def test_cleaning_with_a_damaged_manifest_removes_nothing(site: Path) -> None:
    """A build repairs it first."""
    _damage(site, "")
    result = run_main("clean", "--site", site)
    assert result.returncode == 2
    assert "manifest.json is damaged, so it is unknown which files codebook wrote" in result.stderr
    assert tree(site) == SITE
    apply(SITE, site)
    assert run_main("clean", "--site", site).returncode == 0
    assert list(site.iterdir()) == []


@pytest.mark.slow
def test_cleaning_needs_no_packages(site: Path) -> None:
    """`make clean` works if `.venv` is missing or broken."""
    (site / "CNAME").write_text("codes.example\n")
    result = subprocess.run(
        [sys.executable, "-S", "-m", "codebook.cli.clean", "--site", site],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (0, "")
    assert (
        result.stderr == f"removed 3 files from {site}/; kept what codebook did not write: CNAME\n"
    )
    assert tree(site) == {"CNAME": b"codes.example\n"}
