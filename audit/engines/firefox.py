"""Firefox, which takes orders by itself: WebDriver BiDi over a WebSocket, no driver between."""

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
from audit.engines.program import Program, path_of, running

_NAMES = ("firefox-esr", "firefox")
_LISTENS = re.compile(r"^WebDriver BiDi listening on (ws://\S+)$", re.MULTILINE)
_NOBODY = 9
"""A port at which nobody listens: what is not on this machine is asked for there."""
_PREFERENCES: Mapping[str, str | int] = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": _NOBODY,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": _NOBODY,
}


class _Message(msgspec.Struct, frozen=True):
    """An answer, or news that nobody has asked for, which has no number."""

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


class Tree(msgspec.Struct, frozen=True):
    """The windows that are open."""

    contexts: tuple[_Window, ...]


class _Value(msgspec.Struct, frozen=True):
    value: str = "null"


class _Exception(msgspec.Struct, frozen=True):
    text: str


class Evaluated(msgspec.Struct, frozen=True, rename="camel"):
    """What came of some JavaScript."""

    result: _Value = _Value()
    exception_details: _Exception | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """The connection to a running Firefox."""

    connection: ClientConnection
    numbers: Iterator[int] = field(default_factory=count)

    def order(self, method: str, patience: float = ANSWER, **parameters: object) -> object:
        """What comes back for an order."""
        number = next(self.numbers)
        until = time.monotonic() + patience
        try:
            self.connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
            while True:
                said = self.connection.recv(timeout=max(0, until - time.monotonic()))
                message = msgspec.json.decode(said, type=_Message)
                if message.id == number:
                    break
        except TimeoutError as late:
            raise EngineError(f"{method} is not carried out in {patience:.0f} s") from late
        except (OSError, WebSocketException, msgspec.DecodeError) as fault:
            raise EngineError(f"the connection breaks at {method}: {fault}") from fault
        if message.type != "success":
            raise RefusalError(message.message.partition("\n")[0])
        return message.result


@dataclass(frozen=True, slots=True)
class _Firefox:
    line: Line
    version: str
    context: str

    def open(self, address: str) -> None:
        self.line.order(
            "browsingContext.navigate", context=self.context, url=address, wait="complete"
        )

    def run(self, expression: str) -> object:
        answer = self.line.order(
            "script.evaluate",
            expression=f"JSON.stringify({expression}) ?? 'null'",
            target={"context": self.context},
            awaitPromise=False,
        )
        evaluated = msgspec.convert(answer, Evaluated)
        if evaluated.exception_details:
            raise RefusalError(evaluated.exception_details.text)
        return json.loads(evaluated.result.value)

    def act(self, actions: Sequence[Action]) -> None:
        self.line.order("input.performActions", context=self.context, actions=actions)

    def set_width(self, width: int) -> None:
        self.line.order(
            "browsingContext.setViewport",
            context=self.context,
            viewport={"width": width, "height": HEIGHT},
        )


def _missing() -> Sequence[str]:
    return [] if path_of(_NAMES) else _NAMES[-1:]


@contextmanager
def line(*options: str) -> Iterator[Line]:
    """A connection to a Firefox without a past, which was started with these options."""
    binary = path_of(_NAMES) or _NAMES[0]
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
            address = firefox.wait(lambda: _address(firefox))
            try:
                connection = connect(
                    f"{address}/session", open_timeout=START, max_size=None, proxy=None
                )
            except (OSError, WebSocketException) as fault:
                raise EngineError(f"{firefox.name} cannot be reached: {fault}") from fault
            with connection:
                yield Line(connection)


@contextmanager
def _driven() -> Iterator[Engine]:
    with line() as connection:
        yield _window(connection)


def _address(firefox: Program) -> str | None:
    said = _LISTENS.search(firefox.output())
    return said[1] if said else None


def _window(line: Line) -> _Firefox:
    try:
        started = msgspec.convert(line.order("session.new", START, capabilities={}), _Started)
        tree = msgspec.convert(line.order("browsingContext.getTree"), Tree)
        version = started.capabilities.browser_version
        window = _Firefox(line, version, tree.contexts[0].context)
        window.set_width(WIDTH)
    except (RefusalError, msgspec.ValidationError) as fault:
        raise EngineError(f"Firefox opens no window: {fault}") from fault
    return window


FIREFOX = Known("Firefox", _missing, _driven)
