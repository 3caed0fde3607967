"""Installs the generators into `.bench` the first time that they're needed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".bench"
_LOCK = ROOT / "requirements" / "bench.txt"


def python() -> Path:
    """The interpreter with the locked Python packages. Installs them if the lock file changed."""
    environment = FOLDER / "python"
    interpreter, stamp = environment / "bin" / "python", environment / "stamp"
    FOLDER.mkdir(exist_ok=True)
    with FileLock(FOLDER / "lock"):
        if not stamp.is_file() or stamp.read_bytes() != _LOCK.read_bytes():
            sys.stderr.write(f"Installing {_LOCK.relative_to(ROOT)} into {FOLDER.name}\n")
            shutil.rmtree(environment, ignore_errors=True)
            _run(sys.executable, "-m", "venv", str(environment))
            quiet = ("--quiet", "--no-input", "--disable-pip-version-check")
            _run(
                str(interpreter),
                "-m",
                "pip",
                "install",
                *quiet,
                "--require-hashes",
                "-r",
                str(_LOCK),
            )
            # Written last, so that an interrupted install is repeated.
            shutil.copy(_LOCK, stamp)
    return interpreter


def packages() -> Path:
    """The folder of the locked Python packages."""
    return next((python().parent.parent / "lib").glob("python3*/site-packages"))


def _run(*command: str) -> None:
    done = subprocess.run(  # noqa: S603 - pip and venv
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"error: can't install the generators: {done.stderr or done.stdout}")
