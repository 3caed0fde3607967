"""An HTTP client that reads while it writes, because servers may respond early."""

from __future__ import annotations

import http.client
import io
import select
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from audit.upstream import LOOPBACK

TIMEOUT = 30.0
"""Seconds to wait for a complete response."""
_CHUNK_SIZE = 1 << 16


@dataclass(frozen=True)
class Response:
    """A response. The status is 0 if the server sent none."""

    status: int
    fields: Mapping[str, str]
    body: str


NO_RESPONSE = Response(0, {}, "")


@dataclass(frozen=True)
class Tls:
    """How the client connects with TLS."""

    server_name: str
    certificate: Path | None
    """The client's certificate with its key."""


@dataclass(frozen=True)
class Request:
    """A request, and when the client disconnects."""

    method: str
    path: str
    headers: Mapping[str, str]
    body_size: int
    chunked: bool
    leave_after: float
    version: str
    is_complete: bool
    """Whether the headers end with an empty line."""
    tls: Tls | None
    """None for a connection without TLS, where `leave_after` applies."""


def exchange(port: int, request: Request) -> Response:
    """Send a request, and read until the server or the client closes the connection."""
    data = _encoded(request)
    if request.tls:
        raw = _send_with_tls(port, data, request.tls)
    else:
        raw = _send_and_receive(port, data, request.leave_after)
    if not raw:
        return NO_RESPONSE
    response = http.client.HTTPResponse(
        cast("socket.socket", _ReceivedBytes(raw)), method=request.method
    )
    response.begin()
    body = response.read().decode("utf-8", "replace")
    return Response(response.status, {k.lower(): v for k, v in response.getheaders()}, body)


class _ReceivedBytes:
    """Received bytes as a socket for http.client."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._raw)


def _encoded(request: Request) -> bytes:
    headers = {"Host": "example.com", "Connection": "close", **request.headers}
    body = b"x" * request.body_size
    if request.chunked:
        headers["Transfer-Encoding"] = "chunked"
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    elif body:
        headers["Content-Length"] = str(len(body))
    lines = [f"{request.method} {request.path} {request.version}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    end = ["", ""] if request.is_complete else []
    return "\r\n".join([*lines, *end]).encode() + body


def _send_with_tls(port: int, data: bytes, tls: Tls) -> bytes:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if tls.certificate:
        context.load_cert_chain(tls.certificate)
    received = bytearray()
    with (
        socket.create_connection((LOOPBACK, port), timeout=TIMEOUT) as connection,
        context.wrap_socket(connection, server_hostname=tls.server_name) as encrypted,
    ):
        encrypted.sendall(data)
        while chunk := encrypted.recv(_CHUNK_SIZE):
            received += chunk
    return bytes(received)


def _send_and_receive(port: int, data: bytes, leave_after: float) -> bytes:
    deadline = time.monotonic() + (leave_after or TIMEOUT)
    unsent = memoryview(data)
    received = bytearray()
    with socket.create_connection((LOOPBACK, port), timeout=TIMEOUT) as connection:
        connection.settimeout(0)
        while (remaining := deadline - time.monotonic()) > 0:
            writers = [connection] if unsent else []
            readable, writable, _ = select.select([connection], writers, [], remaining)
            if readable:
                try:
                    chunk = connection.recv(_CHUNK_SIZE)
                except ConnectionResetError:
                    chunk = b""
                if not chunk:
                    return bytes(received)
                received += chunk
            if writable:
                try:
                    unsent = unsent[connection.send(unsent[:_CHUNK_SIZE]) :]
                except (BrokenPipeError, ConnectionResetError):
                    # The server stopped reading, but it may still have sent a response.
                    unsent = unsent[:0]
    if leave_after:
        return b""
    raise TimeoutError(f"the response was not complete within {TIMEOUT:.0f} seconds")
