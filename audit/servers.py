"""Each server with one recipe in it, in the smallest frame that it starts in."""

from __future__ import annotations

import pwd
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from audit.install import Program
from audit.recipes import LOGS, PORT, ROOT, UPSTREAM
from audit.tether import tethered
from audit.upstream import LOOPBACK

START = 60.0
"""Seconds that a server may take until it listens; the runtime of wrangler is large."""

APACHE_MODULES = [
    "mpm_event",
    "unixd",
    "log_config",
    "authz_core",
    "authz_host",
    "mime",
    "dir",
    "alias",
    "rewrite",
    "headers",
    "setenvif",
    "proxy",
    "proxy_http",
]
_APACHE_FOLDERS = ["lib/apache2/modules", "lib64/httpd/modules", "lib/httpd/modules"]


class StartError(Exception):
    """A server that does not start with a recipe."""


@dataclass(frozen=True)
class Place:
    """The folders of one running server, and its two ports."""

    folder: Path
    port: int
    upstream: int

    @property
    def root(self) -> Path:
        """The folder that stands for the root of the recipes."""
        return self.folder / "www"

    @property
    def logs(self) -> Path:
        """The folder of all logs."""
        return self.folder / "logs"

    @property
    def number(self) -> Path:
        """The file into which the server writes the number of its process."""
        return self.folder / "pid"

    def fitted(self, text: str) -> str:
        """Put this place's folders and ports into a recipe."""
        text = text.replace(UPSTREAM, f"{LOOPBACK}:{self.upstream}").replace(ROOT, str(self.root))
        text = text.replace(LOGS, str(self.logs))
        text = text.replace(f"listen {PORT}", f"listen {LOOPBACK}:{self.port}")
        text = text.replace(f"<VirtualHost *:{PORT}>", f"<VirtualHost *:{self.port}>")
        return text.replace(f"\n:{PORT} {{", f"\n:{self.port} {{\n\tbind {LOOPBACK}")


@contextmanager
def running(server: str, program: Program, recipe: str, place: Place) -> Iterator[None]:
    """The server, from when it listens until the end of the block."""
    configuration = place.folder / "configuration"
    configuration.write_text(_FRAMES[server](place, program, place.fitted(f"\n{recipe}")), "utf-8")
    command = [str(program.path), *_arguments(server, place, configuration)]
    environment = {**program.environment, "HOME": str(place.folder)}
    # Apache httpd listens before it has read everything; its last step is to write its number.
    with started(command, environment, place, place.number.exists):
        yield


@contextmanager
def started(
    command: list[str],
    environment: Mapping[str, str],
    place: Place,
    is_ready: Callable[[], bool] = lambda: True,
) -> Iterator[None]:
    """A program that listens at the place, from when it does until the end of the block.

    Raises `StartError` where it does not, with what it says of it.
    """
    said = place.folder / "said"
    with said.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - a server that we found, with a file of our own
            tethered(command),
            cwd=place.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        _wait(process, place, said, is_ready)
        yield
    finally:
        process.terminate()
        process.wait()


def _wait(
    process: subprocess.Popen[bytes], place: Place, said: Path, is_ready: Callable[[], bool]
) -> None:
    until = time.monotonic() + START
    while process.poll() is None and time.monotonic() < until:
        if is_ready():
            with suppress(OSError), socket.create_connection((LOOPBACK, place.port), timeout=1):
                return
        time.sleep(0.02)
    why = "ends at once" if process.poll() is not None else "does not listen"
    told = [
        path.read_text(encoding="utf-8", errors="replace").strip()
        for path in (said, place.logs / "error.log")
        if path.exists()
    ]
    raise StartError("\n".join([f"the server {why}", *filter(None, told)]))


def _nginx(place: Place, _: Program, recipe: str) -> str:
    # One process, so that nothing is left when it is killed.
    kept = "".join(
        f"{name}_temp_path {place.folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        "daemon off;\nmaster_process off;\n"
        f"pid {place.number};\nerror_log {place.logs}/error.log;\n"
        "events {}\n"
        f"http {{\naccess_log {place.logs}/access.log;\n{kept}"
        f"types {{ text/html html; }}\n{recipe}}}\n"
    )


def _apache(place: Place, program: Program, recipe: str) -> str:
    above = program.path.parent.parent
    folders = [above / each for each in _APACHE_FOLDERS]
    modules = next((each for each in folders if each.is_dir()), folders[0])
    # Which modules are built in and which are files is up to the distribution.
    load = "".join(
        f"<IfModule !{name}_module>\n"
        f'LoadModule {name}_module "{modules}/mod_{name}.so"\n'
        "</IfModule>\n"
        for name in APACHE_MODULES
    )
    nobody = pwd.getpwnam("nobody")
    # As in the packages of the distributions, nothing may be read that is not named.
    return (
        f"{load}Listen {LOOPBACK}:{place.port}\nServerName localhost\nServerRoot {place.folder}\n"
        f"PidFile {place.number}\nErrorLog {place.logs}/error.log\nMutex flock:{place.folder}\n"
        f"User #{nobody.pw_uid}\nGroup #{nobody.pw_gid}\n"
        f'CustomLog {place.logs}/access.log "%h %t \\"%r\\" %>s %b"\n'
        "TypesConfig /dev/null\nAddType text/html .html\n"
        "<Directory />\nRequire all denied\n</Directory>\n"
        f"{recipe}"
    )


def _caddy(_: Place, __: Program, recipe: str) -> str:
    return f"{{\n\tadmin off\n}}\n{recipe}"


_FRAMES: Mapping[str, Callable[[Place, Program, str], str]] = {
    "nginx": _nginx,
    "apache": _apache,
    "caddy": _caddy,
}


def _arguments(server: str, place: Place, configuration: Path) -> list[str]:
    match server:
        case "nginx":
            return ["-p", str(place.folder), "-c", str(configuration)]
        case "apache":
            return ["-X", "-d", str(place.folder), "-f", str(configuration)]
        case _:
            pid = ["--pidfile", str(place.number)]
            return ["run", "--adapter", "caddyfile", "--config", str(configuration), *pid]
