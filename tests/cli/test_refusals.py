"""Unsafe arguments and access errors: a one-line error, and no file changes."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from codebook.io.disk import AccessError
from tests.in_process import run_main
from tests.sites import apply, state_of

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]
ReadTree = Callable[[Path], Mapping[str, bytes]]


def change(content_folder: Path) -> None:
    """Change the pages of the next build."""
    register = content_folder / "signals.md"
    register.write_text(
        register.read_text(encoding="utf-8").replace("open", "closed"), encoding="utf-8"
    )


def refused(process: subprocess.CompletedProcess[str]) -> str:
    """The one-line error, after checking everything else."""
    assert process.returncode == 2, process
    assert process.stdout == ""
    assert process.stderr.startswith("error: ")
    assert process.stderr.count("\n") == 1
    assert "Traceback" not in process.stderr
    return process.stderr.removeprefix("error: ").removesuffix("\n")


@pytest.mark.slow
def test_the_root_folder_is_rejected(run_codebook: Run, content_folder: Path) -> None:
    """`--site /` is a typo."""
    assert "is the root folder" in refused(run_codebook("--content", content_folder, "--site", "/"))


@pytest.mark.parametrize("above", ["", ".."])
def test_the_home_folder_and_its_parents_are_rejected(
    content_folder: Path, tmp_path: Path, above: str
) -> None:
    """A site must not replace the files of a user."""
    home = tmp_path / "users" / "me"
    home.mkdir(parents=True)
    process = run_main("--content", content_folder, "--site", home / above, env={"HOME": str(home)})
    assert "your home folder" in refused(process)
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("site", ["", "content", "content/site", "templates", "templates/site"])
def test_the_sources_and_their_parents_and_subfolders_are_rejected(
    content_folder: Path, tmp_path: Path, site: str, read_tree: ReadTree
) -> None:
    """The site is never written into its sources."""
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    before = read_tree(tmp_path)
    folder = tmp_path / site
    process = run_main(
        "--content", content_folder, "--templates", tmp_path / "templates", "--site", folder
    )
    assert "the source folder" in refused(process)
    assert read_tree(tmp_path) == before


def test_a_git_repository_is_rejected(content_folder: Path, tmp_path: Path) -> None:
    """A folder with a history isn't a site."""
    (tmp_path / "site" / ".git").mkdir(parents=True)
    assert "a Git repository" in refused(
        run_main("--content", content_folder, "--site", tmp_path / "site")
    )


def test_a_folder_with_foreign_files_is_rejected(
    content_folder: Path, tmp_path: Path, read_tree: ReadTree
) -> None:
    """Only files that a build wrote are ever replaced or removed."""
    site = tmp_path / "site"
    site.mkdir()
    for name in "abcde":
        (site / f"{name}.txt").write_text("mine")
    message = refused(run_main("--content", content_folder, "--site", site))
    assert "(a.txt, b.txt, c.txt, and 2 more)" in message
    assert len(read_tree(site)) == 5


def test_a_foreign_file_in_the_site_is_rejected(
    content_folder: Path, tmp_path: Path, read_tree: ReadTree
) -> None:
    """The site stays unchanged, including the foreign file."""
    site = tmp_path / "site"
    run_main("--content", content_folder, "--site", site)
    (site / "status" / "notes.txt").write_text("mine")
    before = read_tree(site)
    change(content_folder)
    assert "status/notes.txt" in refused(run_main("--content", content_folder, "--site", site))
    assert read_tree(site) == before


def test_a_gitignore_file_is_allowed(content_folder: Path, tmp_path: Path) -> None:
    """The file that keeps the empty folder under version control stays."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / ".gitignore").write_text("*\n")
    assert run_main("--content", content_folder, "--site", tmp_path / "site").returncode == 0
    assert (tmp_path / "site" / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize("inside", [True, False])
def test_a_symbolic_link_is_rejected(content_folder: Path, tmp_path: Path, *, inside: bool) -> None:
    """Neither the site folder nor a file in it can be a symbolic link."""
    (tmp_path / "elsewhere").mkdir()
    site = tmp_path / "site"
    if inside:
        run_main("--content", content_folder, "--site", site)
    (site / "link" if inside else site).symlink_to(tmp_path / "elsewhere")
    assert "is a symbolic link" in refused(run_main("--content", content_folder, "--site", site))
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_file_at_the_path_of_the_site_is_rejected(content_folder: Path, tmp_path: Path) -> None:
    """The file stays unchanged."""
    (tmp_path / "site").write_text("mine")
    assert "is a file" in refused(
        run_main("--content", content_folder, "--site", tmp_path / "site")
    )
    assert (tmp_path / "site").read_text() == "mine"


def test_a_folder_at_the_path_of_a_page_is_rejected(tmp_path: Path) -> None:
    """No file of the new site has been written at that time."""
    site = tmp_path / "site"
    apply({"a.html": b"1"}, site)
    (site / "b.html").mkdir()
    with pytest.raises(AccessError, match="is a folder, but the site has a file"):
        apply({"a.html": b"2", "b.html": b"2"}, site)
    assert (site / "a.html").read_bytes() == b"1"


def test_a_file_instead_of_the_content_folder_is_a_one_line_error(tmp_path: Path) -> None:
    """The site isn't created."""
    (tmp_path / "none").write_text("")
    message = refused(run_main("--content", tmp_path / "none", "--site", tmp_path / "site"))
    assert message == f"{tmp_path}/none is not a folder"
    assert not (tmp_path / "site").exists()


def test_a_special_file_is_a_one_line_error(content_folder: Path, tmp_path: Path) -> None:
    """Reading a pipe in the content would never end."""
    os.mkfifo(content_folder / "pipe.md")
    message = refused(run_main("--content", content_folder, "--site", tmp_path / "site"))
    assert message.endswith("pipe.md is not a regular file or a folder")


def run_unprivileged(arguments: list[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run the command without the superuser's right to read and write everything."""
    program = [sys.executable, "-B", str(ROOT / "build.py"), *map(str, arguments)]
    is_root = os.geteuid() == 0
    bound = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if is_root else []
    return subprocess.run([*bound, *program], capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_a_file_without_read_permission_is_a_one_line_error(
    content_folder: Path, tmp_path: Path
) -> None:
    """The error contains its name."""
    (content_folder / "signals.md").chmod(0)
    message = refused(run_unprivileged(["--content", content_folder, "--site", tmp_path / "site"]))
    assert message == f"{content_folder}/signals.md: permission denied"


@pytest.mark.slow
@pytest.mark.parametrize("folder_of", [Path, state_of], ids=["site", "cache"])
def test_a_folder_without_write_permission_is_a_one_line_error(
    folder_of: Callable[[Path], Path],
    content_folder: Path,
    tmp_path: Path,
    read_tree: ReadTree,
) -> None:
    """No file is lost. Without a manifest, the next build would not know what this one writes."""
    site = tmp_path / "site"
    run_main("--content", content_folder, "--site", site)
    before = read_tree(site)
    change(content_folder)
    folder = folder_of(site)
    folder.chmod(0o555)
    message = refused(run_unprivileged(["--content", content_folder, "--site", site]))
    folder.chmod(0o755)
    assert message.startswith(f"{folder}/")
    assert message.endswith(": permission denied")
    assert read_tree(site) == before


@pytest.mark.slow
def test_a_full_disk_is_a_one_line_error_and_loses_nothing(
    content_folder: Path, tmp_path: Path, read_tree: ReadTree
) -> None:
    """The error occurs before the first page is replaced."""
    site = tmp_path / "site"
    run_main("--content", content_folder, "--site", site)
    before = read_tree(site)
    long = "\n\n".join(["  The harbor is closed. " * 100] * 10)
    with (content_folder / "signals.md").open("a", encoding="utf-8") as register:
        register.write(f"\n{long}\n")

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (16_000, 16_000))

    process = subprocess.run(
        [sys.executable, "-B", str(ROOT / "build.py"), "--content", content_folder, "--site", site],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=little_room,
    )
    assert refused(process).endswith("file too large")
    assert read_tree(site) == before
