"""Finds the servers, and gets those that are missing.

What is missing is unpacked into `.servers/`, never installed: that needs no root, starts no service
and leaves the machine as it was, also after the next start.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from audit.tether import tethered

HERE = Path(__file__).resolve().parent.parent / ".servers"
_UNPACKED = HERE / "root"
_FOLDERS = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]


@dataclass(frozen=True)
class Kind:
    """A server as it is called in files, in packages and by itself."""

    programs: tuple[str, ...]
    package: str
    ask: str
    """The argument that makes it tell its version."""
    version: str
    """What it then prints: there are other programs of these names."""


KINDS: Mapping[str, Kind] = {
    "nginx": Kind(("nginx",), "nginx", "-v", r"nginx/([\d.]+)"),
    "apache": Kind(("apache2", "httpd"), "apache2-bin", "-v", r"Apache/([\d.]+)"),
    "caddy": Kind(("caddy",), "caddy", "version", r"^v?(\d[\d.]+)"),
}


class MissingError(Exception):
    """A server that is not here and cannot be had."""


@dataclass(frozen=True)
class Program:
    """A server that can be started."""

    path: Path
    version: str
    environment: Mapping[str, str]


def servers() -> Mapping[str, Program]:
    """Every server; those that are not on this machine are fetched, once."""
    found = {name: _find(kind) for name, kind in KINDS.items()}
    if None in found.values():
        # What was unpacked before is fetched with the rest: its place is taken as a whole.
        lacking = [name for name, has in found.items() if not has or _UNPACKED in has.path.parents]
        _fetch([KINDS[name].package for name in lacking])
        found |= {name: _find(KINDS[name]) for name in lacking}
    programs = {name: program for name, program in found.items() if program}
    if absent := [name for name in KINDS if name not in programs]:
        raise MissingError(_advice(f"{', '.join(absent)} cannot be run"))
    return programs


def _find(kind: Kind) -> Program | None:
    for path in _candidates(kind.programs):
        environment = _environment(path)
        asked = subprocess.run(  # noqa: S603 - a program of a name that we look for
            [path, kind.ask], capture_output=True, text=True, check=False, env=environment
        )
        if told := re.search(kind.version, asked.stdout + asked.stderr, re.MULTILINE):
            return Program(path, told[1], environment)
    return None


def _candidates(names: Iterable[str]) -> Iterator[Path]:
    folders = [*os.environ.get("PATH", "").split(os.pathsep), *_FOLDERS]
    folders += [str(_UNPACKED / "usr" / "sbin"), str(_UNPACKED / "usr" / "bin")]
    for name in names:
        for folder in dict.fromkeys(filter(None, folders)):
            path = Path(folder, name)
            if os.access(path, os.X_OK):
                yield path


def _environment(program: Path) -> Mapping[str, str]:
    """Nothing of the shell's but the path; for an unpacked server, where its libraries are."""
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin")}
    if _UNPACKED in program.parents:
        libraries = [*_UNPACKED.glob("usr/lib/*-linux-*"), *_UNPACKED.glob("lib/*-linux-*")]
        environment["LD_LIBRARY_PATH"] = ":".join(map(str, libraries))
    return environment


def _fetch(packages: list[str]) -> None:
    wanted = ", ".join(packages)
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        raise MissingError(_advice(f"the audit cannot get {wanted}: there is no apt-get here"))
    HERE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=HERE) as name:
        part = Path(name)
        apt = ["apt-get", "-qq", "-c", str(_settings(part))]
        _run([*apt, "update"], part)
        plan = _run([*apt, "-s", "install", "--no-install-recommends", *packages], part)
        # A package that is there in an older version stays: `Inst name [old] (new ...`.
        names = [
            f"{name}={new}" for name, new in re.findall(r"^Inst (\S+) \((\S+)", plan, re.MULTILINE)
        ]
        _run([*apt, "download", *names], part)
        root = part / "root"
        for package in sorted(part.glob("*.deb")):
            _run(["dpkg", "-x", str(package), str(root)], part)
        # No server reads these, but a linter would: there are scripts among them.
        shutil.rmtree(root / "usr" / "share", ignore_errors=True)
        shutil.rmtree(_UNPACKED, ignore_errors=True)
        # Another audit may have been faster; what it has put there is as good.
        with suppress(OSError):
            root.rename(_UNPACKED)
    sys.stdout.write(f"Fetched with apt-get and unpacked into {HERE.name}/: {wanted}\n")


def _settings(part: Path) -> Path:
    """Settings that let apt-get work without root, beside the lists of the machine."""
    for folder in ("lists/partial", "cache/archives/partial"):
        (part / folder).mkdir(parents=True)
    path = part / "apt.conf"
    path.write_text(
        f'Dir::State::Lists "{part}/lists";\n'
        f'Dir::Cache "{part}/cache";\n'
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
    done = subprocess.run(  # noqa: S603 - apt-get and dpkg, with arguments of our own
        tethered([program, *command[1:]]), cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip() or done.stdout.strip()
        raise MissingError(_advice(f"{command[0]} failed: {said}"))
    return done.stdout


def _advice(why: str) -> str:
    return (
        f"{why}\nThe recipes are tried on real servers. Install nginx, Apache httpd and Caddy, "
        "then run the audit again (on Debian and Ubuntu: apt install nginx apache2 caddy)."
    )
