"""Find the servers, and download missing ones to `.servers/`."""

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

SERVERS_FOLDER = Path(__file__).resolve().parent.parent / ".servers"
_UNPACKED_ROOT = SERVERS_FOLDER / "root"
_FOLDERS = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]


@dataclass(frozen=True)
class ServerKind:
    """The program names and the package of a server, and how to detect its version."""

    programs: tuple[str, ...]
    package: str
    version_argument: str
    """The argument that prints the version."""
    version_pattern: str
    """The output to expect, because other programs may have the same name."""


KINDS: Mapping[str, ServerKind] = {
    "nginx": ServerKind(("nginx",), "nginx", "-v", r"nginx/([\d.]+)"),
    "apache": ServerKind(("apache2", "httpd"), "apache2-bin", "-v", r"Apache/([\d.]+)"),
    "caddy": ServerKind(("caddy",), "caddy", "version", r"^v?(\d[\d.]+)"),
    "haproxy": ServerKind(("haproxy",), "haproxy", "-v", r"HAProxy version ([\d.]+)"),
    "varnish": ServerKind(("varnishd",), "varnish", "-V", r"varnishd \(varnish-([\d.]+)"),
}


class MissingError(Exception):
    """A server isn't installed and can't be downloaded."""


@dataclass(frozen=True)
class Program:
    """A server that can be started."""

    path: Path
    version: str
    environment: Mapping[str, str]


def servers() -> Mapping[str, Program]:
    """All servers. Those that aren't installed are downloaded once."""
    programs = {name: find(kind) for name, kind in KINDS.items()}
    if None in programs.values():
        # Download earlier ones again too, because the whole folder is replaced.
        missing = [
            name
            for name, program in programs.items()
            if not program or _UNPACKED_ROOT in program.path.parents
        ]
        _download([KINDS[name].package for name in missing])
        programs |= {name: find(KINDS[name]) for name in missing}
    found = {name: program for name, program in programs.items() if program}
    if absent := [name for name in KINDS if name not in found]:
        raise MissingError(_advice(f"can't run {', '.join(absent)}"))
    return found


def find(kind: ServerKind) -> Program | None:
    """A server of this kind that is installed or was downloaded, or None."""
    for path in _candidates(kind.programs):
        environment = _environment(path)
        process = subprocess.run(  # noqa: S603 - a program that we searched for
            [path, kind.version_argument],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )
        if match := re.search(kind.version_pattern, process.stdout + process.stderr, re.MULTILINE):
            return Program(path, match[1], environment)
    return None


def _candidates(names: Iterable[str]) -> Iterator[Path]:
    folders = [*os.environ.get("PATH", "").split(os.pathsep), *_FOLDERS]
    folders += [str(_UNPACKED_ROOT / "usr" / "sbin"), str(_UNPACKED_ROOT / "usr" / "bin")]
    for name in names:
        for folder in dict.fromkeys(filter(None, folders)):
            path = Path(folder, name)
            if os.access(path, os.X_OK):
                yield path


def _environment(program: Path) -> Mapping[str, str]:
    """A minimal environment: PATH, and for an unpacked server, its library path."""
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin")}
    if _UNPACKED_ROOT in program.parents:
        environment |= debian.environment(_UNPACKED_ROOT)
        # Varnish needs a compiler, which may be unpacked too.
        environment["PATH"] += f":{_UNPACKED_ROOT / 'usr' / 'bin'}"
    return environment


def _download(packages: list[str]) -> None:
    try:
        unpack(packages, _UNPACKED_ROOT)
    except UnpackError as error:
        raise MissingError(_advice(str(error))) from None
    wanted = ", ".join(packages)
    sys.stdout.write(f"Downloaded with apt-get to {SERVERS_FOLDER.name}/: {wanted}\n")


def _advice(reason: str) -> str:
    return (
        f"{reason}\nThe audit tests recipes on real servers. Install nginx, Apache httpd, "
        "Caddy, HAProxy, and Varnish (on Debian and Ubuntu: apt install nginx apache2 caddy "
        "haproxy varnish), and then run it again."
    )
