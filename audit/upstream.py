"""The application behind a recipe, with configurable behavior."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from enum import StrEnum

LOOPBACK = "127.0.0.1"


class Behavior(StrEnum):
    """How the application behaves."""

    ECHO = "echo"
    """Responds immediately with a description of the request."""
    FAILING = "failing"
    """Responds with 502 and a custom body."""
    SLOW = "slow"
    """Responds after three seconds."""
    SILENT = "silent"
    """Accepts the connection, but never responds."""
    DRIPPING = "dripping"
    """Responds immediately, and sends the body in pieces over nine seconds."""
    BREAKING = "breaking"
    """Accepts the request, and closes the connection."""
    RESETTING = "resetting"
    """Accepts the request, and resets the connection."""
    LARGE_HEADER = "large header"
    """Responds with a header of 9,000 bytes."""
    DEAD = "dead"
    """Nothing listens on the port."""
    FULL = "full"
    """Connections are neither accepted nor refused: the backlog is full."""


DELAY = 3.0
PIECES, PAUSE = 6, 1.5
LARGE = 9_000


def reserve() -> socket.socket:
    """Reserve a free port while the socket is open. A server can still listen on it."""
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.bind((LOOPBACK, 0))
    return reserved


@contextmanager
def running(behavior: Behavior) -> Iterator[int]:
    """Run the application on a free port until the end of the block."""
    with ExitStack() as stack:
        listener = stack.enter_context(reserve())
        port: int = listener.getsockname()[1]
        if behavior is Behavior.FULL:
            listener.listen(0)
            for _ in range(4):
                waiting = stack.enter_context(socket.socket())
                waiting.settimeout(0)
                waiting.connect_ex((LOOPBACK, port))
        elif behavior is not Behavior.DEAD:
            listener.listen()
            stopped = threading.Event()
            stack.callback(stopped.set)
            threading.Thread(
                target=_accept, args=(listener, behavior, stopped), daemon=True
            ).start()
        yield port


def _accept(listener: socket.socket, behavior: Behavior, stopped: threading.Event) -> None:
    # Closing a socket doesn't wake up `accept`.
    listener.settimeout(0.2)
    while not stopped.is_set():
        with suppress(OSError):
            connection, _ = listener.accept()
            connection.settimeout(30)
            threading.Thread(
                target=_serve, args=(connection, behavior, stopped), daemon=True
            ).start()


def _serve(connection: socket.socket, behavior: Behavior, stopped: threading.Event) -> None:
    with connection, suppress(OSError, ValueError):
        if behavior is Behavior.SILENT:
            stopped.wait(60)
            return
        request_text = _request(connection)
        if not request_text:
            return
        if behavior is Behavior.FAILING:
            connection.sendall(_response("502 Bad Gateway", "the application's own words"))
        elif behavior is Behavior.DRIPPING:
            connection.sendall(_response("200 OK", "", length=PIECES))
            for _ in range(PIECES):
                stopped.wait(PAUSE)
                connection.sendall(b".")
        elif behavior is Behavior.RESETTING:
            # Without lingering, closing the socket sends a RST.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif behavior is Behavior.LARGE_HEADER:
            cookie = f"Set-Cookie: {'x' * LARGE}\r\n"
            connection.sendall(_response("200 OK", "", more=cookie))
        elif behavior is not Behavior.BREAKING:
            if behavior is Behavior.SLOW:
                stopped.wait(DELAY)
            connection.sendall(_response("200 OK", request_text))


def _response(status: str, content: str, length: int | None = None, more: str = "") -> bytes:
    data = content.encode()
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nConnection: close\r\n"
        f"{more}Content-Length: {len(data) if length is None else length}\r\n\r\n"
    )
    return head.encode() + data


def _request(connection: socket.socket) -> str:
    """Read a complete request, and describe it. Raises `ValueError` if it isn't HTTP."""
    with connection.makefile("rb") as stream:
        line = stream.readline().decode("latin-1")
        method, target, version = line.split(" ", 2)
        if not version.startswith("HTTP/"):
            raise ValueError(line)
        headers = {}
        while (field := stream.readline().decode("latin-1").strip()) != "":
            name, _, value = field.partition(":")
            headers[name.lower()] = value.strip()
        if "100-continue" in headers.get("expect", ""):
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        if headers.get("transfer-encoding") == "chunked":
            size = 0
            while (chunk := int(stream.readline().split(b";")[0], 16)) > 0:
                size += len(stream.read(chunk))
                stream.readline()
        else:
            size = len(stream.read(int(headers.get("content-length", 0))))
    return f"{method} {target} with {size} bytes"
