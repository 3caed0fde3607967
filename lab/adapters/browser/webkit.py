"""WebKitGTK in its own small browser, which needs a display."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audit.engines.program import running
from audit.engines.webkit import ENVIRONMENT, screen


def _binary() -> str:
    folders = sorted(Path("/usr/lib").glob("*/webkit2gtk-4*"), reverse=True)
    found = [folder / "MiniBrowser" for folder in folders if (folder / "MiniBrowser").is_file()]
    return str(found[0]) if found else "MiniBrowser"


def version() -> str:
    """The version that the browser prints."""
    with tempfile.TemporaryDirectory(prefix="lab-") as home, screen(Path(home)) as display:
        output = subprocess.run(
            [_binary(), "--version"],
            capture_output=True,
            text=True,
            check=True,
            env={**ENVIRONMENT, "DISPLAY": display, "HOME": home},
        )
    return output.stdout.split()[-1]


@contextmanager
def start(url: str, home: Path) -> Iterator[None]:
    """Run the browser on a URL until the end of the block."""
    with screen(home) as display:
        environment = {**ENVIRONMENT, "DISPLAY": display}
        with running([_binary(), "--ignore-tls-errors", url], home, environment):
            yield
