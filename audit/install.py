"""Finds the servers, and gets those that are missing into `.servers/`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from audit import debian
from audit.debian import UnpackError, unpack

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
        environment |= debian.environment(_UNPACKED)
    return environment


def _fetch(packages: list[str]) -> None:
    try:
        unpack(packages, _UNPACKED)
    except UnpackError as why:
        raise MissingError(_advice(str(why))) from None
    wanted = ", ".join(packages)
    sys.stdout.write(f"Fetched with apt-get and unpacked into {HERE.name}/: {wanted}\n")


def _advice(why: str) -> str:
    return (
        f"{why}\nThe recipes are tried on real servers. Install nginx, Apache httpd and Caddy, "
        "then run the audit again (on Debian and Ubuntu: apt install nginx apache2 caddy)."
    )
