"""Download and unpack Debian packages without root and without installing them.

Unpacking starts no services and changes nothing else on the machine.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from audit.supervised_process import supervised


class UnpackError(Exception):
    """Packages that can't be downloaded or unpacked. The message says why."""


def unpack(packages: Sequence[str], root: Path) -> None:
    """Unpack packages to `root`, with all dependencies that aren't installed.

    Raises UnpackError if this isn't a Debian system or apt-get fails.
    """
    wanted = ", ".join(packages)
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        raise UnpackError(f"can't download {wanted}: apt-get is not installed")
    root.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root.parent) as name:
        workspace = Path(name)
        apt = ["apt-get", "-qq", "-c", str(_settings(workspace))]
        _run([*apt, "update"], workspace)
        plan = _run([*apt, "-s", "install", "--no-install-recommends", *packages], workspace)
        # Skip upgrades of installed packages, which look like `Inst name [old] (new ...`.
        names = [
            f"{name}={new}" for name, new in re.findall(r"^Inst (\S+) \((\S+)", plan, re.MULTILINE)
        ]
        _run([*apt, "download", *names], workspace)
        unpacked = workspace / "root"
        for package in sorted(workspace.glob("*.deb")):
            _run(["dpkg", "-x", str(package), str(unpacked)], workspace)
        # Unneeded, and some are scripts that linters would check.
        for folder in ("doc", "man", "perl", "perl5", "python3"):
            shutil.rmtree(unpacked / "usr" / "share" / folder, ignore_errors=True)
        shutil.rmtree(root, ignore_errors=True)
        # Another process may have been faster, with the same result.
        with suppress(OSError):
            unpacked.rename(root)


def environment(root: Path) -> dict[str, str]:
    """The environment that lets a program under `root` find its libraries."""
    # Some packages keep libraries in private folders that only work after installation.
    libraries = {path.parent for path in root.rglob("lib*.so*")}
    return {"LD_LIBRARY_PATH": ":".join(map(str, sorted(libraries)))}


def _settings(workspace: Path) -> Path:
    """Settings for apt-get to work without root and with its own package lists."""
    for folder in ("lists/partial", "cache/archives/partial"):
        (workspace / folder).mkdir(parents=True)
    path = workspace / "apt.conf"
    path.write_text(
        f'Dir::State::Lists "{workspace}/lists";\n'
        f'Dir::Cache "{workspace}/cache";\n'
        'Acquire::Languages "none";\n'
        'APT::Sandbox::User "";\n'
        "#clear APT::Update::Pre-Invoke;\n"
        "#clear APT::Update::Post-Invoke;\n"
        "#clear APT::Update::Post-Invoke-Success;\n"
        "#clear Binary::apt-get::APT::Update::Post-Invoke;\n",
        encoding="utf-8",
    )
    return path


def _run(command: list[str], folder: Path) -> str:
    program = shutil.which(command[0]) or command[0]
    process = subprocess.run(  # noqa: S603 - apt-get and dpkg, with our own arguments
        supervised([program, *command[1:]]), cwd=folder, capture_output=True, text=True, check=False
    )
    if process.returncode:
        output = process.stderr.strip() or process.stdout.strip()
        raise UnpackError(f"{command[0]} failed: {output}")
    return process.stdout
