"""A client that reads while it writes, since a server may answer in the middle of a request."""

from __future__ import annotations

import http.client
import io
import select
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from audit.upstream import LOOPBACK

PATIENCE = 30.0
"""Seconds after which an answer is not expected any more."""
_PIECE = 1 << 16


@dataclass(frozen=True)
class Answer:
    """A response; its status is 0 where there was none."""

    status: int
    fields: Mapping[str, str]
    body: str


NOTHING = Answer(0, {}, "")


@dataclass(frozen=True)
class Request:
    """What is sent, and when the client loses patience."""

    method: str
    path: str
    headers: Mapping[str, str]
    body_size: int
    chunked: bool
    leave_after: float


def exchange(port: int, request: Request) -> Answer:
    """Send a request and read until the server closes, or until the client goes."""
    raw = _talk(port, _encoded(request), request.leave_after)
    if not raw:
        return NOTHING
    response = http.client.HTTPResponse(cast("socket.socket", _Wire(raw)), method=request.method)
    response.begin()
    body = response.read().decode("utf-8", "replace")
    return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, body)


class _Wire:
    """Bytes that were received, in the form in which http.client wants them."""

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
    lines = [f"{request.method} {request.path} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _talk(port: int, data: bytes, leave_after: float) -> bytes:
    until = time.monotonic() + (leave_after or PATIENCE)
    left = memoryview(data)
    received = bytearray()
    with socket.create_connection((LOOPBACK, port), timeout=PATIENCE) as connection:
        connection.settimeout(0)
        while (remaining := until - time.monotonic()) > 0:
            writers = [connection] if left else []
            readable, writable, _ = select.select([connection], writers, [], remaining)
            if readable:
                try:
                    piece = connection.recv(_PIECE)
                except ConnectionResetError:
                    piece = b""
                if not piece:
                    return bytes(received)
                received += piece
            if writable:
                try:
                    left = left[connection.send(left[:_PIECE]) :]
                except (BrokenPipeError, ConnectionResetError):
                    # The server wants no more; what it has said before may still be here to read.
                    left = left[:0]
    if leave_after:
        return b""
    raise TimeoutError(f"no end of the answer within {PATIENCE:.0f} seconds")
