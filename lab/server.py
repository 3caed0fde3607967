"""The lab's server: raw sockets, so that it can send what HTTP libraries refuse to send.

It listens on two ports of 127.0.0.1 and, if the machine has it, on ::1, so that another port and
another host exist without DNS. The path of a URL names the run, the scenario, and the step. The
server's record, not the client's report, decides what a client requested.
"""

from __future__ import annotations

import asyncio
import re
import socket
import struct
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from email.utils import formatdate
from itertools import count
from typing import Protocol

from lab.scenario import IN_3_SECONDS, NOW, Close, Scenario, Script, Seen, Verbatim, response

LOOPBACK = "127.0.0.1"
_MAX_HEAD = 65536
_MAX_BODY = 1_000_000
_NO_LINGER = struct.pack("ii", 1, 0)
_CORS = (
    "Access-Control-Allow-Origin: *",
    "Access-Control-Allow-Headers: *, Authorization",
    "Access-Control-Allow-Methods: *",
)
_STATUS_LINE = re.compile(rb"HTTP/1\.1 (\d+)")
_ENDS = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError)
_BAD_PATH = response("404 Not Found")


class Pages(Protocol):
    """Serves paths that don't belong to a run, such as the page that drives a browser."""

    def respond(self, method: str, path: str, body: str) -> bytes:
        """The whole response."""


class Server:
    """Serves the runs of one client. `record` and `abort` can be called while it serves."""

    def __init__(self, scenarios: Mapping[str, Scenario], pages: Pages | None = None) -> None:
        self.port = 0
        self.other_port = 0
        self._scenarios = scenarios
        self._pages = pages
        self._seen: defaultdict[str, list[Seen]] = defaultdict(list)
        self._visits: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._sent: defaultdict[str, bytearray] = defaultdict(bytearray)
        self._connections = count(1)
        self._writers: dict[int, asyncio.StreamWriter] = {}
        self._listeners: list[asyncio.Server] = []

    async def open(self) -> None:
        """Listen, on the same port as before if it listened before."""
        main = await self._listen(LOOPBACK, self.port)
        other = await self._listen(LOOPBACK, self.other_port)
        self._listeners = [main, other]
        self.port, self.other_port = (_port(listener) for listener in self._listeners)
        with suppress(OSError):  # without IPv6, the name localhost leads to 127.0.0.1 only
            self._listeners.append(await self._listen("::1", self.port))

    async def _listen(self, host: str, port: int) -> asyncio.Server:
        return await asyncio.start_server(self.serve, host, port, limit=_MAX_HEAD)

    def close(self) -> None:
        """Stop listening, and reset all connections."""
        self.abort()
        for listener in self._listeners:
            listener.close()

    @asynccontextmanager
    async def refusing(self) -> AsyncIterator[None]:
        """Refuse connections until the end of the block."""
        self.close()
        with _reserved(self.port), _reserved(self.other_port):
            yield
        await self.open()

    def record(self, run: str) -> tuple[Seen, ...]:
        """The requests of a run, in the order of their arrival."""
        return tuple(self._seen[run])

    def codes_sent(self, run: str) -> frozenset[int]:
        """The codes in the status lines of a run, for comparing with what a client reports."""
        return frozenset(map(int, _STATUS_LINE.findall(self._sent[run])))

    def abort(self) -> None:
        """Reset all connections, so that waiting clients end."""
        for writer in tuple(self._writers.values()):
            _reset(writer)

    def url(self, run: str, scenario: str, step: str) -> str:
        """The URL of a step."""
        return f"http://{LOOPBACK}:{self.port}/{run}/{scenario}/{step}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until its end."""
        number = next(self._connections)
        self._writers[number] = writer
        try:
            # At the end, asyncio cancels connections that still wait, and would report each.
            with suppress(*_ENDS):
                while await self._serve_request(number, reader, writer):
                    pass
        finally:
            del self._writers[number]
            with suppress(OSError):
                writer.close()

    async def _serve_request(
        self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, *_ = [*lines[0].split(" "), "", ""]
        pairs = (line.partition(":") for line in lines[1:] if line)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        path = target.partition("://")[2].partition("/")[2] if "://" in target else target[1:]
        run, name, step, *_ = [*path.partition("?")[0].split("/"), "", "", ""]
        scenario = self._scenarios.get(name)
        waits = headers.get("expect", "").lower() == "100-continue"
        # If the client waits with the body, the script decides before it is read.
        is_early = waits or (scenario is not None and scenario.early)
        body = "" if is_early else await _body(reader, headers)
        if method == "OPTIONS":
            writer.write(response("204 No Content", *_CORS).replace(b"Content-Length: 0\r\n", b""))
            return True
        if scenario is None or step not in scenario.steps:
            writer.write(self._pages.respond(method, target, body) if self._pages else _BAD_PATH)
            await writer.drain()
            return True
        host = headers.get("host", "")
        seen = Seen(number, method, step, host, headers, body, time.monotonic())
        self._seen[run].append(seen)
        visit = self._visits[run, step]
        self._visits[run, step] += 1
        scripts = scenario.steps[step]
        script = scripts[min(visit, len(scripts) - 1)]
        stays_open = await self._play(script, run, name, writer, is_head=method == "HEAD")
        return stays_open and not _asks_to_close(headers)

    async def _play(
        self, script: Script, run: str, name: str, writer: asyncio.StreamWriter, *, is_head: bool
    ) -> bool:
        """Send a script; whether the connection stays open."""
        places = {
            b"{base}": f"/{run}/{name}",
            b"{port}": f"http://{LOOPBACK}:{self.other_port}/{run}/{name}",
            b"{host}": f"http://localhost:{self.port}/{run}/{name}",
            NOW.encode(): formatdate(usegmt=True),
            IN_3_SECONDS.encode(): formatdate(time.time() + 3, usegmt=True),
        }
        for action in script:
            if isinstance(action, bytes):
                data = action
                for place, value in places.items():
                    data = data.replace(place, value.encode("ascii"))
                if is_head and not isinstance(action, Verbatim):
                    data = data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
                data = _with_cors(data)
                self._sent[run] += data
                writer.write(data)
                await writer.drain()
            elif isinstance(action, float):
                await asyncio.sleep(action)
            elif action is Close:
                return False
            else:
                _reset(writer)
                return False
        return True


def _asks_to_close(headers: Mapping[str, str]) -> bool:
    """Whether the connection must end after the response (RFC 9112, Section 9.6)."""
    options = headers.get("connection", "").lower().split(",")
    return "close" in (option.strip() for option in options)


def _with_cors(data: bytes) -> bytes:
    """Let pages of other origins read a final response."""
    line, end, rest = data.partition(b"\r\n")
    if not line.startswith(b"HTTP/1.1 ") or line[9:10] == b"1" or not end:
        return data
    return line + end + "".join(f"{header}\r\n" for header in _CORS).encode("ascii") + rest


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> str:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        data = b""
        while size := int(await reader.readuntil(b"\r\n"), 16):
            data += await reader.readexactly(min(size, _MAX_BODY))
            await reader.readexactly(2)
        await reader.readuntil(b"\r\n")
    else:
        length = int(headers.get("content-length", "0") or 0)
        data = await reader.readexactly(min(length, _MAX_BODY))
    return data.decode("latin-1")


def _reset(writer: asyncio.StreamWriter) -> None:
    raw = writer.get_extra_info("socket")
    with suppress(OSError, AttributeError):
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    writer.transport.abort()


@asynccontextmanager
async def serving(
    scenarios: Mapping[str, Scenario], pages: Pages | None = None
) -> AsyncIterator[Server]:
    """Serve the scenarios on free ports until the end of the block."""
    server = Server(scenarios, pages)
    await server.open()
    try:
        yield server
    finally:
        server.close()


def _port(listener: asyncio.Server) -> int:
    port: int = listener.sockets[0].getsockname()[1]
    return port


def _reserved(port: int) -> socket.socket:
    """A socket that doesn't listen: it refuses connections, but no other program gets the port."""
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.bind((LOOPBACK, port))
    return reserved
