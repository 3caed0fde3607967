"""A Chromium that another program controls for measurements."""

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
from audit.supervised_process import supervised

_START_TIMEOUT = 30.0
"""Seconds until Chromium must accept commands."""
_FLAGS = (
    "--headless=new",
    *(flag for flag in FLAGS if not flag.startswith("--host-resolver-rules")),
    # Headless pages are in the background, and must not be throttled during measurements.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    # A free port, written to the profile, so that two audits can run at the same time.
    "--remote-debugging-port=0",
)


@contextmanager
def remote_chromium() -> Iterator[int]:
    """Run Chromium until the end of the block, and return its remote debugging port.

    It's started here instead of by the measuring program, so that it ends with this process.
    """
    try:
        browser = chromium()
    except MissingError as error:
        raise ToolError(str(error)) from None
    with tempfile.TemporaryDirectory(prefix="codebook-", ignore_cleanup_errors=True) as name:
        profile = Path(name)
        process = subprocess.Popen(  # noqa: S603 - the browser that we found, with our own flags
            supervised([str(browser.path), *_FLAGS, f"--user-data-dir={profile}", "about:blank"]),
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


def _port(process: subprocess.Popen[bytes], port_file: Path) -> int:
    deadline = time.monotonic() + _START_TIMEOUT
    while process.poll() is None and time.monotonic() < deadline:
        # Wait for the second line: until then, the number may be incomplete.
        if (
            port_file.exists()
            and len(lines := port_file.read_text(encoding="ascii").splitlines()) > 1
        ):
            return int(lines[0])
        time.sleep(0.02)
    reason = "exited immediately" if process.poll() is not None else "doesn't accept commands"
    raise ToolError(f"Chromium {reason}")
