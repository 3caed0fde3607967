"""Chromium, without a window."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trust import trust

from audit.chromium import FLAGS, NAMES
from audit.engines.program import find_program, running

# The shell without windows isn't what people use.
_BINARY = find_program(NAMES[1:]) or NAMES[1]
_FLAGS = (
    *FLAGS,
    "--headless",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


@contextmanager
def start(url: str, home: Path) -> Iterator[str]:
    """Run the browser on a URL until the end of the block, and yield its version."""
    output = subprocess.run(
        [_BINARY, "--version"], capture_output=True, text=True, check=True
    ).stdout
    trust(home / ".pki" / "nssdb")
    with running([_BINARY, *_FLAGS, f"--user-data-dir={home / 'profile'}", url], home):
        yield output.split()[1]
