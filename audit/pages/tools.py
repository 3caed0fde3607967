"""The checkers that are programs of others."""

from __future__ import annotations

import subprocess
from collections.abc import Collection
from pathlib import Path
from typing import TypeVar

import msgspec

from audit.pages.findings import ToolError
from audit.tether import tethered

S = TypeVar("S", bound=msgspec.Struct)

_PATIENCE = 180
"""Seconds after which a checker is not expected to end any more."""


def needed(name: str, path: Path) -> str:
    """The path of a file that the test environment brings, if it is there."""
    if not path.is_file():
        raise ToolError(f"{name} is missing: `make test-env` gets it")
    return str(path)


def output(name: str, command: list[str], folder: Path, done_with: Collection[int] = (0,)) -> str:
    """What a checker writes, if it ends with an exit code that says that it has done its work."""
    try:
        done = subprocess.run(  # noqa: S603 - a program that we brought, with our own arguments
            tethered(command),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=_PATIENCE,
        )
    except subprocess.TimeoutExpired as late:
        raise ToolError(f"{name} does not end; it had {_PATIENCE} seconds") from late
    if done.returncode not in done_with:
        said = (done.stderr or done.stdout).strip()
        raise ToolError(f"{name} has failed with exit code {done.returncode}:\n{said}")
    return done.stdout


def decoded(name: str, said: str, shape: type[S]) -> S:
    """What a checker has written as JSON, in a shape of ours."""
    try:
        return msgspec.json.decode(said, type=shape)
    except msgspec.DecodeError as fault:
        raise ToolError(f"{name} says what cannot be read: {fault}") from fault
