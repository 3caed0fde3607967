"""What git remembers of a content folder, asked of real repositories, hostile ones too."""

from __future__ import annotations

import ast
import os
import shlex
import stat
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import pytest

from codebook import git
from codebook.git import history
from codebook.history import History

ROOT = Path(__file__).resolve().parent.parent
START = 1_700_000_000
DAY = 86_400

Tree = Callable[[Path], Mapping[str, bytes]]


@dataclass(frozen=True)
class Repository:
    """A repository, its commits a day apart."""

    folder: Path

    def git(self, *arguments: str, day: int = 0, given: str = "") -> str:
        """Run git in it, as nobody in particular; what it says."""
        second = START + day * DAY
        named = {
            f"GIT_{who}_{what}": value
            for who, date in (("AUTHOR", START - DAY), ("COMMITTER", second))
            for what, value in {
                "NAME": "codebook",
                "EMAIL": "codebook@codes.example",
                "DATE": f"{date} +0930",
            }.items()
        }
        # Whoever tests in a hook has variables that lead to the repository of the hook.
        own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        return subprocess.run(
            ["git", "-C", str(self.folder), "-c", "protocol.file.allow=always", *arguments],  # noqa: S607 - of this machine
            env={**own, "GIT_CONFIG_GLOBAL": os.devnull, **named},
            input=given,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    def write(self, **files: str | None) -> None:
        """Write files, or remove those that are None."""
        for name, words in files.items():
            place = self.folder / name
            if words is None:
                place.unlink()
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(words.encode())

    def commit(self, day: int, subject: str = "", **files: str | None) -> str:
        """Write files and commit everything; the commit's id."""
        self.write(**files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty-message", "-m", subject, day=day)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository without commits."""
    made = Repository(tmp_path / "repository")
    made.folder.mkdir()
    made.git("init", "--quiet", "--initial-branch=main")
    return made


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str, str], Path]:
    """Make a program out of the lines of a shell script."""

    def program(name: str, lines: str) -> Path:
        place = tmp_path / name
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
        place.chmod(stat.S_IRWXU)
        return place

    return program


def day(number: int) -> datetime:
    """The time of the commits of a day."""
    return datetime.fromtimestamp(START + number * DAY, UTC)


def known(folder: Path) -> History:
    """The history of a folder that has one."""
    found = history(folder)
    assert found is not None
    return found


def dates(folder: Path) -> dict[str, datetime]:
    """The dates of a folder's files, by their names."""
    return {path.as_posix(): when for path, when in known(folder).dates.items()}


# --- dates and changes -----------------------------------------------------------------------


def test_a_file_has_the_date_of_its_last_change(repository: Repository) -> None:
    """The date of the commit, in UTC: not when its words were first written."""
    repository.commit(1, "first", x="1", y="1")
    repository.commit(2, "second", y="2")
    assert dates(repository.folder) == {"x": day(1), "y": day(2)}
    assert {when.tzinfo for when in known(repository.folder).dates.values()} == {UTC}


def test_changes_name_their_commit_and_their_files(repository: Repository) -> None:
    """The newest first, each with its whole id, its subject alone and its files in order."""
    first = repository.commit(1, "Ein Anfang – “so”\n\nand a body", y="1", x="1")
    second = repository.commit(2, "Go on", x="2")
    changes = known(repository.folder).changes
    assert [(each.commit, each.when, each.subject) for each in changes] == [
        (second, day(2), "Go on"),
        (first, day(1), "Ein Anfang – “so”"),
    ]
    assert [each.paths for each in changes] == [
        (PurePosixPath("x"),),
        (PurePosixPath("x"), PurePosixPath("y")),
    ]


def test_a_change_without_a_subject_is_one(repository: Repository) -> None:
    """Its subject is empty."""
    repository.commit(1, x="1")
    assert [change.subject for change in known(repository.folder).changes] == [""]


def test_a_file_that_is_not_as_it_was_committed_has_no_date(repository: Repository) -> None:
    """Changed, changed and staged, removed, or never committed: its last change is not known."""
    names = ("same", "changed", "staged", "removed", "linked")
    repository.commit(1, **dict.fromkeys(names, "1"))
    repository.write(changed="2", staged="2", removed=None, linked=None, new="1")
    (repository.folder / "linked").symlink_to("same")
    repository.git("add", "staged")
    assert dates(repository.folder) == {"same": day(1)}


def test_a_file_that_was_only_touched_keeps_its_date(repository: Repository) -> None:
    """What counts is what it holds, not when it was written to this disk."""
    repository.commit(1, x="1")
    repository.git("update-index", "--refresh")
    os.utime(repository.folder / "x", (START, START))
    assert dates(repository.folder) == {"x": day(1)}


def test_a_content_folder_may_lie_below_the_root(repository: Repository) -> None:
    """Paths are relative to it, and what lies beside it is not spoken of."""
    repository.commit(1, **{"book/content/codes/1.md": "1", "README.md": "1"})
    repository.commit(2, "beside it", **{"README.md": "2", "book/content-2/1.md": "1"})
    repository.commit(3, **{"book/content/2.md": "1"})
    found = known(repository.folder / "book" / "content")
    assert found.dates == {PurePosixPath("codes/1.md"): day(1), PurePosixPath("2.md"): day(3)}
    assert [change.when for change in found.changes] == [day(3), day(1)]


def test_a_folder_may_be_named_from_where_one_stands(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a person types it."""
    repository.commit(1, **{"content/x": "1"})
    monkeypatch.chdir(repository.folder)
    assert dates(Path("content")) == {"x": day(1)}


NAMES = (
    *(" a  b ", 'it\'s "so".md', "Häfen–日本.md", "-c", "--help", "a\tb", ":x", ":(glob)*"),
    *("*", "[x]", "\\x", '"', "a/-b/c", "HEAD", "e\u0301.md"),
)


@pytest.mark.parametrize("name", NAMES)
def test_files_may_have_any_name(repository: Repository, name: str) -> None:
    """No name is taken for an option, a pattern or several names."""
    repository.commit(1, **{name: "1", "other": "1"})
    repository.commit(2, other="2")
    found = known(repository.folder)
    assert found.dates[PurePosixPath(name)] == day(1)
    assert PurePosixPath(name) in found.changes[-1].paths


@pytest.mark.parametrize("name", ["-c", 'it\'s "so"', "日本 *", "{up}", "a\rb"])
def test_the_folder_may_have_any_name(repository: Repository, name: str) -> None:
    """As far as a file's name can be said on one line its date is known, else left out."""
    repository.commit(1, **{f"{name}/x": "1"})
    expected = {} if "\r" in name else {"x": day(1)}
    assert dates(repository.folder / name) == expected


def test_a_name_with_a_line_end_has_no_date(repository: Repository) -> None:
    """Git would take it for two names; the other files keep theirs."""
    repository.commit(1, **{"a\nb": "1", "x": "1"})
    assert dates(repository.folder) == {"x": day(1)}
    assert PurePosixPath("a\nb") in known(repository.folder).changes[0].paths


def test_a_name_that_is_no_text_has_a_date(repository: Repository) -> None:
    """It is the name that the rest of the program knows the file by."""
    name = os.fsdecode(b"\xff.md")
    repository.commit(1, **{name: "1"})
    assert list(known(repository.folder).dates) == [PurePosixPath(name)]


def test_a_renamed_file_is_as_old_as_its_name(repository: Repository) -> None:
    """Its page is a new one at that address; the change names both."""
    repository.commit(1, old="the same words")
    repository.git("mv", "old", "new")
    repository.commit(2, "rename")
    assert dates(repository.folder) == {"new": day(2)}
    assert known(repository.folder).changes[0].paths == (
        PurePosixPath("new"),
        PurePosixPath("old"),
    )


def test_what_a_branch_brought_has_the_dates_of_its_own_commits(repository: Repository) -> None:
    """A merge that only joins changes nothing."""
    repository.commit(1, x="1", y="1")
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit(2, "beside", y="2")
    repository.git("checkout", "--quiet", "main")
    repository.commit(3, "meanwhile", x="2")
    repository.git("merge", "--quiet", "-m", "merge", "side", day=4)
    assert dates(repository.folder) == {"x": day(3), "y": day(2)}
    assert [each.when for each in known(repository.folder).changes] == [day(3), day(2), day(1)]


def test_what_a_merge_changed_by_itself_has_its_date(repository: Repository) -> None:
    """Both sides changed the file, and what it is now neither of them had."""
    repository.commit(1, **{"content/x": "a\nb\nc\nd\ne\n"})
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit(2, **{"content/x": "A\nb\nc\nd\ne\n"})
    repository.git("checkout", "--quiet", "main")
    repository.commit(3, **{"content/x": "a\nb\nc\nd\nE\n"})
    repository.git("merge", "--quiet", "-m", "merge", "side", day=4)
    assert dates(repository.folder / "content") == {"x": day(4)}
    assert known(repository.folder / "content").changes[0].subject == "merge"


def test_what_a_merge_threw_away_makes_no_file_newer(repository: Repository) -> None:
    """The file is still what it was before."""
    repository.commit(1, x="1")
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit(3, x="2")
    repository.git("checkout", "--quiet", "main")
    repository.commit(2, y="1")
    repository.git("merge", "--quiet", "--strategy=ours", "-m", "merge", "side", day=4)
    assert dates(repository.folder) == {"x": day(1), "y": day(2)}


# --- where nothing can be known --------------------------------------------------------------


def test_a_shallow_clone_has_no_history(repository: Repository, tmp_path: Path) -> None:
    """It would give every file the date of the one commit that it has."""
    repository.commit(1, x="1")
    repository.commit(2, y="1")
    address = repository.folder.as_uri()
    repository.git("clone", "--quiet", "--depth", "1", address, str(tmp_path / "clone"))
    assert history(tmp_path / "clone") is None
    repository.git("clone", "--quiet", address, str(tmp_path / "whole"))
    assert dates(tmp_path / "whole") == {"x": day(1), "y": day(2)}


def test_a_folder_without_a_repository_has_no_history(tmp_path: Path) -> None:
    """As where the files were downloaded without it."""
    (tmp_path / "x").write_bytes(b"1")
    assert history(tmp_path) is None


def test_a_repository_without_commits_has_no_history(repository: Repository) -> None:
    """Though files may be there."""
    repository.write(x="1")
    assert history(repository.folder) is None
    repository.git("add", "x")
    assert history(repository.folder) is None


@pytest.mark.parametrize("folder", ["other", ".git", ".git/refs", "nowhere", "x"])
def test_a_folder_that_the_repository_does_not_hold_has_no_history(
    repository: Repository, folder: str
) -> None:
    """A book in a folder of its own inside somebody's repository, or no folder at all."""
    repository.commit(1, x="1")
    repository.write(**{"other/x": "1"})
    assert history(repository.folder / folder) is None


def test_a_folder_that_the_repository_no_longer_holds_has_no_history(
    repository: Repository,
) -> None:
    """What it held once is no longer what is published."""
    repository.commit(1, **{"content/x": "1", "y": "1"})
    repository.git("rm", "--quiet", "--cached", "content/x")
    repository.commit(2, **{".gitignore": "content"})
    assert history(repository.folder / "content") is None


def test_a_bare_repository_has_no_history(repository: Repository, tmp_path: Path) -> None:
    """It has no files to publish."""
    repository.commit(1, x="1")
    bare = tmp_path / "bare"
    repository.git("clone", "--quiet", "--bare", repository.folder.as_uri(), str(bare))
    assert history(bare) is None


def test_without_git_there_is_no_history(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine without git builds the site all the same."""
    repository.commit(1, x="1")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert history(repository.folder) is None


def test_a_git_that_does_not_answer_is_not_waited_for(
    repository: Repository,
    program: Callable[[str, str], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The build goes on without a history."""
    repository.commit(1, x="1")
    monkeypatch.setattr(git, "_PATIENCE", 0.2)
    slow = program("bin/git", "exec sleep 30")
    monkeypatch.setenv("PATH", f"{slow.parent}{os.pathsep}{os.environ['PATH']}")
    assert history(repository.folder) is None


def test_a_git_that_lies_beside_the_content_is_not_run(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even where the search path begins with the folder that one stands in."""
    repository.commit(1, **{"content/x": "1", "content/git": "#!/bin/sh\nexit 1\n"})
    (repository.folder / "content" / "git").chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(repository.folder)
    assert dates(Path("content"))["x"] == day(1)


# --- whom nothing is believed or done for ----------------------------------------------------


def test_another_repository_in_the_environment_is_not_asked(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hook that builds the site has the variables of the repository that it serves."""
    repository.commit(1, x="1")
    other = Repository(tmp_path / "other")
    other.folder.mkdir()
    other.git("init", "--quiet")
    other.commit(5, x="1")
    monkeypatch.setenv("GIT_DIR", str(other.folder / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.folder))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.folder / ".git" / "index"))
    assert dates(repository.folder) == {"x": day(1)}


SETTINGS = {
    "color.ui": "always",
    "core.abbrev": "4",
    "core.quotePath": "true",
    "diff.mnemonicPrefix": "true",
    "diff.orderFile": "order",
    "diff.relative": "false",
    "diff.renames": "copies",
    "format.pretty": "oneline",
    "i18n.logOutputEncoding": "latin1",
    "log.date": "human",
    "log.decorate": "full",
    "log.diffMerges": "first-parent",
    "log.follow": "true",
    "log.showRoot": "false",
    "log.showSignature": "true",
}


@pytest.mark.parametrize("is_of_person", [True, False])
def test_settings_change_nothing_of_what_is_known(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_of_person: bool
) -> None:
    """Neither those of the person nor those of the repository."""
    repository.commit(1, "Häfen", **{"content/z": "words", "content/é": "1"})
    repository.git("mv", "content/z", "content/a")
    repository.commit(2, "rename")
    content = repository.folder / "content"
    before = history(content)
    order = tmp_path / "order"
    order.write_bytes(b"z\n")
    place = tmp_path / "config" if is_of_person else repository.folder / ".git" / "config"
    for key, value in {**SETTINGS, "diff.orderFile": str(order)}.items():
        repository.git("config", "--file", str(place), key, value)
    if is_of_person:
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(place))
    assert before is not None
    assert history(content) == before


def test_a_commit_that_was_replaced_is_told_as_it_was_made(repository: Repository) -> None:
    """Replacements are of one clone alone; another one would give other dates."""
    first = repository.commit(1, x="1")
    raw = repository.git("cat-file", "commit", first).replace(str(START + DAY), str(START))
    other = repository.git("hash-object", "-t", "commit", "-w", "--stdin", given=raw)
    repository.git("replace", first, other)
    assert dates(repository.folder) == {"x": day(1)}


def test_nothing_is_written_to_the_repository(repository: Repository, tree: Tree) -> None:
    """Not even the index, which git likes to refresh when it looks."""
    repository.commit(1, x="1")
    os.utime(repository.folder / "x", (START, START))
    before = tree(repository.folder)
    assert history(repository.folder) is not None
    assert tree(repository.folder) == before


@dataclass(frozen=True)
class Trap:
    """A program that leaves a mark where somebody runs it."""

    place: Path
    mark: Path

    def __str__(self) -> str:
        """Its command, for a shell."""
        return shlex.quote(str(self.place))


@pytest.fixture
def trap(tmp_path: Path, program: Callable[[str, str], Path]) -> Trap:
    """What a hostile repository would like to be run."""
    mark = tmp_path / "mark"
    return Trap(program("trap", f"touch {shlex.quote(str(mark))}; cat"), mark)


@pytest.fixture
def hostile(repository: Repository, trap: Trap) -> Repository:
    """A repository whose settings, attributes and hooks name the trap wherever git runs one."""
    repository.commit(1, **{"x.md": "1", ".gitattributes": "* filter=trap diff=trap merge=trap"})
    raw = repository.git("cat-file", "commit", "HEAD")
    head, _, words = raw.partition("\n\n")
    signed = (
        f"{head}\ngpgsig -----BEGIN PGP SIGNATURE-----\n -----END PGP SIGNATURE-----\n\n{words}"
    )
    commit = repository.git("hash-object", "-t", "commit", "-w", "--stdin", given=f"{signed}\n")
    repository.git("reset", "--soft", commit)
    for key in (
        *("core.fsmonitor", "core.pager", "core.editor", "core.askPass", "core.sshCommand"),
        *("core.alternateRefsCommand", "diff.external", "diff.trap.command", "diff.trap.textconv"),
        *("filter.trap.clean", "filter.trap.smudge", "filter.trap.process", "gpg.program"),
        *("interactive.diffFilter", "credential.helper", "uploadpack.packObjectsHook"),
        *(f"pager.{command}" for command in ("rev-parse", "rev-list", "diff-tree", "ls-tree")),
    ):
        repository.git("config", key, str(trap))
    for command in ("rev-parse", "rev-list", "diff-tree", "ls-tree", "hash-object", "log"):
        repository.git("config", f"alias.{command}", f"!{trap}")
    repository.git("config", "log.showSignature", "true")
    repository.git("config", "filter.trap.required", "true")
    hooks = repository.folder / ".git" / "hooks"
    for hook in ("post-index-change", "post-checkout", "reference-transaction", "pre-auto-gc"):
        (hooks / hook).write_bytes(trap.place.read_bytes())
        (hooks / hook).chmod(stat.S_IRWXU)
    # So that whoever trusts times alone has to look into it, through the filter.
    os.utime(repository.folder / "x.md", (START, START))
    return repository


@pytest.mark.parametrize("command", ["status", "diff", "log"])
def test_the_hostile_repository_is_one(hostile: Repository, trap: Trap, command: str) -> None:
    """What the next test finds not to be run is run where git is used without care."""
    with suppress(subprocess.CalledProcessError):
        hostile.git(command)
    assert trap.mark.exists()


def test_a_hostile_repository_runs_nothing(hostile: Repository, trap: Trap) -> None:
    """No monitor, filter, driver, pager, alias, hook or checker of signatures; it is just read."""
    assert dates(hostile.folder)["x.md"] == day(1)
    assert not trap.mark.exists()


def test_what_a_clone_lacks_is_not_fetched(
    repository: Repository, tmp_path: Path, trap: Trap
) -> None:
    """Not from the place it came from, nor by a program that claims to be one: a build is alone."""
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.commit(1, **{"content/x": "1"})
    repository.commit(2, **{"content/x": "2"})
    clone = Repository(tmp_path / "clone")
    repository.git(
        *("clone", "--quiet", "--no-checkout", "--filter=tree:0"),
        *(repository.folder.as_uri(), str(clone.folder)),
    )
    (clone.folder / "content").mkdir()
    for url in (repository.folder.as_uri(), f"ext::{trap}"):
        clone.git("config", "remote.origin.url", url)
        clone.git("config", "protocol.allow", "always")
        before = sorted((clone.folder / ".git" / "objects").rglob("*"))
        assert history(clone.folder / "content") is None
        assert sorted((clone.folder / ".git" / "objects").rglob("*")) == before
    assert not trap.mark.exists()


def test_one_module_runs_processes() -> None:
    """Nothing of the program but `git` starts another program."""
    runners = {"subprocess", "multiprocessing", "pty", "ctypes"}
    calls = {"system", "popen", "fork", "forkpty", "posix_spawn", "posix_spawnp", "startfile"}
    found = set()
    for path in sorted((ROOT / "codebook").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names = {(node.module or "").partition(".")[0]}
            else:
                names = set()
            called = node.attr if isinstance(node, ast.Attribute) else ""
            if names & runners or called in calls or called.startswith(("exec", "spawn")):
                found.add(path.name)
    assert found == {"git.py"}
