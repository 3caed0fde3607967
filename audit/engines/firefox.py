"""Firefox, automated without a driver program: WebDriver BiDi over a WebSocket."""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import msgspec
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

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
from audit.engines.program import Program, find_program, running

_NAMES = ("firefox-esr", "firefox")
_LISTENS = re.compile(r"^WebDriver BiDi listening on (ws://\S+)$", re.MULTILINE)
_CLOSED_PORT = 9
"""A port where nothing listens, used as the proxy for all external requests."""
_PREFERENCES: Mapping[str, str | int] = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": _CLOSED_PORT,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": _CLOSED_PORT,
}


class _Message(msgspec.Struct, frozen=True):
    """A response, or an event (without an ID)."""

    type: str
    id: int | None = None
    result: dict[str, object] = {}
    message: str = ""


class _Session(msgspec.Struct, frozen=True, rename="camel"):
    browser_version: str


class _Started(msgspec.Struct, frozen=True):
    capabilities: _Session


class _Window(msgspec.Struct, frozen=True):
    context: str
    url: str = ""


class BrowsingContexts(msgspec.Struct, frozen=True):
    """All open windows."""

    contexts: tuple[_Window, ...]


class _Value(msgspec.Struct, frozen=True):
    value: str = "null"


class _Exception(msgspec.Struct, frozen=True):
    text: str


class Evaluated(msgspec.Struct, frozen=True, rename="camel"):
    """The result of a JavaScript expression."""

    result: _Value = _Value()
    exception_details: _Exception | None = None


@dataclass(frozen=True, slots=True)
class BidiConnection:
    """The connection to a running Firefox."""

    socket: ClientConnection
    ids: Iterator[int] = field(default_factory=count)

    def send_command(
        self, method: str, timeout: float = COMMAND_TIMEOUT, **parameters: object
    ) -> object:
        """Send a command, and return its result."""
        command_id = next(self.ids)
        deadline = time.monotonic() + timeout
        try:
            self.socket.send(json.dumps({"id": command_id, "method": method, "params": parameters}))
            while True:
                data = self.socket.recv(timeout=max(0, deadline - time.monotonic()))
                message = msgspec.json.decode(data, type=_Message)
                if message.id == command_id:
                    break
        except TimeoutError as error:
            raise EngineError(f"{method} timed out after {timeout:.0f} s") from error
        except (OSError, WebSocketException, msgspec.DecodeError) as error:
            raise EngineError(f"connection lost during {method}: {error}") from error
        if message.type != "success":
            raise CommandError(message.message.partition("\n")[0])
        return message.result


@dataclass(frozen=True, slots=True)
class _Firefox:
    connection: BidiConnection
    version: str
    context: str

    def open(self, url: str) -> None:
        self.connection.send_command(
            "browsingContext.navigate", context=self.context, url=url, wait="complete"
        )

    def run(self, expression: str) -> object:
        result = self.connection.send_command(
            "script.evaluate",
            expression=f"JSON.stringify({expression}) ?? 'null'",
            target={"context": self.context},
            awaitPromise=False,
        )
        evaluated = msgspec.convert(result, Evaluated)
        if evaluated.exception_details:
            raise CommandError(evaluated.exception_details.text)
        return json.loads(evaluated.result.value)

    def act(self, actions: Sequence[Action]) -> None:
        self.connection.send_command("input.performActions", context=self.context, actions=actions)

    def set_width(self, width: int) -> None:
        self.connection.send_command(
            "browsingContext.setViewport",
            context=self.context,
            viewport={"width": width, "height": HEIGHT},
        )


def _missing() -> Sequence[str]:
    return [] if find_program(_NAMES) else _NAMES[-1:]


@contextmanager
def connect_to_firefox(*options: str) -> Iterator[BidiConnection]:
    """Start Firefox with an empty profile and these options, and connect to it."""
    binary = find_program(_NAMES) or _NAMES[0]
    with tempfile.TemporaryDirectory(prefix="codebook-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        profile = home / "profile"
        profile.mkdir()
        (profile / "user.js").write_text(
            "".join(
                f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in _PREFERENCES.items()
            ),
            encoding="utf-8",
        )
        command = [binary, "--headless", "--no-remote", "--profile", str(profile), *options]
        with running([*command, "--remote-debugging-port=0", "about:blank"], home) as firefox:
            url = firefox.wait(lambda: _listening_url(firefox))
            try:
                connection = connect(
                    f"{url}/session", open_timeout=START_TIMEOUT, max_size=None, proxy=None
                )
            except (OSError, WebSocketException) as error:
                raise EngineError(f"can't connect to {firefox.name}: {error}") from error
            with connection:
                yield BidiConnection(connection)


@contextmanager
def _start() -> Iterator[Engine]:
    with connect_to_firefox() as connection:
        yield _open_window(connection)


def _listening_url(firefox: Program) -> str | None:
    match = _LISTENS.search(firefox.output())
    return match[1] if match else None


def _open_window(connection: BidiConnection) -> _Firefox:
    try:
        started = msgspec.convert(
            connection.send_command("session.new", START_TIMEOUT, capabilities={}), _Started
        )
        windows = msgspec.convert(
            connection.send_command("browsingContext.getTree"), BrowsingContexts
        )
        version = started.capabilities.browser_version
        window = _Firefox(connection, version, windows.contexts[0].context)
        window.set_width(WIDTH)
    except (CommandError, msgspec.ValidationError) as error:
        raise EngineError(f"Firefox can't open a window: {error}") from error
    return window


FIREFOX = EngineDriver("Firefox", _missing, _start)
