"""`new` writes what was begun, and nothing that the book would be worse for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from codebook.authoring.new import MARK

Run = Callable[..., CompletedProcess[str]]
Tree = Callable[[Path], Mapping[str, bytes]]


def test_a_name_that_leads_to_another_code_already_stays_with_it(build: Run, book: Path) -> None:
    """Else the two would be a problem, and the editor could do nothing about it."""
    for number in ("12", "13"):
        ended = build("new", number, "--text", "W.", "--name", "Shut", "--content", book)
        assert ended.returncode == 0
    aliases = "\naliases = []\n"
    assert aliases not in (book / "codes" / "12.md").read_text(encoding="utf-8")
    assert aliases in (book / "codes" / "13.md").read_text(encoding="utf-8")
    assert build("check", "--strict", "--content", book).returncode == 0


def test_new_writes_the_file_and_says_what_to_do(build: Run, book: Path) -> None:
    """The path on stdout, where a program can take it; all else on stderr."""
    ended = build("new", "11", "--content", book)
    assert (ended.returncode, ended.stdout) == (0, f"{book}/codes/11.md\n")
    assert f"where {MARK} stands" in ended.stderr
    assert "build.py serve" in ended.stderr
    assert build("check", "--strict", "--content", book).returncode == 0
    assert build("-q", "new", "guide", "by-day", "--content", book).stderr == ""


def test_new_leaves_an_article_alone(build: Run, book: Path, tree: Tree) -> None:
    """Whatever it holds, and whatever else is said."""
    (book / "codes").mkdir()
    (book / "codes" / "11.md").write_bytes(b"```toml\n```\n\nMine.\n")
    before = tree(book)
    for more in ([], ["--text", "Words."]):
        ended = build("new", "11", "--content", book, *more)
        assert ended.returncode == 2
        assert ended.stderr.startswith(f"error: {book}/codes/11.md is there already\nhelp: ")
        assert tree(book) == before


def test_a_code_that_no_register_describes_gets_its_place_in_one(build: Run, book: Path) -> None:
    """Without a text it is said what to do; doing it leads to a book that builds."""
    ended = build("new", "12", "--content", book)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == (
        "error: no register describes code 12\n"
        'help: say what it means, and it gets its place: new 12 --text "…"\n'
    )
    assert not (book / "codes").exists()
    ended = build("new", "12", "--text", "It is \n closed.", "--name", "Shut", "--content", book)
    assert ended.returncode == 0
    assert ended.stdout == f"{book}/signals.md\n{book}/codes/12.md\n"
    text = (book / "signals.md").read_text(encoding="utf-8")
    assert text.endswith("- 11\nThe harbour is open.\n\n- 12 Shut\nIt is closed.\n")
    assert 'name = "Shut"' in (book / "codes" / "12.md").read_text(encoding="utf-8")
    assert build("check", "--strict", "--content", book).returncode == 0


@pytest.mark.parametrize("number", ["1", "9", "30", "421"])
def test_a_number_outside_of_every_class_is_refused(build: Run, book: Path, number: str) -> None:
    """With the classes that there are."""
    ended = build("new", number, "--text", "Words.", "--content", book)
    assert ended.returncode == 2
    assert f"error: code {number} is in no class of the registers\n" in ended.stderr
    assert "help: the classes are 10–19;" in ended.stderr


def test_words_for_a_code_that_is_described_are_refused(build: Run, book: Path) -> None:
    """They would have no place."""
    ended = build("new", "11", "--text", "Words.", "--content", book)
    assert ended.returncode == 2
    assert "code 11 is described already" in ended.stderr


@pytest.mark.parametrize(
    "words",
    [["12a"], ["011"], ["guide"], ["table"], ["gide", "x"], ["guide", "a", "b"], ["-1"], []],
)
def test_what_cannot_be_begun_is_exit_2(build: Run, book: Path, words: list[str]) -> None:
    """With what can."""
    ended = build("new", *words, "--content", book)
    assert ended.returncode == 2
    assert "guide" in ended.stderr
    assert sorted(path.name for path in book.iterdir()) == ["signals.md"]


def test_nothing_is_written_that_the_book_would_be_worse_for(
    build: Run, book: Path, tree: Tree
) -> None:
    """What would be wrong is said as a check says it; exit 1."""
    (book / "book.toml").write_text('[moved]\n"guides/old/" = "signals.md"\n', encoding="utf-8")
    before = tree(book)
    ended = build("new", "guide", "old", "--content", book)
    assert ended.returncode == 1
    assert "error[duplicate-address]" in ended.stdout
    assert ended.stderr == "nothing was written\n"
    ended = build("new", "12", "--text", "<b>Bold</b>", "--content", book)
    assert ended.returncode == 1
    assert "warning[raw-html]" in ended.stdout
    ended = build("new", "12", "--text", "- 13", "--content", book)
    assert ended.returncode == 1
    assert tree(book) == before


def test_a_book_with_faults_of_its_own_can_be_gone_on_with(build: Run, book: Path) -> None:
    """Only what is new counts, wherever the rest stands afterwards."""
    text = (book / "signals.md").read_text(encoding="utf-8")
    (book / "signals.md").write_text(f"{text}\n- 15\n<b>Wait.</b>\n\n- 99\nWhat?\n", "utf-8")
    ended = build("new", "12", "--text", "Closed.", "--content", book)
    assert (ended.returncode, ended.stdout) == (0, f"{book}/signals.md\n{book}/codes/12.md\n")


def test_a_register_that_cannot_be_read_is_said(build: Run, book: Path) -> None:
    """The code may well be in it."""
    (book / "signals.md").write_bytes(b"\xff")
    ended = build("new", "12", "--content", book)
    assert ended.returncode == 2
    assert "the registers cannot be read as they are" in ended.stderr


def test_a_content_folder_that_is_not_there_is_exit_2(build: Run, tmp_path: Path) -> None:
    """It is not made: nothing could be begun in it."""
    ended = build("new", "guide", "by-day", "--content", tmp_path / "none")
    assert ended.returncode == 2
    assert ended.stderr.endswith("does not exist\n")
    assert not (tmp_path / "none").exists()
