"""The application behind a recipe, which behaves as the effect declares."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from enum import StrEnum

LOOPBACK = "127.0.0.1"


class Behavior(StrEnum):
    """How the application behaves."""

    ECHO = "echo"
    """It responds at once with a description of the request."""
    FAILING = "failing"
    """It responds with 502 and a body of its own."""
    SLOW = "slow"
    """It responds after three seconds."""
    SILENT = "silent"
    """It accepts the request and never responds."""
    DRIPPING = "dripping"
    """It responds at once and sends the body in chunks, for nine seconds."""
    BREAKING = "breaking"
    """It accepts the request and closes the connection."""
    DEAD = "dead"
    """Nothing listens at the port."""
    FULL = "full"
    """Connections are neither accepted nor refused."""


SLOWNESS = 3.0
DRIPS, PAUSE = 6, 1.5


def reserve() -> socket.socket:
    """Reserve a free port while the socket is open; a server may still listen at it."""
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.bind((LOOPBACK, 0))
    return reserved


@contextmanager
def running(behavior: Behavior) -> Iterator[int]:
    """Run the application at a free port until the end of the block."""
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
    # Closing a listener does not wake up `accept`.
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
        request_text = _request(connection)
        if not request_text:
            return
        if behavior is Behavior.FAILING:
            connection.sendall(_response("502 Bad Gateway", "the application's own words"))
        elif behavior is Behavior.SILENT:
            stopped.wait(60)
        elif behavior is Behavior.DRIPPING:
            connection.sendall(_response("200 OK", "", length=DRIPS))
            for _ in range(DRIPS):
                stopped.wait(PAUSE)
                connection.sendall(b".")
        elif behavior is not Behavior.BREAKING:
            if behavior is Behavior.SLOW:
                stopped.wait(SLOWNESS)
            connection.sendall(_response("200 OK", request_text))


def _response(status: str, content: str, length: int | None = None) -> bytes:
    data = content.encode()
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nConnection: close\r\n"
        f"Content-Length: {len(data) if length is None else length}\r\n\r\n"
    )
    return head.encode() + data


def _request(connection: socket.socket) -> str:
    """Read a whole request, and describe it."""
    with connection.makefile("rb") as stream:
        line = stream.readline().decode("latin-1")
        method, target, _ = line.split(" ", 2)
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
