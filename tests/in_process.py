"""Runs the command in the process of the tests: a process for each run would cost minutes."""

from __future__ import annotations

import io
import os
import subprocess
from collections.abc import Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from codebook.cli.main import main

ROOT = Path(__file__).resolve().parent.parent


def run_main(
    *arguments: str | Path, env: Mapping[str, str] | None = None, cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Run the command, and return its exit code and output as of a process."""
    typed = [str(argument) for argument in arguments]
    stdout, stderr = io.StringIO(), io.StringIO()
    with (
        redirect_stdout(stdout),
        redirect_stderr(stderr),
        patch.dict(os.environ, env or {}),
        chdir(cwd),
    ):
        try:
            code = main(typed)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
    return subprocess.CompletedProcess(typed, code, stdout.getvalue(), stderr.getvalue())
