"""Compiled templates are as safe as the program, and are written only where it may write them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from codebook.io import bytecode
from codebook.io.bytecode import load_compiled, save_compiled

PROGRAM = Path(bytecode.__file__).resolve().parent


def test_they_are_stored_with_the_bytecode_of_the_program() -> None:
    """Not with a book, because loading them runs code."""
    assert bytecode._file().parent == PROGRAM / "__pycache__"  # noqa: SLF001 - no run should write


@pytest.mark.parametrize("is_forbidden", [True, False])
def test_they_are_stored_unless_the_environment_forbids_bytecode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_forbidden: bool
) -> None:
    """PYTHONDONTWRITEBYTECODE also applies to modules."""
    monkeypatch.setattr(bytecode, "_file", lambda: tmp_path / "templates.pyc")
    monkeypatch.setattr(sys, "dont_write_bytecode", is_forbidden)
    save_compiled(b"code")
    assert load_compiled() == (b"" if is_forbidden else b"code")


def test_a_program_that_cannot_be_written_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An administrator may have installed it."""
    monkeypatch.setattr(bytecode, "_file", lambda: tmp_path / "missing" / "templates.pyc")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    save_compiled(b"code")
    assert load_compiled() == b""
