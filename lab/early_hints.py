"""A server that sends early hints before a page, over HTTP/1.1, or over HTTP/2 and TLS.

Each run has its own ports, so that no connection of an earlier run can be used. The record says
when the hinted resource was requested, when the hinted origin was connected to, and when the final
response was sent.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from itertools import count

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived
from h2.exceptions import ProtocolError

from lab.certificates import server_context
from lab.scenario import Seen

START, FINAL, HINT, CONNECTION = "start", "final", "hint", "connection"
"""The page, its final response, the preloaded resource, and a connection to the hinted origin."""
HTTP1, HTTP2 = "http/1.1", "h2"
"""The protocols, by the names that TLS uses."""
PRELOAD, PRECONNECT = "preload", "preconnect"
_ADDRESS = "127.0.0.1"
_WAIT = 0.5
"""Seconds between the early hints and the final response."""
_PAGE = """<!doctype html>
<html lang="en"><title>Hints</title>
<script>
// Returns when a browser that processes the hints late has had the time to do so.
setTimeout(() => { location.href = decodeURIComponent(location.search.slice(1)); }, 300);
</script></html>
"""
_TYPES = {START: "text/html", HINT: "text/css"}

_Send = Callable[[HTTPStatus, dict[str, str], bytes], Coroutine[None, None, None]]
"""Sends a response with its headers and its body."""
_Respond = Callable[[str, _Send], Coroutine[None, None, None]]
"""Responds to a request for a path."""


@dataclass(slots=True)
class EarlyHints:
    """The server of one run."""

    protocol: str
    relation: str
    port: int = 0
    hinted_port: int = 0
    _seen: list[Seen] = field(default_factory=list)
    _connections: count[int] = field(default_factory=lambda: count(1))

    @property
    def url(self) -> str:
        """The URL of the page."""
        scheme = "https" if self.protocol == HTTP2 else "http"
        return f"{scheme}://{_ADDRESS}:{self.port}/{START}"

    def record(self) -> tuple[Seen, ...]:
        """What happened so far, in this order."""
        return tuple(self._seen)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a connection to the page's origin."""
        respond = partial(self._respond, next(self._connections))
        serve = _serve_http2 if self.protocol == HTTP2 else _serve_http1
        try:
            await serve(reader, writer, respond)
        except* (OSError, EOFError, ProtocolError, asyncio.CancelledError):
            writer.close()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Record a connection to the hinted origin, and wait for its end."""
        self._note(CONNECTION, next(self._connections))
        with suppress(OSError, asyncio.CancelledError):
            await reader.read()
        writer.close()

    @property
    def _link(self) -> str:
        if self.relation == PRECONNECT:
            return f"<https://{_ADDRESS}:{self.hinted_port}>; rel=preconnect"
        return f"</{HINT}>; rel=preload; as=style"

    async def _respond(self, number: int, path: str, send: _Send) -> None:
        step = path.partition("?")[0].removeprefix("/")
        if step not in _TYPES:
            await send(HTTPStatus.NOT_FOUND, {}, b"")
            return
        self._note(step, number)
        if step == START:
            await send(HTTPStatus.EARLY_HINTS, {"link": self._link}, b"")
            await asyncio.sleep(_WAIT)
            self._note(FINAL, number)
        body = _PAGE.encode() if step == START else b""
        await send(HTTPStatus.OK, {"content-type": _TYPES[step]}, body)

    def _note(self, step: str, number: int) -> None:
        self._seen.append(Seen(number, "GET", step, _ADDRESS, {}, "", time.monotonic()))


@asynccontextmanager
async def serving(protocol: str, relation: str) -> AsyncIterator[EarlyHints]:
    """Serve one run on free ports until the end of the block."""
    site = EarlyHints(protocol, relation)
    context = server_context(HTTP2)
    page = await asyncio.start_server(
        site.serve, _ADDRESS, 0, ssl=context if protocol == HTTP2 else None
    )
    # Firefox preconnects to HTTPS origins only.
    hinted = await asyncio.start_server(site.accept, _ADDRESS, 0, ssl=context)
    site.port = page.sockets[0].getsockname()[1]
    site.hinted_port = hinted.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        page.close()
        hinted.close()


async def _serve_http1(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, respond: _Respond
) -> None:
    async def send(status: HTTPStatus, headers: dict[str, str], body: bytes) -> None:
        if status >= HTTPStatus.OK:
            headers = {**headers, "content-length": str(len(body))}
        lines = [f"HTTP/1.1 {status.value} {status.phrase}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode("ascii") + body)
        await writer.drain()

    while True:
        request = await reader.readuntil(b"\r\n\r\n")
        await respond(request.split(b" ")[1].decode("ascii"), send)


async def _serve_http2(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, respond: _Respond
) -> None:
    connection = H2Connection(H2Configuration(client_side=False))

    async def send(stream: int, status: HTTPStatus, headers: dict[str, str], body: bytes) -> None:
        with suppress(ProtocolError):  # the client may have canceled its request
            fields = [(":status", str(status.value)), *headers.items()]
            connection.send_headers(stream, fields)
            if status >= HTTPStatus.OK:
                connection.send_data(stream, body, end_stream=True)
        writer.write(connection.data_to_send())
        await writer.drain()

    connection.initiate_connection()
    async with asyncio.TaskGroup() as requests:
        writer.write(connection.data_to_send())
        while data := await reader.read(65536):
            for event in connection.receive_data(data):
                if isinstance(event, RequestReceived):
                    path = dict(event.headers)[b":path"].decode("ascii")
                    requests.create_task(respond(path, partial(send, event.stream_id)))
            writer.write(connection.data_to_send())
