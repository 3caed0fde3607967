"""`new` writes what was begun, and nothing that the book would be worse for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from codebook.authoring.new import TODO

Run = Callable[..., CompletedProcess[str]]
ReadTree = Callable[[Path], Mapping[str, bytes]]


def test_a_name_that_leads_to_another_code_already_stays_with_it(
    run_codebook: Run, content_folder: Path
) -> None:
    """Else the two would be a problem, and the editor could do nothing about it."""
    for number in ("12", "13"):
        ended = run_codebook(
            "new", number, "--text", "W.", "--name", "Shut", "--content", content_folder
        )
        assert ended.returncode == 0
    aliases = "\naliases = []\n"
    assert aliases not in (content_folder / "codes" / "12.md").read_text(encoding="utf-8")
    assert aliases in (content_folder / "codes" / "13.md").read_text(encoding="utf-8")
    assert run_codebook("check", "--strict", "--content", content_folder).returncode == 0


def test_new_writes_the_file_and_says_what_to_do(run_codebook: Run, content_folder: Path) -> None:
    """The path on stdout, where a program can take it; all else on stderr."""
    ended = run_codebook("new", "11", "--content", content_folder)
    assert (ended.returncode, ended.stdout) == (0, f"{content_folder}/codes/11.md\n")
    assert f"where {TODO} stands" in ended.stderr
    assert "build.py serve" in ended.stderr
    assert run_codebook("check", "--strict", "--content", content_folder).returncode == 0
    assert run_codebook("-q", "new", "guide", "by-day", "--content", content_folder).stderr == ""


def test_new_leaves_an_article_alone(
    run_codebook: Run, content_folder: Path, read_tree: ReadTree
) -> None:
    """Whatever it holds, and whatever else is said."""
    (content_folder / "codes").mkdir()
    (content_folder / "codes" / "11.md").write_bytes(b"```toml\n```\n\nMine.\n")
    before = read_tree(content_folder)
    for more in ([], ["--text", "Words."]):
        ended = run_codebook("new", "11", "--content", content_folder, *more)
        assert ended.returncode == 2
        assert ended.stderr.startswith(
            f"error: {content_folder}/codes/11.md is there already\nhelp: "
        )
        assert read_tree(content_folder) == before


def test_a_code_that_no_register_describes_gets_its_place_in_one(
    run_codebook: Run, content_folder: Path
) -> None:
    """Without a text it is said what to do; doing it leads to a book that builds."""
    ended = run_codebook("new", "12", "--content", content_folder)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == (
        "error: no register describes code 12\n"
        'help: say what it means, and it gets its place: new 12 --text "…"\n'
    )
    assert not (content_folder / "codes").exists()
    ended = run_codebook(
        "new", "12", "--text", "It is \n closed.", "--name", "Shut", "--content", content_folder
    )
    assert ended.returncode == 0
    assert ended.stdout == f"{content_folder}/signals.md\n{content_folder}/codes/12.md\n"
    text = (content_folder / "signals.md").read_text(encoding="utf-8")
    assert text.endswith("- 11\nThe harbour is open.\n\n- 12 Shut\nIt is closed.\n")
    assert 'name = "Shut"' in (content_folder / "codes" / "12.md").read_text(encoding="utf-8")
    assert run_codebook("check", "--strict", "--content", content_folder).returncode == 0


@pytest.mark.parametrize("number", ["1", "9", "30", "421"])
def test_a_number_outside_of_every_class_is_refused(
    run_codebook: Run, content_folder: Path, number: str
) -> None:
    """With the classes that there are."""
    ended = run_codebook("new", number, "--text", "Words.", "--content", content_folder)
    assert ended.returncode == 2
    assert f"error: code {number} is in no class of the registers\n" in ended.stderr
    assert "help: the classes are 10–19;" in ended.stderr


def test_words_for_a_code_that_is_described_are_refused(
    run_codebook: Run, content_folder: Path
) -> None:
    """They would have no place."""
    ended = run_codebook("new", "11", "--text", "Words.", "--content", content_folder)
    assert ended.returncode == 2
    assert "code 11 is described already" in ended.stderr


@pytest.mark.parametrize(
    "words",
    [["12a"], ["011"], ["guide"], ["table"], ["gide", "x"], ["guide", "a", "b"], ["-1"], []],
)
def test_what_cannot_be_begun_is_exit_2(
    run_codebook: Run, content_folder: Path, words: list[str]
) -> None:
    """With what can."""
    ended = run_codebook("new", *words, "--content", content_folder)
    assert ended.returncode == 2
    assert "guide" in ended.stderr
    assert sorted(path.name for path in content_folder.iterdir()) == ["signals.md"]


def test_nothing_is_written_that_the_book_would_be_worse_for(
    run_codebook: Run, content_folder: Path, read_tree: ReadTree
) -> None:
    """What would be wrong is said as a check says it; exit 1."""
    (content_folder / "book.toml").write_text(
        '[moved]\n"guides/old/" = "signals.md"\n', encoding="utf-8"
    )
    before = read_tree(content_folder)
    ended = run_codebook("new", "guide", "old", "--content", content_folder)
    assert ended.returncode == 1
    assert "error[duplicate-address]" in ended.stdout
    assert ended.stderr == "nothing was written\n"
    ended = run_codebook("new", "12", "--text", "<b>Bold</b>", "--content", content_folder)
    assert ended.returncode == 1
    assert "warning[raw-html]" in ended.stdout
    ended = run_codebook("new", "12", "--text", "- 13", "--content", content_folder)
    assert ended.returncode == 1
    assert read_tree(content_folder) == before


def test_a_book_with_faults_of_its_own_can_be_gone_on_with(
    run_codebook: Run, content_folder: Path
) -> None:
    """Only what is new counts, wherever the rest stands afterwards."""
    text = (content_folder / "signals.md").read_text(encoding="utf-8")
    (content_folder / "signals.md").write_text(
        f"{text}\n- 15\n<b>Wait.</b>\n\n- 99\nWhat?\n", "utf-8"
    )
    ended = run_codebook("new", "12", "--text", "Closed.", "--content", content_folder)
    assert (ended.returncode, ended.stdout) == (
        0,
        f"{content_folder}/signals.md\n{content_folder}/codes/12.md\n",
    )


def test_a_register_that_cannot_be_read_is_said(run_codebook: Run, content_folder: Path) -> None:
    """The code may well be in it."""
    (content_folder / "signals.md").write_bytes(b"\xff")
    ended = run_codebook("new", "12", "--content", content_folder)
    assert ended.returncode == 2
    assert "the registers cannot be read as they are" in ended.stderr


def test_a_content_folder_that_is_not_there_is_exit_2(run_codebook: Run, tmp_path: Path) -> None:
    """It is not made: nothing could be begun in it."""
    ended = run_codebook("new", "guide", "by-day", "--content", tmp_path / "none")
    assert ended.returncode == 2
    assert ended.stderr.endswith("does not exist\n")
    assert not (tmp_path / "none").exists()
