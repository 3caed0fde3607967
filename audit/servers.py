"""Start a server with a recipe in the smallest working configuration."""

from __future__ import annotations

import pwd
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from audit.install import Program
from audit.recipes import CERTIFICATES, LOGS, PORT, ROOT, UPSTREAM
from audit.supervised_process import supervised
from audit.upstream import LOOPBACK

START_TIMEOUT = 60.0
"""Seconds until a server must listen. wrangler has a large runtime."""

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
    "proxy_fcgi",
    "allowmethods",
    "auth_basic",
    "authn_core",
    "authn_file",
    "authz_user",
    "autoindex",
    "reqtimeout",
    "socache_shmcb",
    "ssl",
]
_APACHE_FOLDERS = ["lib/apache2/modules", "lib64/httpd/modules", "lib/httpd/modules"]


class StartError(Exception):
    """A server can't be started with a recipe."""


@dataclass(frozen=True)
class Instance:
    """The folders and ports of one running server."""

    folder: Path
    port: int
    upstream: int

    @property
    def root(self) -> Path:
        """The folder that replaces the document root of the recipes."""
        return self.folder / "www"

    @property
    def logs(self) -> Path:
        """The folder of all logs."""
        return self.folder / "logs"

    @property
    def certificates(self) -> Path:
        """The folder of the certificates for TLS."""
        return self.folder / "certificates"

    @property
    def output(self) -> Path:
        """What the server prints."""
        return self.folder / "output"

    @property
    def pid_file(self) -> Path:
        """The PID file of the server."""
        return self.folder / "pid"

    def adapt(self, text: str) -> str:
        """The recipe, with the folders and ports of this instance."""
        text = text.replace(UPSTREAM, f"{LOOPBACK}:{self.upstream}").replace(ROOT, str(self.root))
        text = text.replace(LOGS, str(self.logs)).replace(CERTIFICATES, str(self.certificates))
        text = text.replace(f"listen {PORT}", f"listen {LOOPBACK}:{self.port}")
        text = text.replace(f"bind :{PORT}", f"bind {LOOPBACK}:{self.port}")
        text = text.replace(f"<VirtualHost *:{PORT}>", f"<VirtualHost *:{self.port}>")
        return text.replace(f"\n:{PORT} {{", f"\n:{self.port} {{\n\tbind {LOOPBACK}")


@contextmanager
def running(server: str, program: Program, recipe: str, instance: Instance) -> Iterator[None]:
    """Run a server until the end of the block."""
    configuration = instance.folder / "configuration"
    configuration.write_text(
        _FRAMES[server](instance, program, instance.adapt(f"\n{recipe}")), "utf-8"
    )
    command = [str(program.path), *_arguments(server, instance, program, configuration)]
    environment = {**program.environment, "HOME": str(instance.folder)}
    # Apache httpd listens before it is ready. Its last step is to write the PID file.
    with started(command, environment, instance, instance.pid_file.exists):
        yield


@contextmanager
def started(
    command: list[str],
    environment: Mapping[str, str],
    instance: Instance,
    is_ready: Callable[[], bool] = lambda: True,
) -> Iterator[None]:
    """Run a program until the end of the block, and wait until it listens on the instance's port.

    Raises `StartError` with the output if it doesn't listen.
    """
    with instance.output.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - a server that we found, with our own file
            supervised(command),
            cwd=instance.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        _wait(process, instance, is_ready)
        yield
    finally:
        process.terminate()
        process.wait()


def _wait(
    process: subprocess.Popen[bytes],
    instance: Instance,
    is_ready: Callable[[], bool],
) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while process.poll() is None and time.monotonic() < deadline:
        if is_ready():
            with suppress(OSError), socket.create_connection((LOOPBACK, instance.port), timeout=1):
                return
        time.sleep(0.02)
    reason = "exited immediately" if process.poll() is not None else "doesn't listen"
    output = [
        path.read_text(encoding="utf-8", errors="replace").strip()
        for path in (instance.output, instance.logs / "error.log")
        if path.exists()
    ]
    raise StartError("\n".join([f"the server {reason}", *filter(None, output)]))


def _nginx(instance: Instance, _: Program, recipe: str) -> str:
    # A single process, so that none is left running after it is killed.
    temporary_paths = "".join(
        f"{name}_temp_path {instance.folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        "daemon off;\nmaster_process off;\n"
        f"pid {instance.pid_file};\nerror_log {instance.logs}/error.log;\n"
        "events {}\n"
        f"http {{\naccess_log {instance.logs}/access.log;\n{temporary_paths}"
        f"types {{ text/html html; }}\n{recipe}}}\n"
    )


def load_modules(program: Program, names: Iterable[str]) -> str:
    """The lines that load modules of Apache httpd."""
    prefix = program.path.parent.parent
    folders = [prefix / folder for folder in _APACHE_FOLDERS]
    modules = next((folder for folder in folders if folder.is_dir()), folders[0])
    # Distributions differ in which modules are built in.
    return "".join(
        f"<IfModule !{name}_module>\n"
        f'LoadModule {name}_module "{modules}/mod_{name}.so"\n'
        "</IfModule>\n"
        for name in names
    )


def _apache(instance: Instance, program: Program, recipe: str) -> str:
    load = load_modules(program, APACHE_MODULES)
    user = pwd.getpwnam("nobody")
    # As in the packages of the distributions, access is denied by default.
    return (
        f"{load}Listen {LOOPBACK}:{instance.port}\nServerName localhost\n"
        f"ServerRoot {instance.folder}\nPidFile {instance.pid_file}\n"
        f"ErrorLog {instance.logs}/error.log\nMutex flock:{instance.folder}\n"
        f"User #{user.pw_uid}\nGroup #{user.pw_gid}\n"
        f'CustomLog {instance.logs}/access.log "%h %t \\"%r\\" %>s %b"\n'
        "TypesConfig /dev/null\nAddType text/html .html\n"
        "<Directory />\nRequire all denied\n</Directory>\n"
        f"{recipe}"
    )


def _caddy(_: Instance, __: Program, recipe: str) -> str:
    return f"{{\n\tadmin off\n}}\n{recipe}"


def _haproxy(instance: Instance, _: Program, recipe: str) -> str:
    return f"global\npidfile {instance.pid_file}\n{recipe}"


def _varnish(_: Instance, __: Program, recipe: str) -> str:
    return recipe.lstrip("\n")


_FRAMES: Mapping[str, Callable[[Instance, Program, str], str]] = {
    "nginx": _nginx,
    "apache": _apache,
    "caddy": _caddy,
    "haproxy": _haproxy,
    "varnish": _varnish,
}


def _arguments(server: str, instance: Instance, program: Program, configuration: Path) -> list[str]:
    match server:
        case "nginx":
            return ["-p", str(instance.folder), "-c", str(configuration)]
        case "apache":
            return ["-X", "-d", str(instance.folder), "-f", str(configuration)]
        case "haproxy":
            return ["-W", "-db", "-p", str(instance.pid_file), "-f", str(configuration)]
        case "varnish":
            return _varnish_arguments(instance, program, configuration)
        case _:
            pid = ["--pidfile", str(instance.pid_file)]
            return ["run", "--adapter", "caddyfile", "--config", str(configuration), *pid]


def _varnish_arguments(instance: Instance, program: Program, configuration: Path) -> list[str]:
    modules = [str(folder) for folder in (program.path.parents[1] / "lib").glob("**/varnish/vmods")]
    parameters = {
        "vmod_path": ":".join(modules),
        # It compiles the recipe. Without libraries, a compiler that isn't installed works too.
        "cc_command": "exec gcc -std=gnu11 -fpic -shared -nostdlib -Wl,-x -o %o %s",
    }
    return [
        *("-F", "-j", "none"),
        *("-a", f"{LOOPBACK}:{instance.port}"),
        *("-f", str(configuration)),
        *("-n", str(instance.folder / "work"), "-P", str(instance.pid_file)),
        *("-s", "malloc,16m"),
        *(part for name, value in parameters.items() for part in ("-p", f"{name}={value}")),
    ]
