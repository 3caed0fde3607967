"""Install what the chosen clients need, unless it's installed.

What needs no root is in `.lab/`. Debian packages are installed with apt-get if the user is root;
otherwise, and on other systems, the lab measures the programs on the PATH.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from filelock import FileLock

from audit import npm
from lab.clients import Client
from lab.programs import FOLDER

_QUIET = ("--quiet", "--no-input", "--disable-pip-version-check")


class InstallError(Exception):
    """Something can't be installed; the message is the output of the program that failed."""


def install(chosen: Mapping[str, Client]) -> Mapping[str, str]:
    """Install what the clients need; for each client that can't be measured, return the reason."""
    failed = _install_debian({name for client in chosen.values() for name in client.packages})
    reasons = {
        key: failed[name]
        for key, client in chosen.items()
        for name in client.packages
        if name in failed
    }
    for folder in sorted({_folder(client) for client in chosen.values()}):
        try:
            _install_folder(folder)
        except InstallError as error:
            reasons |= {key: str(error) for key, one in chosen.items() if _folder(one) == folder}
    return reasons


def _folder(client: Client) -> str:
    """The folder in `.lab/` with the packages of a client, which its lock file is named after."""
    kind = Path(client.adapter).parent.name
    return client.environment if kind == "python" else kind


def _install_folder(folder: str) -> None:
    name = "lab" if folder in {"python", "node"} else f"lab-{folder}"
    if folder == "node" and (locked := npm.LOCKS / name).is_dir():
        try:
            npm.install(FOLDER / folder, locked)
        except npm.NpmError as error:
            raise InstallError(str(error)) from None
    elif (lock := npm.LOCKS / f"{name}.txt").is_file():
        install_python(FOLDER / folder, lock)


def install_python(environment: Path, lock: Path) -> None:
    """Install exactly what a lock file names into a virtual environment, unless it's installed.

    Raises InstallError if pip fails.
    """
    environment.mkdir(parents=True, exist_ok=True)
    interpreter, stamp = environment / "bin" / "python", environment / "stamp"
    # A virtual environment belongs to one version of Python.
    wanted = f"# {sys.version}\n{lock.read_text(encoding='utf-8')}"
    with FileLock(environment.with_suffix(".lock")):
        if interpreter.exists() and stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
            return
        sys.stderr.write(f"Installing {lock.name} into {environment}\n")
        # A pip of its own would take most of the time.
        _run(sys.executable, "-m", "venv", "--clear", "--without-pip", str(environment))
        pip = (sys.executable, "-m", "pip", "--python", str(interpreter))
        _run(*pip, "install", *_QUIET, "--require-hashes", "-r", str(lock))
        # Written last, so that an interrupted install is repeated.
        stamp.write_text(wanted, encoding="utf-8")


def _install_debian(packages: Iterable[str]) -> Mapping[str, str]:
    """Install packages; for each that can't be installed, return the reason."""
    missing = _missing(packages)
    if not missing or os.geteuid() != 0 or not shutil.which("apt-get"):
        return {}
    sys.stderr.write(f"Installing {', '.join(missing)} with apt-get\n")
    try:
        _run("apt-get", "update", "--quiet")
        _run("apt-get", "install", "--quiet", "--yes", "--no-install-recommends", *missing)
    except InstallError:
        return _install_each(missing)
    return {}


def _install_each(packages: Iterable[str]) -> Mapping[str, str]:
    """Install what can be installed, because apt-get installs all packages or none."""
    reasons = {}
    for package in packages:
        try:
            _run("apt-get", "install", "--quiet", "--yes", "--no-install-recommends", package)
        except InstallError as error:
            reasons[package] = str(error)
    return reasons


def _missing(packages: Iterable[str]) -> list[str]:
    """The packages that aren't installed; none if the system isn't Debian."""
    wanted = sorted(packages)
    if not wanted or not (query := shutil.which("dpkg-query")):
        return []
    form = "${Package}\t${db:Status-Status}\n"
    done = subprocess.run(  # noqa: S603 - dpkg-query
        [query, "--show", f"--showformat={form}", *wanted],
        capture_output=True,
        text=True,
        check=False,  # it fails if it doesn't know a package
    )
    lines = done.stdout.splitlines()
    return [package for package in wanted if f"{package}\tinstalled" not in lines]


def _run(*command: str) -> None:
    done = subprocess.run(  # noqa: S603 - pip, venv, and apt-get
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )
    if done.returncode:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise InstallError(lines[-1] if lines else f"{command[0]} failed")
