"""`check --fix` shows the fixes, and applies them if the user agrees."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.in_process import run_main

Run = Callable[..., CompletedProcess[str]]
ReadTree = Callable[[Path], Mapping[str, bytes]]

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def untidy(content_folder: Path) -> Path:
    """A book with a trailing space, a link in another form, and a warning."""
    (content_folder / "guides").mkdir()
    (content_folder / "guides" / "in.md").write_bytes(b"# In \n\nSee [it](/status/11/).\n")
    text = (content_folder / "signals.md").read_text(encoding="utf-8")
    (content_folder / "signals.md").write_text(
        text.replace("open.", "<b>open</b>."), encoding="utf-8"
    )
    return content_folder


DIFF = """\
--- a/{0}/guides/in.md
+++ b/{0}/guides/in.md
@@ -1,3 +1,3 @@
-# In{1}
+# In
{1}
-See [it](/status/11/).
+See [it](../codes/11.md).
"""


def test_fix_shows_a_diff_and_writes_nothing_without_a_terminal(
    untidy: Path, read_tree: ReadTree
) -> None:
    """The exit code is 1, and the output says how to apply the fixes."""
    before = read_tree(untidy)
    result = run_main("check", "--fix", "--content", untidy)
    assert result.returncode == 1
    assert result.stdout == DIFF.format(untidy, " ")
    assert result.stderr == "nothing was written; to apply the fixes, add --yes\n"
    assert read_tree(untidy) == before


def test_fix_writes_with_yes_and_then_checks(untidy: Path, read_tree: ReadTree) -> None:
    """The remaining diagnostics are reported, and determine the exit code."""
    result = run_main("check", "--fix", "--yes", "--content", untidy)
    assert result.returncode == 0
    assert result.stdout.startswith(DIFF.format(untidy, " ") + "warning[raw-html]")
    assert result.stderr.startswith("fixed 1 file\n")
    fixed = read_tree(untidy)
    assert sorted(fixed) == ["guides/in.md", "signals.md"]
    result = run_main("check", "--fix", "--strict", "--content", untidy)
    assert result.returncode == 1
    assert result.stdout.startswith("warning[raw-html]")
    assert result.stderr.startswith("nothing to fix\n")
    assert read_tree(untidy) == fixed


class Terminal(io.StringIO):
    """A terminal with typed input."""

    def isatty(self) -> bool:
        """Return true."""
        return True


@pytest.mark.parametrize("response", ["YES", "n", ""])
def test_fix_asks_on_a_terminal(
    untidy: Path, response: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only an explicit yes applies the fixes."""
    before = (untidy / "guides" / "in.md").read_bytes()
    monkeypatch.setattr(sys, "stdin", Terminal(f"{response}\n"))
    result = run_main("check", "--fix", "--content", untidy)
    is_written = response == "YES"
    assert result.stderr.startswith("apply these fixes? [y/N] ")
    assert ((untidy / "guides" / "in.md").read_bytes() != before) == is_written
    assert result.returncode == (0 if is_written else 1)
    assert ("nothing was written" in result.stderr) != is_written


def test_what_is_saved_during_the_question_is_not_overwritten(
    untidy: Path, monkeypatch: pytest.MonkeyPatch, read_tree: ReadTree
) -> None:
    """Nothing is written, not even to the other file, and the error names the saved one."""
    (untidy / "guides" / "out.md").write_bytes(b"# Out \n")
    before = read_tree(untidy)

    terminal = Terminal("y\n")

    def isatty() -> bool:
        (untidy / "guides" / "in.md").write_bytes(b"two hours of work\n")
        return True

    monkeypatch.setattr(terminal, "isatty", isatty)
    monkeypatch.setattr(sys, "stdin", terminal)
    result = run_main("check", "--fix", "--content", untidy)
    assert result.returncode == 2
    assert result.stderr.endswith(
        f"error: {untidy}/guides/in.md changed while this command was running; nothing was "
        "written, so run the command again\n"
    )
    assert read_tree(untidy) == {**before, "guides/in.md": b"two hours of work\n"}


@pytest.mark.slow
def test_the_user_can_agree_on_a_terminal(untidy: Path) -> None:
    """The question comes after the diff."""
    before = (untidy / "guides" / "in.md").read_bytes()
    terminal, child_end = pty.openpty()
    with subprocess.Popen(
        [sys.executable, str(ROOT / "build.py"), "check", "--fix", "--content", str(untidy)],
        stdin=child_end,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        os.close(child_end)
        os.write(terminal, b"y\n")
        stdout, stderr = process.communicate(timeout=60)
    os.close(terminal)
    assert stdout.decode().startswith(DIFF.format(untidy, " "))
    assert stderr.startswith(b"apply these fixes? [y/N] ")
    assert (untidy / "guides" / "in.md").read_bytes() != before
    assert process.returncode == 0


def test_yes_without_fix_is_wrong_usage(untidy: Path, read_tree: ReadTree) -> None:
    """Otherwise, users would think that something was fixed."""
    before = read_tree(untidy)
    result = run_main("check", "--yes", "--content", untidy)
    assert result.returncode == 2
    assert "--yes requires --fix" in result.stderr
    assert read_tree(untidy) == before


def test_check_alone_changes_nothing(untidy: Path, read_tree: ReadTree) -> None:
    """It only reports the number of available fixes."""
    before = read_tree(untidy)
    result = run_main("check", "--content", untidy)
    assert (result.returncode, "error[broken-link]" in result.stdout) == (1, True)
    assert result.stderr.endswith("\n1 error, 1 warning; 1 fixable with check --fix\n")
    assert read_tree(untidy) == before


@pytest.mark.parametrize("style", ["json", "github"])
def test_a_report_for_a_program_has_no_diff(untidy: Path, style: str) -> None:
    """The diff is printed on stderr."""
    result = run_main("check", "--fix", "--yes", "--format", style, "--content", untidy)
    assert result.returncode == 0
    assert result.stderr.startswith(DIFF.format(untidy, " "))
    assert result.stdout == run_main("check", "--format", style, "--content", untidy).stdout
    assert "raw-html" in result.stdout
