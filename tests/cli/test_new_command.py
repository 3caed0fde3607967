"""`new` writes the files that it creates, unless they would add a diagnostic to the book."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from codebook.authoring.new import TODO
from tests.in_process import run_main

Run = Callable[..., CompletedProcess[str]]
ReadTree = Callable[[Path], Mapping[str, bytes]]


def test_a_name_that_redirects_to_another_code_is_not_reused(content_folder: Path) -> None:
    """Otherwise, both redirects would conflict."""
    for number in ("12", "13"):
        process = run_main(
            "new", number, "--text", "W.", "--name", "Shut", "--content", content_folder
        )
        assert process.returncode == 0
    aliases = "\naliases = []\n"
    assert aliases not in (content_folder / "codes" / "12.md").read_text(encoding="utf-8")
    assert aliases in (content_folder / "codes" / "13.md").read_text(encoding="utf-8")
    assert run_main("check", "--content", content_folder).returncode == 0


@pytest.mark.slow
def test_new_writes_the_file_and_prints_the_next_steps(
    run_codebook: Run, content_folder: Path
) -> None:
    """The path is printed on stdout for programs, and everything else on stderr."""
    process = run_codebook("new", "11", "--content", content_folder)
    assert (process.returncode, process.stdout) == (0, f"{content_folder}/codes/11.md\n")
    assert f"replace each {TODO}" in process.stderr
    assert "build.py serve" in process.stderr
    assert run_codebook("check", "--content", content_folder).returncode == 0
    assert run_codebook("-q", "new", "guide", "by-day", "--content", content_folder).stderr == ""


def test_new_never_changes_an_existing_article(content_folder: Path, read_tree: ReadTree) -> None:
    """Its content and the other arguments don't matter."""
    (content_folder / "codes").mkdir()
    (content_folder / "codes" / "11.md").write_bytes(b"```toml\n```\n\nMine.\n")
    before = read_tree(content_folder)
    for more in ([], ["--text", "Words."]):
        process = run_main("new", "11", "--content", content_folder, *more)
        assert process.returncode == 2
        assert process.stderr.startswith(
            f"error: {content_folder}/codes/11.md already exists\nhelp: "
        )
        assert read_tree(content_folder) == before


def test_a_code_that_no_register_describes_is_added_to_one(content_folder: Path) -> None:
    """Without a text, the command says what to do, and following it gives a valid book."""
    process = run_main("new", "12", "--content", content_folder)
    assert (process.returncode, process.stdout) == (2, "")
    assert process.stderr == (
        "error: code 12 is not in a register\n"
        'help: to add it, describe its meaning: new 12 --text "…"\n'
    )
    assert not (content_folder / "codes").exists()
    process = run_main(
        "new", "12", "--text", "It is \n closed.", "--name", "Shut", "--content", content_folder
    )
    assert process.returncode == 0
    assert process.stdout == f"{content_folder}/signals.md\n{content_folder}/codes/12.md\n"
    text = (content_folder / "signals.md").read_text(encoding="utf-8")
    assert text.endswith("- 11\nThe harbor is open.\n\n- 12 Shut\nIt is closed.\n")
    assert 'name = "Shut"' in (content_folder / "codes" / "12.md").read_text(encoding="utf-8")
    assert run_main("check", "--content", content_folder).returncode == 0


def test_a_draft_can_be_previewed_but_not_published_with_strict(content_folder: Path) -> None:
    """The summary counts what is still to be written."""
    for arguments in (["11"], ["guide", "by-day"], ["table", "flags"]):
        assert run_main("new", *arguments, "--content", content_folder).returncode == 0
    process = run_main("check", "--content", content_folder)
    assert process.returncode == 0
    assert process.stdout.count("warning[unfinished-text]") == 6
    assert process.stderr.endswith("; 6 warnings; still to write: 6\n")
    assert run_main("check", "--strict", "--content", content_folder).returncode == 1


def test_a_number_outside_of_every_class_is_rejected(content_folder: Path) -> None:
    """The message lists the classes."""
    for number in ("1", "9", "30", "421"):
        process = run_main("new", number, "--text", "Words.", "--content", content_folder)
        assert process.returncode == 2, number
        assert f"error: no register has a class for code {number}\n" in process.stderr
        assert "help: use a code in 10–19, or " in process.stderr, number


def test_a_text_for_an_existing_code_is_rejected(content_folder: Path) -> None:
    """The register already has a text."""
    process = run_main("new", "11", "--text", "Words.", "--content", content_folder)
    assert process.returncode == 2
    assert "code 11 is already in a register" in process.stderr


def test_invalid_arguments_are_exit_code_2(content_folder: Path) -> None:
    """The message lists the valid ones, or says what a code is."""
    about_codes = "without letters, dots, signs, or leading zeros"
    invalid = dict.fromkeys(("guide", "table", "gide x", "guide a b", ""), "guide")
    for arguments, message in {
        **dict.fromkeys(("12a", "011", "-1"), about_codes),
        **invalid,
    }.items():
        process = run_main("new", *arguments.split(), "--content", content_folder)
        assert process.returncode == 2, arguments
        assert message in process.stderr, arguments
        assert [path.name for path in content_folder.iterdir()] == ["signals.md"], arguments


def test_nothing_is_written_that_would_add_a_diagnostic(
    content_folder: Path, read_tree: ReadTree
) -> None:
    """The diagnostic is reported as by `check`, with exit code 1."""
    (content_folder / "book.toml").write_text(
        '[moved]\n"guides/old/" = "signals.md"\n', encoding="utf-8"
    )
    before = read_tree(content_folder)
    process = run_main("new", "guide", "old", "--content", content_folder)
    assert process.returncode == 1
    assert "error[duplicate-url]" in process.stdout
    assert process.stderr == "nothing was written\n"
    process = run_main("new", "12", "--text", "<b>Bold</b>", "--content", content_folder)
    assert process.returncode == 1
    assert "warning[raw-html]" in process.stdout
    process = run_main("new", "12", "--text", "- 13", "--content", content_folder)
    assert process.returncode == 1
    assert read_tree(content_folder) == before


def test_a_book_with_other_errors_can_be_extended(content_folder: Path) -> None:
    """Only new diagnostics count, even if the others move to other lines."""
    text = (content_folder / "signals.md").read_text(encoding="utf-8")
    (content_folder / "signals.md").write_text(
        f"{text}\n- 15\n<b>Wait.</b>\n\n- 99\nWhat?\n", "utf-8"
    )
    process = run_main("new", "12", "--text", "Closed.", "--content", content_folder)
    assert (process.returncode, process.stdout) == (
        0,
        f"{content_folder}/signals.md\n{content_folder}/codes/12.md\n",
    )


def test_an_unreadable_register_is_an_error(content_folder: Path) -> None:
    """The register might contain the code."""
    (content_folder / "signals.md").write_bytes(b"\xff")
    process = run_main("new", "12", "--content", content_folder)
    assert process.returncode == 2
    assert "the registers contain errors" in process.stderr


def test_a_missing_content_folder_is_exit_code_2(tmp_path: Path) -> None:
    """The folder isn't created."""
    process = run_main("new", "guide", "by-day", "--content", tmp_path / "none")
    assert process.returncode == 2
    assert process.stderr.startswith(f"error: the folder {tmp_path}/none does not exist\n")
    assert not (tmp_path / "none").exists()
