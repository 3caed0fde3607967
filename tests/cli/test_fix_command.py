"""`check --fix` shows what it would fix, and fixes it if you agree."""

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


def test_fix_shows_what_it_would_do_and_writes_nothing(untidy: Path, read_tree: ReadTree) -> None:
    """Without a terminal: exit code 1, and what to do."""
    before = read_tree(untidy)
    result = run_main("check", "--fix", "--content", untidy)
    assert result.returncode == 1
    assert result.stdout == DIFF.format(untidy, " ")
    assert result.stderr == "nothing was written; to apply the fixes, add --yes\n"
    assert read_tree(untidy) == before


def test_fix_writes_with_yes_and_then_checks(untidy: Path, read_tree: ReadTree) -> None:
    """The other diagnostics are reported, and determine the exit code."""
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
    """A terminal on which something was typed."""

    def isatty(self) -> bool:
        """It is one."""
        return True


@pytest.mark.parametrize("response", ["YES", "n", ""])
def test_on_a_terminal_it_asks(
    untidy: Path, response: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing but a plain yes is one."""
    before = (untidy / "guides" / "in.md").read_bytes()
    monkeypatch.setattr(sys, "stdin", Terminal(f"{response}\n"))
    result = run_main("check", "--fix", "--content", untidy)
    is_written = response == "YES"
    assert result.stderr.startswith("apply these fixes? [y/N] ")
    assert ((untidy / "guides" / "in.md").read_bytes() != before) == is_written
    assert result.returncode == (0 if is_written else 1)
    assert ("nothing was written" in result.stderr) != is_written


@pytest.mark.slow
def test_a_person_can_agree_on_a_terminal(untidy: Path) -> None:
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
    """It must not look as if something was fixed."""
    before = read_tree(untidy)
    result = run_main("check", "--yes", "--content", untidy)
    assert result.returncode == 2
    assert "--yes requires --fix" in result.stderr
    assert read_tree(untidy) == before


def test_check_alone_changes_nothing(untidy: Path, read_tree: ReadTree) -> None:
    """It only reports, with the number of possible fixes."""
    before = read_tree(untidy)
    result = run_main("check", "--content", untidy)
    assert (result.returncode, "error[broken-link]" in result.stdout) == (1, True)
    assert result.stderr.endswith("\n1 error, 1 warning; 1 fixable with check --fix\n")
    assert read_tree(untidy) == before


@pytest.mark.parametrize("style", ["json", "github"])
def test_a_report_for_a_program_has_no_diff(untidy: Path, style: str) -> None:
    """The diff is for people: it goes to stderr."""
    result = run_main("check", "--fix", "--yes", "--format", style, "--content", untidy)
    assert result.returncode == 0
    assert result.stderr.startswith(DIFF.format(untidy, " "))
    assert result.stdout == run_main("check", "--format", style, "--content", untidy).stdout
    assert "raw-html" in result.stdout
