"""WebKitGTK: its driver speaks WebDriver over HTTP, and its browser needs a screen."""

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
    ANSWER,
    HEIGHT,
    START,
    WIDTH,
    Action,
    Engine,
    EngineError,
    Known,
    RefusalError,
)
from audit.engines.program import path_of, running
from audit.upstream import LOOPBACK, reserve

_DRIVER = "WebKitWebDriver"
_SCREEN = "Xvfb"
_ENVIRONMENT: Mapping[str, str] = {
    # A container has seldom what the sandbox is made of, and we open nothing but our own pages.
    "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
    # Nobody has the window read aloud, and the service for it is seldom there.
    "NO_AT_BRIDGE": "1",
    "GDK_BACKEND": "x11",
    # It is written late, by a process that outlives the browser's window.
    "MESA_SHADER_CACHE_DISABLE": "true",
}
_GOODBYE = 5.0
"""Seconds that the browser may take to close; after that its screen is taken away."""
_NARROW = "* { min-width: 0; padding: 0 }"
"""For the browser's own buttons, which else keep its window from being 320 pixels wide."""


class _Answer(msgspec.Struct, frozen=True):
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
class _Line:
    """The way to a running driver."""

    port: int

    def order(
        self, method: str, path: str, content: object = None, patience: float = ANSWER
    ) -> object:
        """What comes back for an order."""
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=patience)
        try:
            body = None if method == "GET" else json.dumps(content or {})
            connection.request(method, path, body)
            answer = connection.getresponse()
            value = msgspec.json.decode(answer.read(), type=_Answer).value
            failure = None if answer.status == HTTPStatus.OK else msgspec.convert(value, _Failure)
        except TimeoutError as late:
            raise EngineError(f"{method} {path} is not carried out in {patience:.0f} s") from late
        except (OSError, http.client.HTTPException, msgspec.DecodeError) as fault:
            raise EngineError(f"the connection breaks at {method} {path}: {fault}") from fault
        finally:
            connection.close()
        if failure:
            raise RefusalError(f"{failure.error}: {failure.message}")
        return value


@dataclass(frozen=True, slots=True)
class _WebKit:
    line: _Line
    version: str
    session: str

    def open(self, address: str) -> None:
        self._order("url", {"url": address})

    def run(self, expression: str) -> object:
        script = f"return JSON.stringify({expression}) ?? 'null'"
        return json.loads(str(self._order("execute/sync", {"script": script, "args": []})))

    def act(self, actions: Sequence[Action]) -> None:
        self._order("actions", {"actions": actions})

    def set_width(self, width: int) -> None:
        self._order("window/rect", {"x": 0, "y": 0, "width": width, "height": HEIGHT})

    def leave(self) -> None:
        """Close the window, if that is still possible."""
        with suppress(EngineError, RefusalError):
            self.line.order("DELETE", f"/session/{self.session}", patience=_GOODBYE)

    def _order(self, path: str, content: object) -> object:
        return self.line.order("POST", f"/session/{self.session}/{path}", content)


def _missing() -> Sequence[str]:
    return [each for each in (_DRIVER, _SCREEN) if not path_of([each])]


@contextmanager
def _driven() -> Iterator[Engine]:
    binary = path_of([_DRIVER]) or _DRIVER
    with ExitStack() as stack:
        folder = tempfile.TemporaryDirectory(prefix="codebook-", ignore_cleanup_errors=True)
        home = Path(stack.enter_context(folder))
        style = home / "gtk-3.0" / "gtk.css"
        style.parent.mkdir()
        style.write_text(_NARROW, encoding="utf-8")
        # The screen ends last, and with it whatever the driver has left behind.
        screen = stack.enter_context(_screen(home))
        port: int = stack.enter_context(reserve()).getsockname()[1]
        command = [binary, f"--host={LOOPBACK}", f"--port={port}"]
        environment = {**_ENVIRONMENT, "DISPLAY": screen}
        driver = stack.enter_context(running(command, home, environment))
        line = _Line(port)
        driver.wait(lambda: _is_ready(line))
        window = _window(line)
        try:
            yield window
        finally:
            # The browser is no child of ours, and would write into a folder that is being removed.
            window.leave()


def _is_ready(line: _Line) -> bool | None:
    try:
        return bool(line.order("GET", "/status")) or None
    except (EngineError, RefusalError):
        return None


def _window(line: _Line) -> _WebKit:
    try:
        answer = line.order("POST", "/session", {"capabilities": {}}, START)
        session = msgspec.convert(answer, _Session)
        window = _WebKit(line, session.capabilities.browser_version, session.session_id)
        window.set_width(WIDTH)
    except (RefusalError, msgspec.ValidationError) as fault:
        raise EngineError(f"WebKitGTK opens no window: {fault}") from fault
    return window


@contextmanager
def _screen(home: Path) -> Iterator[str]:
    """The name of a screen of our own that nobody sees."""
    reader, writer = os.pipe()
    command = [path_of([_SCREEN]) or _SCREEN, "-displayfd", str(writer), "-nolisten", "tcp"]
    size = ["-screen", "0", f"{WIDTH}x{HEIGHT}x24"]
    with (
        os.fdopen(reader, "rb", buffering=0) as told,
        running([*command, *size], home, keep=(writer,)) as screen,
    ):
        # Nobody but the screen can write then, and its end is seen.
        os.close(writer)
        if not select.select([told], [], [], START)[0]:
            raise screen.fault("does not get ready")
        if not (number := told.readline().strip()):
            raise screen.fault("ends at once")
        yield f":{number.decode('ascii')}"


WEBKIT = Known("WebKitGTK", _missing, _driven)
