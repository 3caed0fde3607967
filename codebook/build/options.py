"""The options of a build."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from codebook.diagnostics.reports import Format
from codebook.publish.hosts import Host


@dataclass(frozen=True, slots=True)
class Options:
    """The validated arguments of a command that builds the site."""

    content: Path
    templates: Path
    site: Path
    url: str
    host: Host
    strict: bool
    shows_all: bool
    """Whether to report diagnostics that follow from others, too."""
    report_format: Format
    quiet: bool
    verbose: bool
