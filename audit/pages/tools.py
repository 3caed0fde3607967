"""Runs third-party checkers."""

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
"""Seconds that a checker may run."""


def require(name: str, path: Path) -> str:
    """The path of a file that the test environment installs.

    Raises ToolError if it is missing.
    """
    if not path.is_file():
        raise ToolError(f"{name} is missing: `make test-env` gets it")
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
    """Run a checker; returns its output.

    Raises ToolError if it does not end in time, or with none of these exit codes.
    """
    try:
        process = subprocess.run(  # noqa: S603 - a program that we brought, with our own arguments
            supervised(command),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=_TIMEOUT,
        )
    except subprocess.TimeoutExpired as error:
        raise ToolError(f"{name} does not end; it had {_TIMEOUT} seconds") from error
    if process.returncode not in exit_codes:
        message = (process.stderr or process.stdout).strip()
        raise ToolError(f"{name} has failed with exit code {process.returncode}:\n{message}")
    return process.stdout


def decode(name: str, text: str, output_type: type[S]) -> S:
    """Decode the JSON output of a checker.

    Raises ToolError if it has another type.
    """
    try:
        return msgspec.json.decode(text, type=output_type)
    except msgspec.DecodeError as error:
        raise ToolError(f"{name} says what cannot be read: {error}") from error
