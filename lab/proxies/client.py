"""A raw HTTP/1.1 client that reports exactly what a proxy sends."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread

LOOPBACK = "127.0.0.1"
_PIECE = 65536


@dataclass(frozen=True, slots=True)
class Result:
    """What a proxy sent."""

    statuses: tuple[str, ...]
    """The status codes of all responses as they were received, interim ones first."""
    content: bytes
    """The response body, or what follows a response that can't have one."""
    error: str = ""
    """How the response ended if it isn't complete."""

    @property
    def description(self) -> str:
        """The status codes and the error, as the tables show them."""
        return ", ".join(filter(None, [*self.statuses, self.error]))


def send(port: int, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Result:
    """Send a request, and read until the proxy closes the connection."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {LOOPBACK}:{port}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    request = "\r\n".join([*lines, "", ""]).encode("ascii") + body
    received = bytearray()
    with socket.create_connection((LOOPBACK, port)) as connection:
        # The proxy may respond before it has read everything, so read at the same time.
        sender = Thread(target=_send, args=(connection, request), daemon=True)
        sender.start()
        with suppress(ConnectionError):
            while piece := connection.recv(_PIECE):
                received += piece
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        sender.join()
    return parse(bytes(received), method)


def _send(connection: socket.socket, request: bytes) -> None:
    with suppress(OSError):
        connection.sendall(request)


def parse(received: bytes, method: str) -> Result:
    """Split everything that was received into interim responses and the final one."""
    statuses: list[str] = []
    rest = received
    while rest:
        head, end, rest = rest.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        version, _, line = lines[0].partition(" ")
        status = line.partition(" ")[0]
        if not version.startswith("HTTP/"):
            return Result(tuple(statuses), head, "no status line")
        statuses.append(status)
        if not end:
            return Result(tuple(statuses), b"", "incomplete headers")
        if len(status) == 3 and status.startswith("1") and status != "101":  # noqa: PLR2004
            continue
        pairs = (line.partition(":") for line in lines[1:])
        headers = [(name.lower(), value.strip()) for name, _, value in pairs]
        if len({value for name, value in headers if name == "content-length"}) > 1:
            return Result(tuple(statuses), rest, "different lengths")
        content, is_complete = _content(status, method, dict(headers), rest)
        return Result(tuple(statuses), content, "" if is_complete else "incomplete")
    return Result(tuple(statuses), b"", "connection closed")


def _content(
    status: str, method: str, headers: Mapping[str, str], rest: bytes
) -> tuple[bytes, bool]:
    if method == "HEAD" or status in {"101", "204", "304"}:
        return rest, True
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return _dechunked(rest)
    if length := headers.get("content-length"):
        return rest[: int(length)], len(rest) >= int(length)
    return rest, True


def _dechunked(rest: bytes) -> tuple[bytes, bool]:
    content = b""
    with suppress(ValueError):
        while True:
            line, end, rest = rest.partition(b"\r\n")
            size = int(line.partition(b";")[0], 16)
            if size == 0:
                return content, bool(end)
            content += rest[:size]
            rest = rest[size + 2 :]
    return content, False
