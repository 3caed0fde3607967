"""Writing a site: reproducible bytes, a safe order of changes, and no changed foreign files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

import pytest

from tests.in_process import run_main
from tests.sites import apply, state_of

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]
ReadTree = Callable[[Path], Mapping[str, bytes]]


# --- the same bytes -------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_build_gives_the_same_bytes_everywhere(tmp_path: Path, read_tree: ReadTree) -> None:
    """Folder, order of files, time zone, locale, hash seed, and umask don't matter."""
    surroundings = [
        ({"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "1"}, 0o022),
        ({"TZ": "Pacific/Auckland", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "7"}, 0o077),
    ]
    sites = []
    arguments = ["--content", "content", "--templates", "templates", "--site", "site"]
    for number, (env, umask) in enumerate(surroundings):
        home = tmp_path / f"place {number}" / ("deep" * number)
        home.mkdir(parents=True)
        for name in ("content", "templates"):
            sources = sorted((ROOT / name).rglob("*"), reverse=bool(number))
            for source in (path for path in sources if path.is_file()):
                target = home / source.relative_to(ROOT)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
        subprocess.run(
            [sys.executable, str(ROOT / "build.py"), "-q", *arguments],
            cwd=home,
            env={**os.environ, **env},
            umask=umask,
            check=True,
            capture_output=True,
        )
        sites.append(read_tree(home / "site"))
    assert sites[0] == sites[1]


@pytest.mark.parametrize(
    ("option", "summary"), [("--all", "is up to date"), ("--no-cache", ": 0 written,")]
)
def test_a_second_build_without_changes_writes_nothing(
    content_folder: Path, tmp_path: Path, option: str, summary: str
) -> None:
    """Unchanged files and folders keep their times and their inodes."""
    site = tmp_path / "site"
    run_main("--content", content_folder, "--site", site, option)
    before = {path: path.stat() for path in (site, *site.rglob("*"))}
    result = run_main("--content", content_folder, "--site", site, option)
    assert summary in result.stderr
    for path, stat in before.items():
        now = path.stat()
        assert (now.st_mtime_ns, now.st_ino) == (stat.st_mtime_ns, stat.st_ino), path


# --- what is written, in which order -------------------------------------------------------------


def test_only_changed_files_are_written_and_stale_ones_removed(tmp_path: Path) -> None:
    """Emptied folders are removed, but a foreign empty folder stays."""
    site = tmp_path / "site"
    apply({"a/index.html": b"1", "b/index.html": b"2", "assets/x.css": b"x"}, site)
    (site / "empty").mkdir()
    changes = apply({"a/index.html": b"1", "c/index.html": b"3", "assets/x.css": b"x"}, site)
    assert changes.write == (PurePosixPath("c/index.html"),)
    assert changes.remove == (PurePosixPath("b/index.html"),)
    assert changes.unchanged == 2
    assert not (site / "b").exists()
    assert (site / "empty").is_dir()


def test_assets_come_first_then_new_pages_then_changed_ones(tmp_path: Path) -> None:
    """At no time does a page link to a file that isn't there yet."""
    site = tmp_path / "site"
    apply({"index.html": b"old"}, site)
    changes = apply({"index.html": b"new", "z/index.html": b"z", "assets/y.css": b"y"}, site)
    assert [path.as_posix() for path in changes.write] == [
        "assets/y.css",
        "z/index.html",
        "index.html",
    ]


def test_a_failing_build_leaves_the_site_as_it_was(
    content_folder: Path, tmp_path: Path, read_tree: ReadTree
) -> None:
    """An error in the content, or in a template, writes nothing."""
    site = tmp_path / "site"
    run_main("--content", content_folder, "--site", site)
    before = read_tree(site)
    (content_folder / "codes").mkdir()
    (content_folder / "codes" / "99.md").write_text("```toml\n```\n", encoding="utf-8")
    result = run_main("--content", content_folder, "--site", site)
    assert (result.returncode, read_tree(site)) == (1, before)
    assert result.stderr.endswith(f"\n1 error; {site}/ is unchanged\n")
    shutil.rmtree(content_folder / "codes")
    templates = shutil.copytree(ROOT / "templates", tmp_path / "templates")
    (templates / "code.html").write_text("{{ nothing }}", encoding="utf-8")
    result = run_main("--content", content_folder, "--templates", templates, "--site", site)
    assert (result.returncode, read_tree(site)) == (1, before)


def test_a_touched_file_or_folder_makes_only_one_build_look_again(
    content_folder: Path, tmp_path: Path
) -> None:
    """The build after it knows that nothing has changed."""
    site = tmp_path / "site"
    build = ("--content", content_folder, "--site", site)
    run_main(*build)
    for path in (site / "index.html", site / "status", site):
        os.utime(path)
        assert ": 0 written," in run_main(*build).stderr
        assert "is up to date" in run_main(*build).stderr


def test_folders_that_a_killed_build_removed_are_no_error(tmp_path: Path) -> None:
    """A stale file that is already removed with its folder is no error."""
    site = tmp_path / "site"
    apply({"a/b/index.html": b"1", "index.html": b"2"}, site)
    shutil.rmtree(site / "a")
    apply({"index.html": b"2"}, site)
    assert "a/b/index.html" not in (state_of(site) / "manifest.json").read_text()
