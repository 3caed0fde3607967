"""What the results depend on: the machine, and the versions of everything that ran."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.install import ROOT, version_of
from codebook import __version__

_PACKAGES = (
    "hugo",
    "@11ty/eleventy",
    "pelican",
    "zensical",
    "mkdocs",
    "mkdocs-material",
    "sphinx",
    "myst-parser",
)


def conditions(baseline: str) -> Iterator[str]:
    """The lines of a list in Markdown. `baseline` is the version to compare with; may be empty."""
    yield f"- {datetime.now(UTC):%Y-%m-%d}, codebook {__version__}, commit {_commit()}"
    if baseline:
        yield f"- the baseline is codebook at {baseline}"
    cpu, gigabytes = _field("/proc/cpuinfo", "model name"), f"{_memory():.0f} GB"
    yield f"- {os.cpu_count()} processors, {cpu}, {gigabytes} of memory"
    yield f"- {platform.system()} {platform.release()}, Python {platform.python_version()}"
    yield f"- {', '.join(f'{name} {version_of(name)}' for name in _PACKAGES)}"
    load = os.getloadavg()[2]
    yield f"- {load:.1f} processes ran or waited on average in the last 15 minutes"


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - Git
    return done.stdout.strip() or "unknown"


def _memory() -> float:
    return int(_field("/proc/meminfo", "MemTotal").split()[0]) / 1e6


def _field(path: str, name: str) -> str:
    text = Path(path).read_text(encoding="utf-8")
    match = re.search(rf"^{name}\s*: *(.+)$", text, re.MULTILINE)
    return match[1] if match else "unknown"
