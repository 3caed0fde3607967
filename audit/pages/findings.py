"""The results of checks."""

from __future__ import annotations

from dataclasses import dataclass


class ToolError(Exception):
    """A program that a check needs is missing or failed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An error and its place. The position is empty for the whole file."""

    file: str
    position: str
    message: str

    def __str__(self) -> str:
        location = f"{self.file}:{self.position}" if self.position else self.file
        return f"{location}: {self.message}"


@dataclass(frozen=True, slots=True)
class Report:
    """What a check counted, measured, and found."""

    counted: str
    findings: tuple[Finding, ...]
    table: tuple[str, ...] = ()
    """The measurements, as lines of text."""
