"""A Chromium of our own that a measuring program may drive."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audit.chromium import FLAGS, MissingError, chromium
from audit.pages.findings import ToolError
from audit.tether import tethered

_START = 30.0
"""Seconds that Chromium may take until it can be driven."""
_FLAGS = (
    "--headless=new",
    *(flag for flag in FLAGS if not flag.startswith("--host-resolver-rules")),
    # A headless page is never in front; slowed down, it would be measured slower than it is.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    # Free, and told in the profile: two audits beside each other do not meet.
    "--remote-debugging-port=0",
)


@contextmanager
def driven() -> Iterator[int]:
    """The port at which a fresh Chromium takes orders until the end of the block.

    It is started here and not by who drives it, so that it is gone in any case with this process.
    """
    try:
        browser = chromium()
    except MissingError as why:
        raise ToolError(str(why)) from None
    with tempfile.TemporaryDirectory(prefix="codebook-", ignore_cleanup_errors=True) as name:
        profile = Path(name)
        process = subprocess.Popen(  # noqa: S603 - the browser that we found, with our own flags
            tethered([str(browser.path), *_FLAGS, f"--user-data-dir={profile}", "about:blank"]),
            env={**os.environ, **browser.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield _port(process, profile / "DevToolsActivePort")
        finally:
            process.terminate()
            process.wait()


def _port(process: subprocess.Popen[bytes], told: Path) -> int:
    until = time.monotonic() + _START
    while process.poll() is None and time.monotonic() < until:
        # The number is followed by a second line; before that is there it may be cut short.
        if told.exists() and len(lines := told.read_text(encoding="ascii").splitlines()) > 1:
            return int(lines[0])
        time.sleep(0.02)
    why = "ends at once" if process.poll() is not None else "cannot be driven"
    raise ToolError(f"Chromium {why}")
