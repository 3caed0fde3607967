"""The locked wheels that an installation of the program needs, for tests without a network."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

_LOCKS = Path(__file__).resolve().parent.parent / "requirements"
_NAMES = ("site", "build")


def locked_wheels() -> Path:
    """Return a folder with the wheels of `site.txt` and `build.txt`, downloaded once."""
    folder = Path(sys.prefix, "wheels")
    folder.mkdir(exist_ok=True)
    locks = [_LOCKS / f"{name}.txt" for name in _NAMES]
    locked, stamp = b"".join(lock.read_bytes() for lock in locks), folder / "stamp"
    with FileLock(folder.with_suffix(".lock")):
        if not stamp.is_file() or stamp.read_bytes() != locked:
            shutil.rmtree(folder)
            for lock in locks:
                options = ("--quiet", "--require-hashes", "--requirement", lock)
                subprocess.run(
                    [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", folder],
                    check=True,
                    timeout=300,
                )
            # Written last, so that an interrupted download is repeated.
            stamp.write_bytes(locked)
    return folder
