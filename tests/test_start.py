"""The first moments of the command, before there is anything but Python."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with the command and a program of one line, which a test writes."""
    shutil.copyfile(ROOT / "build.py", tmp_path / "build.py")
    (tmp_path / "codebook").mkdir()
    return tmp_path


def started(clone: Path, line: str) -> subprocess.CompletedProcess[str]:
    """What comes of the command, where the program is this line."""
    (clone / "codebook" / "__init__.py").write_text(f"{line}\n", encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(clone / "build.py"), "explain", "too deep"],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_library_that_is_missing_is_named_with_what_installs_it(clone: Path) -> None:
    """And no traceback is shown."""
    ended = started(clone, "import no_such_library")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == (
        "the library no_such_library is missing: run `make site`, which installs what is needed\n"
    )


def test_what_make_has_installed_is_used_whichever_python_is_typed(clone: Path) -> None:
    """With the same arguments; nobody has to switch an environment on."""
    python = clone / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\nfor each; do echo "<$each>"; done\nexit 7\n', encoding="utf-8")
    python.chmod(0o755)
    ended = started(clone, "import no_such_library")
    assert ended.returncode == 7
    assert ended.stdout == f"<{clone / 'build.py'}>\n<explain>\n<too deep>\n"


def test_a_part_of_the_program_that_is_missing_is_a_fault_of_ours(clone: Path) -> None:
    """It is not for make to install."""
    ended = started(clone, "import codebook.nothing")
    assert ended.returncode == 1
    assert "No module named 'codebook.nothing'" in ended.stderr


def test_ctrl_c_is_no_fault_however_early_it_comes(clone: Path) -> None:
    """While the libraries are still being loaded, too."""
    ended = started(clone, "raise KeyboardInterrupt")
    assert (ended.returncode, ended.stderr) == (130, "stopped\n")
