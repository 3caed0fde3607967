"""The options of a build."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from codebook.diagnostics.formats import Format
from codebook.publish.host import Host


class Options(Struct, frozen=True):
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
    cache: Path
    """The folder for what later runs can reuse."""
    uses_cache: bool
    quiet: bool
    verbose: bool
