"""Downloads Debian packages and unpacks them, without root and without installing anything.

What is unpacked starts no service and leaves the machine as it was, also after the next start.
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
    """Packages that cannot be had; the message says why."""


def unpack(packages: Sequence[str], root: Path) -> None:
    """Put the packages, and all they need that is not installed, below `root`.

    Raises UnpackError where this is no Debian, or apt-get fails.
    """
    wanted = ", ".join(packages)
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        raise UnpackError(f"{wanted} cannot be had: there is no apt-get here")
    root.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root.parent) as name:
        workspace = Path(name)
        apt = ["apt-get", "-qq", "-c", str(_settings(workspace))]
        _run([*apt, "update"], workspace)
        plan = _run([*apt, "-s", "install", "--no-install-recommends", *packages], workspace)
        # A package that is there in an older version stays: `Inst name [old] (new ...`.
        names = [
            f"{name}={new}" for name, new in re.findall(r"^Inst (\S+) \((\S+)", plan, re.MULTILINE)
        ]
        _run([*apt, "download", *names], workspace)
        unpacked = workspace / "root"
        for package in sorted(workspace.glob("*.deb")):
            _run(["dpkg", "-x", str(package), str(unpacked)], workspace)
        # Nothing needs these, but a linter would read them: some are scripts.
        for folder in ("doc", "man", "perl", "perl5", "python3"):
            shutil.rmtree(unpacked / "usr" / "share" / folder, ignore_errors=True)
        shutil.rmtree(root, ignore_errors=True)
        # Another process may have been faster; its result is the same.
        with suppress(OSError):
            unpacked.rename(root)


def environment(root: Path) -> dict[str, str]:
    """What a program below `root` needs to find its libraries."""
    # Some packages keep libraries in a folder of their own, known only to where they are installed.
    libraries = {path.parent for path in root.rglob("lib*.so*")}
    return {"LD_LIBRARY_PATH": ":".join(map(str, sorted(libraries)))}


def _settings(workspace: Path) -> Path:
    """Settings that let apt-get work without root, beside the lists of the machine."""
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
    process = subprocess.run(  # noqa: S603 - apt-get and dpkg, with arguments of our own
        supervised([program, *command[1:]]), cwd=folder, capture_output=True, text=True, check=False
    )
    if process.returncode:
        output = process.stderr.strip() or process.stdout.strip()
        raise UnpackError(f"{command[0]} failed: {output}")
    return process.stdout
