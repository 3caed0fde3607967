"""What every check returns."""

from __future__ import annotations

from dataclasses import dataclass


class ToolError(Exception):
    """A program that a check needs is missing or fails."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where; the position is empty if it concerns the whole file."""

    file: str
    position: str
    message: str

    def __str__(self) -> str:
        location = f"{self.file}:{self.position}" if self.position else self.file
        return f"{location}: {self.message}"


@dataclass(frozen=True, slots=True)
class Report:
    """What one check counted, measured and found."""

    counted: str
    findings: tuple[Finding, ...]
    table: tuple[str, ...] = ()
    """The measurements, as lines of text."""
