"""Neither the site nor the cache is trusted, lost state is repaired, and foreign files stay."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from codebook.book import urls
from codebook.io import site as site_module
from codebook.io.disk import AccessError, create
from codebook.io.site import clean_site
from tests.in_process import ROOT, run_main
from tests.sites import apply, state_of
from tests.trees import write_tree

SITE = {"index.html": b"home", "status/11/index.html": b"11", "cards/11.png": b"card"}
NEXT = {**SITE, "index.html": b"new home", "guides/a/index.html": b"a"}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with a built site."""
    folder = tmp_path / "site"
    apply(SITE, folder)
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    """The regular files of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS must not fork")
def test_a_large_site_is_complete_even_if_the_system_stops_one_of_two_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first process also writes what the other one has only begun."""
    here, begun = os.getpid(), tmp_path / "begun"

    def create_partly(path: Path, data: bytes, *, sync: bool) -> None:
        if os.getpid() != here:
            create(path, data[:1], sync=sync)
            begun.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        while not begun.exists():
            pass
        create(path, data, sync=sync)

    monkeypatch.setattr(site_module, "create", create_partly)
    files = {f"{number}.html": str(number).encode() for number in range(10, 1010)}
    apply(files, tmp_path / "site", processes=2)
    assert tree(tmp_path / "site") == files


# --- what is in the folders -----------------------------------------------------------------------


def _link(path: Path, outside: Path) -> None:
    """Move the file or folder out of the site, and link to it."""
    if path.exists():
        shutil.move(path, outside / "moved")
    path.symlink_to(outside / "moved")


def _pipe(path: Path, _: Path) -> None:
    if path.exists():
        path.unlink()
    os.mkfifo(path)


def _folder(path: Path, _: Path) -> None:
    if path.exists():
        path.unlink()
    path.mkdir()


STATE = ["STATE/manifest.json", "STATE/lock"]
STATE_FOLDERS = ["STATE/new", "STATE", ".cache/codebook/sites", ".cache/codebook", ".cache"]
OLD_STATE = ["site/.codebook/manifest.json", "site/.codebook/lock"]
OLD_STATE_FOLDERS = ["site/.codebook", "site/.codebook/new"]
FILES = ["index.html", "status/11/index.html", "cards/11.png", "cards/new.png", "new.txt"]
FOLDERS = ["status", "status/11", "cards", ".codebook/x"]
IN_STATE = [*STATE, *STATE_FOLDERS, *OLD_STATE, *OLD_STATE_FOLDERS]
PIPES = [*STATE, *OLD_STATE, *(f"site/{path}" for path in FILES)]
TRAPS = [(_link, path) for path in (*PIPES, *STATE_FOLDERS, *OLD_STATE_FOLDERS)] + [
    *((_link, f"site/{path}") for path in FOLDERS),
    *((_pipe, path) for path in PIPES),
]
EACH_TRAP = pytest.mark.parametrize(
    ("trap", "path"), TRAPS, ids=[f"{trap.__name__} {path}" for trap, path in TRAPS]
)


Trap = Callable[[Path, Path], None]


def trapped(path: str, site: Path, trap: Trap) -> tuple[Path, Path]:
    """Put a trap at a path; returns where, and a folder that a link points to."""
    trapped = site.parent / path.replace("STATE", str(state_of(site)))
    outside = site.parent / "outside"
    write_tree(outside, {"moved/mine": b"mine"})
    trapped.parent.mkdir(parents=True, exist_ok=True)
    if trapped.exists():
        shutil.rmtree(outside / "moved")
    trap(trapped, outside)
    return trapped, outside


@EACH_TRAP
def test_links_and_pipes_are_neither_followed_nor_opened(site: Path, trap: Trap, path: str) -> None:
    """The error names them, and neither the site nor what a link points to has changed."""
    at, outside = trapped(path, site, trap)
    before = tree(site), tree(outside)
    with pytest.raises(AccessError, match=rf"^{at} is (a symbolic link|a named pipe)[,;]"):
        apply(NEXT, site)
    assert (tree(site), tree(outside)) == before


@EACH_TRAP
def test_cleaning_neither_follows_nor_opens_links_and_pipes(
    site: Path, trap: Trap, path: str
) -> None:
    """Foreign ones stay; if one replaces the state, nothing is removed."""
    at, outside = trapped(path, site, trap)
    before = tree(outside)
    cleaned = run_main("clean", "--content", site.with_name("content"), "--site", site)
    if path in IN_STATE:
        assert cleaned.returncode == 2
        assert re.match(rf"error: {at} is (a symbolic link|a named pipe)[,;]", cleaned.stderr)
        assert {**tree(site), **SITE} == tree(site)
    else:
        assert cleaned.returncode == 0
        assert tree(site) == {}
    assert at.is_symlink() or at.is_fifo()
    assert tree(outside) == before


STORED = ["results", "sources", "STATE/last-build", "STATE/outputs", ".gitignore"]


@pytest.mark.parametrize("trap", [_link, _pipe, _folder])
def test_what_is_in_the_place_of_stored_results_is_neither_followed_nor_opened(
    content_folder: Path, trap: Trap
) -> None:
    """The results count as missing. A link is replaced, not what it points to."""
    site, cache = content_folder.with_name("site"), content_folder.with_name(".cache") / "codebook"
    run_main("--content", content_folder, "--site", site)
    moved: dict[Path, Mapping[str, bytes]] = {}
    for number, name in enumerate(STORED):
        path = cache / name.replace("STATE", str(state_of(site)))
        outside = content_folder.with_name(f"outside{number}")
        outside.mkdir()
        trap(path, outside)
        moved |= {outside: tree(outside)}
    register = content_folder / "signals.md"
    for text in ("open", "closed"):
        register.write_text(register.read_text().replace("open", text))
        for command in ("check", "build"):
            assert run_main(command, "--content", content_folder, "--site", site).returncode == 0
        assert f"is {text}" in (site / "status" / "11" / "index.html").read_text()
    assert {outside: tree(outside) for outside in moved} == moved


def test_nothing_is_written_through_a_cache_that_is_a_link(
    content_folder: Path, tmp_path: Path
) -> None:
    """A repository can contain the link. A folder that the user names can be in a linked folder."""
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / ".cache").symlink_to(elsewhere)
    (elsewhere / "codebook").mkdir()
    build = ("--content", content_folder, "--site", site)
    result = run_main("build", *build)
    assert result.returncode == 2
    assert f"{tmp_path}/.cache is a symbolic link; remove it, or choose a folder" in result.stderr
    assert run_main("check", *build).returncode == 0
    assert tree(elsewhere) == {}
    assert not site.exists()
    chosen = ("--cache", tmp_path / ".cache" / "of-this-book")
    assert run_main(*build, *chosen).returncode == 0
    assert (elsewhere / "of-this-book" / "results").is_file()


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
        AccessError, match=rf"^{state_of(site)}/manifest\.json: no space left on device$"
    ):
        apply(NEXT, site)
    assert tree(site) == SITE
    assert not (site / ".codebook").exists()


def test_a_site_on_another_file_system_is_staged_next_to_it(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files can't be renamed from the cache into it. Nothing is left, even if the build fails."""
    rename, replace = os.rename, os.replace

    def is_across(source: Path, target: Path) -> bool:
        return Path(source).is_relative_to(site) != Path(target).is_relative_to(site)

    def renamed(source: Path, target: Path) -> None:
        if is_across(source, target):
            raise OSError(errno.EXDEV, "Invalid cross-device link", source, None, target)
        rename(source, target)

    def replaced(source: Path, target: Path) -> None:
        assert not is_across(source, target)
        if target.name == "fails":
            raise OSError(errno.EIO, "Input/output error")
        replace(source, target)

    monkeypatch.setattr(os, "rename", renamed)
    monkeypatch.setattr(os, "replace", replaced)
    apply(NEXT, site)
    assert tree(site) == NEXT
    assert not (site / ".codebook").exists()
    with pytest.raises(AccessError, match=rf"^{site}/fails: input/output error$"):
        apply({**NEXT, "fails": b""}, site)
    assert not (site / ".codebook").exists()


@pytest.mark.parametrize("killed", ["in the cache", "in the site", "while it tests renaming"])
def test_what_a_killed_build_has_staged_is_removed(site: Path, killed: str) -> None:
    """It isn't published or taken for a foreign file."""
    staged = {"0": b"half", "1": b""}
    match killed:
        case "in the cache":
            write_tree(state_of(site) / "new", staged)
        case "in the site":
            write_tree(site / ".codebook" / "new", staged)
        case _:
            (site / ".codebook" / "new").mkdir(parents=True)
    apply(NEXT, site)
    assert tree(site) == NEXT
    assert not (site / ".codebook").exists()
    assert sorted(path.name for path in state_of(site).iterdir()) == ["lock", "manifest.json"]


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
    (state_of(site) / "manifest.json").write_text(manifest)


@pytest.mark.parametrize("manifest", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_manifest_is_repaired(site: Path, manifest: str) -> None:
    """The files that the build would write are adopted without being written again."""
    (site.parent / "empty").mkdir()
    (site.parent / "x").write_text("mine")
    (site / ".gitignore").write_text("*\n")
    intact = (state_of(site) / "manifest.json").read_bytes()
    _damage(site, manifest)
    assert apply(SITE, site).unchanged == len(SITE)
    assert (state_of(site) / "manifest.json").read_bytes() == intact
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
        shutil.rmtree(state_of(site))
    (site / "old.html").write_text("old")
    with pytest.raises(AccessError) as error:
        apply(NEXT, site)
    assert f"(index.html, old.html), and {state_of(site)}/manifest.json is {how}" in str(
        error.value
    )
    assert tree(site) == {**SITE, "old.html": b"old"}
    (site / "index.html").unlink()
    (site / "old.html").unlink()
    apply(NEXT, site)
    assert tree(site) == NEXT


def test_the_cache_can_be_deleted_at_any_time(content_folder: Path, tmp_path: Path) -> None:
    """The next build adopts the site, whether or not its content is edited."""
    site, register = tmp_path / "site", content_folder / "signals.md"
    build = ("--content", content_folder, "--site", site)
    run_main(*build)
    before = tree(site)
    shutil.rmtree(tmp_path / ".cache")
    result = run_main(*build)
    assert (result.returncode, tree(site)) == (0, before)
    assert ": 0 written," in result.stderr
    shutil.rmtree(tmp_path / ".cache")
    register.write_text(register.read_text().replace("open", "closed"))
    assert run_main(*build).returncode == 0
    assert "is closed" in (site / "status" / "11" / "index.html").read_text()
    assert tree(site).keys() == before.keys()


OURS = b'<!doctype html>\n<meta name="generator" content="codebook">\n'


@pytest.mark.parametrize("how", ["damaged", "missing"])
def test_without_a_manifest_the_files_of_a_generated_site_are_replaced(
    site: Path, how: str
) -> None:
    """The home page says that codebook generated the site. Files at other paths can be foreign."""
    apply({**SITE, "index.html": OURS}, site)
    before = {**SITE, "index.html": OURS, "status/11/index.html": b"mine", "old/index.html": b""}
    write_tree(site, before)
    if how == "damaged":
        _damage(site, "")
    else:
        shutil.rmtree(state_of(site))
    with pytest.raises(AccessError, match=r"\(old/index\.html\), and "):
        apply(NEXT, site)
    assert tree(site) == before
    shutil.rmtree(site / "old")
    apply(NEXT, site)
    assert tree(site) == NEXT


def test_with_a_manifest_only_files_in_it_are_replaced(site: Path) -> None:
    """This is true even if the next build has a page at that path."""
    apply({**SITE, "index.html": OURS}, site)
    write_tree(site, {"guides/a/index.html": b"mine"})
    with pytest.raises(AccessError, match=r"did not write \(guides/a/index\.html\);"):
        apply(NEXT, site)
    assert tree(site) == {**SITE, "index.html": OURS, "guides/a/index.html": b"mine"}


@pytest.mark.parametrize(
    "home",
    [
        b'<meta name="generator" content="another program">',
        b'<p>&lt;meta name="generator" content="codebook">',
        b"<p>codebook" + bytes(1 << 16) + OURS,
    ],
)
def test_the_home_page_of_another_program_is_not_replaced(tmp_path: Path, home: bytes) -> None:
    """A site that is moved to codebook can have the same URLs."""
    site = write_tree(tmp_path / "site", {**SITE, "index.html": home})
    with pytest.raises(AccessError, match=r"\(index\.html\), and "):
        apply(NEXT, site)
    assert tree(site) == {**SITE, "index.html": home}


def test_a_large_foreign_home_page_is_not_read(tmp_path: Path) -> None:
    """Its start is enough to know that codebook didn't generate it."""
    site = tmp_path / "site"
    site.mkdir()
    with (site / "index.html").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(AccessError, match=r"\(index\.html\)"):
        apply(NEXT, site)


@pytest.mark.parametrize("with_new_state", [True, False])
def test_the_state_of_an_older_version_is_taken_over(site: Path, *, with_new_state: bool) -> None:
    """It was in the site, and is removed from it."""
    old = site / ".codebook"
    shutil.copytree(state_of(site), old)
    (old / "new").mkdir()
    (old / "new" / "0").write_bytes(b"half")
    if not with_new_state:
        shutil.rmtree(state_of(site))
    apply(NEXT, site)
    assert tree(site) == NEXT
    assert not old.exists()


def test_a_foreign_file_in_the_old_state_stays(site: Path) -> None:
    """Hosts may publish it, but it isn't ours."""
    write_tree(site, {".codebook/mine": b"mine"})
    apply(NEXT, site)
    assert tree(site) == {**NEXT, ".codebook/mine": b"mine"}


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
    assert clean_site(site, state_of(site), lambda: None)[1] == []
    assert not (site / "assets").exists()


def test_kept_assets_are_recognized_without_a_manifest(site: Path) -> None:
    """Their names have the hash of their content; a foreign file with such a name doesn't."""
    apply(assets(search=b"1"), site)
    apply(assets(search=b"2"), site)
    shutil.rmtree(state_of(site))
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
    clean = ("clean", "--content", content_folder)
    result = run_main(*clean, "--site", site)
    assert result.returncode == 0
    assert result.stderr.endswith(
        f" files from {site}/; kept what codebook did not write: CNAME, status/11/notes.txt\n"
    )
    assert tree(site) == foreign
    assert sorted(path.name for path in site.iterdir()) == [".gitignore", "CNAME", "status"]
    assert run_main("-q", *clean, "--site", site).stderr == ""
    assert run_main(*clean, "--site", tmp_path / "missing").returncode == 0
    assert not (tmp_path / "missing").exists()


def test_cleaning_with_a_damaged_manifest_removes_nothing(site: Path) -> None:
    """A build repairs it first."""
    _damage(site, "")
    clean = ("clean", "--content", site.with_name("content"), "--site", site)
    result = run_main(*clean)
    assert result.returncode == 2
    assert "manifest.json is damaged, so it is unknown which files codebook wrote" in result.stderr
    assert tree(site) == SITE
    apply(SITE, site)
    assert run_main(*clean).returncode == 0
    assert list(site.iterdir()) == []


def test_cleaning_uses_the_state_of_an_older_version(site: Path) -> None:
    """It's in the site, and is removed from it."""
    state_of(site).rename(site / ".codebook")
    cleaned = run_main("clean", "--content", site.with_name("content"), "--site", site)
    assert (cleaned.returncode, cleaned.stderr) == (0, f"removed 3 files from {site}/\n")
    assert list(site.iterdir()) == []


@pytest.mark.slow
def test_cleaning_needs_no_packages(site: Path) -> None:
    """`make clean` works if `.venv` is missing or broken."""
    (site / "CNAME").write_text("codes.example\n")
    result = subprocess.run(
        [
            *(sys.executable, "-S", "-m", "codebook.cli.clean"),
            *("--content", site.with_name("content"), "--site", site),
        ],
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
