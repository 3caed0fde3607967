"""The formats of reports."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """The format of a report."""

    FULL = "full"
    CONCISE = "concise"
    GITHUB = "github"
    JSON = "json"
