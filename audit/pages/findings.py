"""What every check hands back."""

from __future__ import annotations

from dataclasses import dataclass


class ToolError(Exception):
    """A program that a check needs is missing, or does not do its work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where; the place is empty where the whole file is meant."""

    file: str
    place: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.place}" if self.place else self.file
        return f"{where}: {self.message}"


@dataclass(frozen=True, slots=True)
class Report:
    """What one check has counted, measured and found."""

    counted: str
    findings: tuple[Finding, ...]
    table: tuple[str, ...] = ()
    """What was measured, in lines to be read one under the other."""
