"""WebKitGTK, automated with WebDriver over HTTP. The browser needs a display."""

from __future__ import annotations

import http.client
import json
import os
import select
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import msgspec

from audit.engines.engine import (
    COMMAND_TIMEOUT,
    HEIGHT,
    START_TIMEOUT,
    WIDTH,
    Action,
    CommandError,
    Engine,
    EngineDriver,
    EngineError,
)
from audit.engines.program import find_program, running
from audit.upstream import LOOPBACK, reserve

_DRIVER = "WebKitWebDriver"
_SCREEN = "Xvfb"
ENVIRONMENT: Mapping[str, str] = {
    # Containers seldom support the sandbox, and only our own pages are opened.
    "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
    # The accessibility service is seldom installed, and isn't needed.
    "NO_AT_BRIDGE": "1",
    "GDK_BACKEND": "x11",
    # A process that outlives the window would write the cache too late.
    "MESA_SHADER_CACHE_DISABLE": "true",
}
"""Lets WebKitGTK run in a container."""
_CLOSE_TIMEOUT = 5.0
"""Seconds that the browser has to close before its display goes away."""
_NARROW = "* { min-width: 0; padding: 0 }"
"""Otherwise, the browser's buttons keep the window wider than 320 pixels."""


class _Response(msgspec.Struct, frozen=True):
    value: object


class _Failure(msgspec.Struct, frozen=True):
    error: str
    message: str


class _Capabilities(msgspec.Struct, frozen=True, rename="camel"):
    browser_version: str


class _Session(msgspec.Struct, frozen=True, rename="camel"):
    session_id: str
    capabilities: _Capabilities


@dataclass(frozen=True, slots=True)
class _DriverClient:
    """A client for a running driver."""

    port: int

    def send_command(
        self, method: str, path: str, body: object = None, timeout: float = COMMAND_TIMEOUT
    ) -> object:
        """Send a command, and return the value in the response."""
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=timeout)
        try:
            data = None if method == "GET" else json.dumps(body or {})
            connection.request(method, path, data)
            response = connection.getresponse()
            value = msgspec.json.decode(response.read(), type=_Response).value
            failure = None if response.status == HTTPStatus.OK else msgspec.convert(value, _Failure)
        except TimeoutError as error:
            raise EngineError(f"{method} {path} timed out after {timeout:.0f} s") from error
        except (OSError, http.client.HTTPException, msgspec.DecodeError) as error:
            raise EngineError(f"connection lost during {method} {path}: {error}") from error
        finally:
            connection.close()
        if failure:
            raise CommandError(f"{failure.error}: {failure.message}")
        return value


@dataclass(frozen=True, slots=True)
class _WebKit:
    driver: _DriverClient
    version: str
    session: str

    def open(self, url: str) -> None:
        self._send("url", {"url": url})

    def run(self, expression: str) -> object:
        script = f"return JSON.stringify({expression}) ?? 'null'"
        return json.loads(str(self._send("execute/sync", {"script": script, "args": []})))

    def act(self, actions: Sequence[Action]) -> None:
        self._send("actions", {"actions": actions})

    def set_width(self, width: int) -> None:
        self._send("window/rect", {"x": 0, "y": 0, "width": width, "height": HEIGHT})

    def close(self) -> None:
        """Close the window, if it still responds."""
        with suppress(EngineError, CommandError):
            self.driver.send_command("DELETE", f"/session/{self.session}", timeout=_CLOSE_TIMEOUT)

    def _send(self, path: str, body: object) -> object:
        return self.driver.send_command("POST", f"/session/{self.session}/{path}", body)


def _missing() -> Sequence[str]:
    return [name for name in (_DRIVER, _SCREEN) if not find_program([name])]


@contextmanager
def _start() -> Iterator[Engine]:
    binary = find_program([_DRIVER]) or _DRIVER
    with ExitStack() as stack:
        folder = tempfile.TemporaryDirectory(prefix="codebook-", ignore_cleanup_errors=True)
        home = Path(stack.enter_context(folder))
        style = home / "gtk-3.0" / "gtk.css"
        style.parent.mkdir()
        style.write_text(_NARROW, encoding="utf-8")
        # Close the display last: this also stops anything that the driver left running.
        display = stack.enter_context(screen(home))
        port: int = stack.enter_context(reserve()).getsockname()[1]
        command = [binary, f"--host={LOOPBACK}", f"--port={port}"]
        environment = {**ENVIRONMENT, "DISPLAY": display}
        program = stack.enter_context(running(command, home, environment))
        driver = _DriverClient(port)
        program.wait(lambda: _is_ready(driver))
        window = _open_window(driver)
        try:
            yield window
        finally:
            # The browser isn't a child process, and could write to the folder while it's deleted.
            window.close()


def _is_ready(driver: _DriverClient) -> bool | None:
    try:
        return bool(driver.send_command("GET", "/status")) or None
    except (EngineError, CommandError):
        return None


def _open_window(driver: _DriverClient) -> _WebKit:
    try:
        result = driver.send_command("POST", "/session", {"capabilities": {}}, START_TIMEOUT)
        session = msgspec.convert(result, _Session)
        window = _WebKit(driver, session.capabilities.browser_version, session.session_id)
        window.set_width(WIDTH)
    except (CommandError, msgspec.ValidationError) as error:
        raise EngineError(f"WebKitGTK can't open a window: {error}") from error
    return window


@contextmanager
def screen(home: Path) -> Iterator[str]:
    """Start a virtual display, and return its name."""
    reader, writer = os.pipe()
    command = [find_program([_SCREEN]) or _SCREEN, "-displayfd", str(writer), "-nolisten", "tcp"]
    size = ["-screen", "0", f"{WIDTH}x{HEIGHT}x24"]
    with (
        os.fdopen(reader, "rb", buffering=0) as display,
        running([*command, *size], home, file_descriptors=(writer,)) as screen,
    ):
        # Only the display has the pipe open now, so the pipe closes when it exits.
        os.close(writer)
        if not select.select([display], [], [], START_TIMEOUT)[0]:
            raise screen.error("did not get ready")
        if not (number := display.readline().strip()):
            raise screen.error("exited immediately")
        yield f":{number.decode('ascii')}"


WEBKIT = EngineDriver("WebKitGTK", _missing, _start)
