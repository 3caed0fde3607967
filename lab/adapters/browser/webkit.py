"""WebKitGTK in its own small browser, which needs a display."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audit.engines.program import running
from audit.engines.webkit import ENVIRONMENT, screen


def _binary() -> str:
    folders = sorted(Path("/usr/lib").glob("*/webkit2gtk-4*"), reverse=True)
    found = [folder / "MiniBrowser" for folder in folders if (folder / "MiniBrowser").is_file()]
    return str(found[0]) if found else "MiniBrowser"


@contextmanager
def start(url: str, home: Path) -> Iterator[str]:
    """Run the browser on a URL until the end of the block, and yield its version."""
    with screen(home) as display:
        environment = {**ENVIRONMENT, "DISPLAY": display}
        # It doesn't print its version without a display.
        output = subprocess.run(
            [_binary(), "--version"],
            capture_output=True,
            text=True,
            check=True,
            env={**environment, "HOME": str(home)},
        ).stdout
        with running([_binary(), "--ignore-tls-errors", url], home, environment):
            yield output.split()[-1]
