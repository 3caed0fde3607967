"""A second server for the same scenarios, with blocking sockets and a thread for each connection.

It shares no code with the first one except the scenarios: findings count only if both servers lead
to the same outcomes (`python -m lab --second-server --check`).
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from io import BufferedReader

from lab.scenario import IN_3_SECONDS, NOW, Close, Scenario, Script, Seen, Verbatim
from lab.server import Pages

_ADDRESS = "127.0.0.1"
_REQUEST_LINE = re.compile(r"(?P<method>\S+) (?:http://[^/]+)?/(?P<path>\S*) HTTP/1\.[01]")
_STATUS = re.compile(rb"^HTTP/1\.1 (\d+)", re.MULTILINE)
_DATE = "%a, %d %b %Y %H:%M:%S GMT"
_ALLOW_ALL = (
    b"Access-Control-Allow-Origin: *\r\n"
    b"Access-Control-Allow-Headers: *, Authorization\r\n"
    b"Access-Control-Allow-Methods: *\r\n"
)


class SecondServer:
    """Serves the runs of one client, as `lab.server.Server` does."""

    def __init__(self, scenarios: Mapping[str, Scenario], pages: Pages | None) -> None:
        self.port = 0
        self.other_port = 0
        self._scenarios = scenarios
        self._pages = pages
        self._lock = threading.Lock()
        self._requests: defaultdict[str, list[Seen]] = defaultdict(list)
        self._responses: defaultdict[str, bytes] = defaultdict(bytes)
        self._open: list[socket.socket] = []
        self._accepted = 0
        self._listeners: list[socket.socket] = []

    def listen(self) -> None:
        """Accept connections, on the ports of the last time if there was one."""
        first = socket.create_server((_ADDRESS, self.port))
        second = socket.create_server((_ADDRESS, self.other_port))
        self.port, self.other_port = first.getsockname()[1], second.getsockname()[1]
        self._listeners = [first, second]
        with suppress(OSError):
            third = socket.create_server(("::1", self.port), family=socket.AF_INET6)
            self._listeners.append(third)
        for listener in self._listeners:
            threading.Thread(target=self.accept, args=(listener,), daemon=True).start()

    def close(self) -> None:
        """End all connections, and accept no others."""
        for listener in self._listeners:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self.abort()

    @asynccontextmanager
    async def refusing(self) -> AsyncIterator[None]:
        """Refuse connections until the end of the block."""
        self.close()
        with ExitStack() as stack:
            for port in (self.port, self.other_port):
                # Without a call of listen, the port is taken, but refuses connections.
                taken = stack.enter_context(socket.socket())
                taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                taken.bind((_ADDRESS, port))
            yield
        self.listen()

    def record(self, run: str) -> tuple[Seen, ...]:
        """The requests of a run, in the order of their arrival."""
        with self._lock:
            return tuple(self._requests[run])

    def codes_sent(self, run: str) -> frozenset[int]:
        """The codes in the status lines of a run."""
        with self._lock:
            return frozenset(int(code) for code in _STATUS.findall(self._responses[run]))

    def abort(self) -> None:
        """End all connections, so that waiting clients end."""
        with self._lock:
            connections = self._open.copy()
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def url(self, run: str, scenario: str, step: str) -> str:
        """The URL of a step."""
        return f"http://{_ADDRESS}:{self.port}/{run}/{scenario}/{step}"

    def accept(self, listener: socket.socket) -> None:
        """Serve connections until the listener is closed."""
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with self._lock:
                    self._accepted += 1
                    self._open.append(connection)
                    number = self._accepted
                serve = threading.Thread(target=self._serve, args=(connection, number), daemon=True)
                serve.start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        with suppress(OSError, ValueError), connection, connection.makefile("rb") as reader:
            while self._respond(connection, reader, number):
                pass
        with self._lock:
            self._open.remove(connection)

    def _respond(self, connection: socket.socket, reader: BufferedReader, number: int) -> bool:
        """Read one request and respond; whether the connection stays open."""
        match = _REQUEST_LINE.match(reader.readline().decode("latin-1"))
        if match is None:
            return False
        fields = dict(_fields(reader))
        method, path = match["method"], match["path"]
        if method == "OPTIONS":
            connection.sendall(b"HTTP/1.1 204 No Content\r\n" + _ALLOW_ALL + b"\r\n")
            return True
        parts = path.split("?")[0].split("/")
        scenario = self._scenarios.get(parts[1]) if len(parts) > 2 else None  # noqa: PLR2004
        expects = fields.get("expect", "").lower() == "100-continue"
        responds_first = expects or (scenario is not None and scenario.early)
        content = b"" if responds_first else _content(reader, fields)
        if scenario is None or parts[2] not in scenario.steps:
            connection.sendall(
                self._pages.respond(method, f"/{path}", content.decode("latin-1"))
                if self._pages
                else b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
            )
            return True
        run, name, step = parts[:3]
        with self._lock:
            visit = sum(seen.step == step for seen in self._requests[run])
            text = content.decode("latin-1")
            host = fields.get("host", "")
            seen = Seen(number, method, step, host, fields, text, time.monotonic())
            self._requests[run].append(seen)
        scripts = scenario.steps[step]
        script = scripts[visit] if visit < len(scripts) else scripts[-1]
        is_open = self._send(connection, script, run, name, has_content=method != "HEAD")
        # RFC 9112, Section 9.6
        return is_open and not re.search(r"\bclose\b", fields.get("connection", "").lower())

    def _send(
        self, connection: socket.socket, script: Script, run: str, name: str, *, has_content: bool
    ) -> bool:
        for action in script:
            if action is Close:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_WR)
                return False
            if isinstance(action, float):
                time.sleep(action)
            elif isinstance(action, bytes):
                data = self._filled(action, run, name)
                if not (has_content or isinstance(action, Verbatim)):
                    data = data[: data.index(b"\r\n\r\n") + 4]
                data = _readable(data)
                with self._lock:
                    self._responses[run] += data
                connection.sendall(data)
            else:
                linger = (1).to_bytes(4, "little") + (0).to_bytes(4, "little")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                return False
        return True

    def _filled(self, data: bytes, run: str, name: str) -> bytes:
        text = data.decode("latin-1")
        path = f"/{run}/{name}"
        now = datetime.now(UTC)
        for place, value in (
            ("{base}", path),
            ("{port}", f"http://{_ADDRESS}:{self.other_port}{path}"),
            ("{host}", f"http://localhost:{self.port}{path}"),
            (NOW, now.strftime(_DATE)),
            (IN_3_SECONDS, (now + timedelta(seconds=3)).strftime(_DATE)),
        ):
            text = text.replace(place, value)
        return text.encode("latin-1")


def _fields(reader: BufferedReader) -> Iterator[tuple[str, str]]:
    while (line := reader.readline()).strip():
        name, value = line.decode("latin-1").split(":", 1)
        yield name.strip().lower(), value.strip()


def _content(reader: BufferedReader, fields: Mapping[str, str]) -> bytes:
    if "chunked" not in fields.get("transfer-encoding", "").lower():
        return reader.read(int(fields.get("content-length") or 0))
    chunks = []
    while size := int(reader.readline().split(b";")[0], 16):
        chunks.append(reader.read(size))
        reader.readline()
    while reader.readline().strip():
        pass
    return b"".join(chunks)


def _readable(data: bytes) -> bytes:
    """Let pages of other origins read a final response."""
    if not data.startswith(b"HTTP/1.1 ") or data.startswith(b"HTTP/1.1 1"):
        return data
    end = data.index(b"\r\n") + 2
    return data[:end] + _ALLOW_ALL + data[end:]


@contextmanager
def serving_with_threads(
    scenarios: Mapping[str, Scenario], pages: Pages | None = None
) -> Iterator[SecondServer]:
    """Serve the scenarios on free ports until the end of the block."""
    server = SecondServer(scenarios, pages)
    server.listen()
    try:
        yield server
    finally:
        server.close()
