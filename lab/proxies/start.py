"""Start a proxy in front of the lab's server."""

from __future__ import annotations

import os
import pwd
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from audit import install
from audit.install import Program, ServerKind
from audit.servers import Instance, load_modules, started
from audit.upstream import reserve

_CONFIGURATIONS = Path(__file__).parent
_SQUID = ServerKind(("squid",), "squid", "-v", r"Version ([\d.]+)")
_KINDS: Mapping[str, ServerKind] = {**install.KINDS, "squid": _SQUID}
_USER = "nobody"
"""Squid and Apache httpd refuse to serve as root."""
_APACHE_MODULES = (
    "mpm_event",
    "authz_core",
    "unixd",
    "proxy",
    "proxy_http",
    "cache",
    "cache_disk",
)


@dataclass(frozen=True, slots=True)
class Proxy:
    """A running proxy."""

    port: int
    version: str


class MissingError(Exception):
    """The proxy isn't installed."""


@contextmanager
def running(name: str, upstream: int, folder: Path) -> Iterator[Proxy]:
    """Run the proxy with the configuration of this name until the end of the block.

    It gets a folder of its own in `folder`. Folders that killed processes left there are removed.
    """
    kind = name.partition("-")[0]
    if not (program := install.find(_KINDS[kind])):
        raise MissingError(f"{_KINDS[kind].package} is not installed")
    with reserve() as reserved:
        port: int = reserved.getsockname()[1]
    instance = Instance(own_folder(folder), port, upstream)
    try:
        command = [
            str(program.path),
            *_arguments(kind, instance, _configuration(name, instance, program)),
        ]
        environment = {**program.environment, "HOME": str(instance.folder)}
        # Apache httpd listens before it is ready. Its last step is to write the PID file.
        is_ready = instance.pid_file.exists if kind == "apache" else lambda: True
        with started(command, environment, instance, is_ready):
            yield Proxy(port, program.version)
    finally:
        shutil.rmtree(instance.folder, ignore_errors=True)


def own_folder(folder: Path) -> Path:
    """A folder for this process, in place of those of processes that ended."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.iterdir():
        if not Path("/proc", left.name).exists():
            shutil.rmtree(left, ignore_errors=True)
    own = folder / str(os.getpid())
    for part in (own, own / "logs", own / "cache"):
        part.mkdir()
        part.chmod(0o777)
    return own


def _configuration(name: str, instance: Instance, program: Program) -> Path:
    (template,) = _CONFIGURATIONS.glob(f"{name}.*")
    text = template.read_text(encoding="utf-8")
    places = {
        "folder": instance.folder,
        "port": instance.port,
        "upstream": instance.upstream,
        "modules": load_modules(program, _APACHE_MODULES),
        "user": pwd.getpwnam(_USER).pw_name,
    }
    for place, value in places.items():
        text = text.replace(f"@{place}@", str(value))
    path = instance.folder / template.name
    path.write_text(text, encoding="utf-8")
    return path


def _arguments(kind: str, instance: Instance, configuration: Path) -> list[str]:
    match kind:
        case "nginx":
            return ["-p", str(instance.folder), "-c", str(configuration)]
        case "apache":
            return ["-X", "-d", str(instance.folder), "-f", str(configuration)]
        case "haproxy":
            return ["-W", "-db", "-f", str(configuration)]
        case "squid":
            return ["-N", "-f", str(configuration)]
        case "varnish":
            listen = f"127.0.0.1:{instance.port}"
            work = str(instance.folder / "work")
            return ["-F", "-j", "none", "-a", listen, "-f", str(configuration), "-n", work]
        case _:
            return ["run", "--adapter", "caddyfile", "--config", str(configuration)]
