"""Installs the generators into `.bench` the first time that they're needed."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import subprocess
import sys
import tarfile
from functools import cache
from pathlib import Path

from filelock import FileLock

from audit import npm

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".bench"
_MOST = ROOT / "requirements" / "bench.txt"
PELICAN = ROOT / "requirements" / "bench-pelican.txt"
_ELEVENTY = npm.LOCKS / "eleventy" / "package.json"
_QUIET = ("--quiet", "--no-input", "--disable-pip-version-check")


@cache
def python(lock: Path = _MOST) -> Path:
    """The interpreter with the Python packages of a lock file, by default of most generators."""
    content = lock.read_bytes()
    environment = FOLDER / f"python-{hashlib.sha256(content).hexdigest()[:12]}"
    interpreter, stamp = environment / "bin" / "python", environment / "stamp"
    FOLDER.mkdir(exist_ok=True)
    with FileLock(FOLDER / "lock"):
        if not stamp.is_file():
            sys.stderr.write(f"Installing {lock.name} into {FOLDER.name}\n")
            shutil.rmtree(environment, ignore_errors=True)
            _run(sys.executable, "-m", "venv", str(environment))
            install = (str(interpreter), "-m", "pip", "install", *_QUIET, "--require-hashes")
            _run(*install, "-r", str(lock))
            # Written last, so that an interrupted install is repeated.
            stamp.touch()
    return interpreter


def site_python(version: Path) -> Path:
    """The interpreter with the packages that a version of this program needs."""
    lock = Path("requirements", "site.txt")
    is_same = (version / lock).read_bytes() == (ROOT / lock).read_bytes()
    return Path(sys.executable) if is_same else python(version / lock)


def packages(lock: Path = _MOST) -> Path:
    """The folder of the Python packages of a lock file."""
    return next((python(lock).parent.parent / "lib").glob("python3*/site-packages"))


@cache
def node_modules() -> Path:
    """The folder of the npm packages of the generators."""
    return npm.install(FOLDER / "eleventy", npm.LOCKS / "eleventy")


def version_of(package: str) -> str:
    """The locked version of a Python package, or of Eleventy."""
    locks = (_MOST, PELICAN, _ELEVENTY)
    text = "\n".join(lock.read_text(encoding="utf-8") for lock in locks)
    match = re.search(
        rf'^ *"?{re.escape(package)}(?:==|": ")(?P<version>[\w.]+)', text, re.MULTILINE
    )
    if not match:
        raise LookupError(package)
    return match["version"]


def checkout(version: str, folder: Path) -> Path:
    """The folder with another version of this program: a folder, or a commit to unpack there."""
    if Path(version).is_dir():
        return Path(version).resolve()
    archive = ["git", "archive", version]
    done = subprocess.run(archive, cwd=ROOT, capture_output=True, check=False)  # noqa: S603 - Git
    if done.returncode:
        raise SystemExit(f"error: {version} is neither a folder nor a commit")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as tar:
        tar.extractall(folder, filter="data")
    return folder


def _run(*command: str) -> None:
    done = subprocess.run(  # noqa: S603 - pip and venv
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"error: can't install the generators: {done.stderr or done.stdout}")
