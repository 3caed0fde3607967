"""The start of the command, which must work before the libraries are installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with the command and a one-line program, which a test writes."""
    shutil.copyfile(ROOT / "build.py", tmp_path / "build.py")
    (tmp_path / "codebook").mkdir()
    return tmp_path


def run_program(clone: Path, line: str) -> subprocess.CompletedProcess[str]:
    """Run the command with this one-line program."""
    (clone / "codebook" / "__init__.py").write_text(f"{line}\n", encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(clone / "build.py"), "explain", "too deep"],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_missing_library_is_reported_with_the_command_to_install_it(clone: Path) -> None:
    """No traceback is shown."""
    process = run_program(clone, "import no_such_library")
    assert (process.returncode, process.stdout) == (2, "")
    assert process.stderr == (
        "error: the package no_such_library is not installed; run `make site` to install it\n"
    )


def test_libraries_installed_by_make_are_used_with_any_python(clone: Path) -> None:
    """The arguments are passed on, and no environment needs to be activated."""
    python = clone / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\nfor each; do echo "<$each>"; done\nexit 7\n', encoding="utf-8")
    python.chmod(0o755)
    process = run_program(clone, "import no_such_library")
    assert process.returncode == 7
    assert process.stdout == f"<{clone / 'build.py'}>\n<explain>\n<too deep>\n"


def test_a_missing_module_of_the_program_is_a_bug(clone: Path) -> None:
    """`make` can't install it, so the message doesn't say so."""
    process = run_program(clone, "import codebook.nothing")
    assert process.returncode == 1
    assert "No module named 'codebook.nothing'" in process.stderr


def test_ctrl_c_is_never_an_error(clone: Path) -> None:
    """It works even while the libraries are being loaded."""
    process = run_program(clone, "raise KeyboardInterrupt")
    assert (process.returncode, process.stderr) == (130, "stopped\n")
