"""Run third-party checkers."""

from __future__ import annotations

import subprocess
from collections.abc import Collection
from pathlib import Path
from typing import TypeVar

import msgspec

from audit.npm import NpmError, checkers
from audit.pages.findings import ToolError
from audit.supervised_process import supervised

S = TypeVar("S", bound=msgspec.Struct)

_TIMEOUT = 180
"""Seconds that a checker can run."""


def require(name: str, path: Path) -> str:
    """The path of a file in the test environment.

    Raises ToolError if it is missing.
    """
    if not path.is_file():
        raise ToolError(f"{name} is not installed: run `make test-env`")
    return str(path)


def npm_file(path: str) -> str:
    """The path of a file of an npm package, which is installed if it is missing.

    Raises ToolError if it cannot be installed.
    """
    try:
        return str(checkers() / path)
    except NpmError as error:
        raise ToolError(f"the npm packages can't be installed:\n{error}") from None


def run_checker(
    name: str, command: list[str], folder: Path, exit_codes: Collection[int] = (0,)
) -> str:
    """Run a checker, and return its output.

    Raises ToolError if it takes too long or exits with a different code.
    """
    try:
        process = subprocess.run(  # noqa: S603 - a program that we installed, with our own arguments
            supervised(command),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=_TIMEOUT,
        )
    except subprocess.TimeoutExpired as error:
        raise ToolError(f"{name} timed out after {_TIMEOUT} seconds") from error
    if process.returncode not in exit_codes:
        message = (process.stderr or process.stdout).strip()
        raise ToolError(f"{name} failed with exit code {process.returncode}:\n{message}")
    return process.stdout


def decode(name: str, text: str, output_type: type[S]) -> S:
    """Decode the JSON output of a checker.

    Raises ToolError if the output doesn't match the type.
    """
    try:
        return msgspec.json.decode(text, type=output_type)
    except msgspec.DecodeError as error:
        raise ToolError(f"unexpected output of {name}: {error}") from error
