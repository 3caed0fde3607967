"""The application behind a recipe, in whatever mood the effect wants it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from enum import StrEnum

LOOPBACK = "127.0.0.1"


class Mood(StrEnum):
    """How the application behaves."""

    ECHO = "echo"
    """It answers at once and says what it was asked."""
    FAILING = "failing"
    """It answers 502 itself, with content of its own."""
    SLOW = "slow"
    """It answers after three seconds."""
    SILENT = "silent"
    """It takes the request and never answers."""
    DRIPPING = "dripping"
    """It answers at once and sends the content in pieces, for nine seconds."""
    BREAKING = "breaking"
    """It takes the request and closes the connection."""
    DEAD = "dead"
    """Nobody listens."""
    FULL = "full"
    """Connections are neither taken nor refused."""


SLOWNESS = 3.0
DRIPS, PAUSE = 6, 1.5


def reserve() -> socket.socket:
    """A port that nobody else is given while the socket is open; a server may still use it."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind((LOOPBACK, 0))
    return held


@contextmanager
def running(mood: Mood) -> Iterator[int]:
    """The application, at a port of its own."""
    with ExitStack() as stack:
        listener = stack.enter_context(reserve())
        port: int = listener.getsockname()[1]
        if mood is Mood.FULL:
            listener.listen(0)
            for _ in range(4):
                waiting = stack.enter_context(socket.socket())
                waiting.settimeout(0)
                waiting.connect_ex((LOOPBACK, port))
        elif mood is not Mood.DEAD:
            listener.listen()
            over = threading.Event()
            stack.callback(over.set)
            threading.Thread(target=_accept, args=(listener, mood, over), daemon=True).start()
        yield port


def _accept(listener: socket.socket, mood: Mood, over: threading.Event) -> None:
    # A closed listener does not wake up who waits for it.
    listener.settimeout(0.2)
    while not over.is_set():
        with suppress(OSError):
            connection, _ = listener.accept()
            connection.settimeout(30)
            threading.Thread(target=_serve, args=(connection, mood, over), daemon=True).start()


def _serve(connection: socket.socket, mood: Mood, over: threading.Event) -> None:
    with connection, suppress(OSError, ValueError):
        asked = _request(connection)
        if not asked:
            return
        if mood is Mood.FAILING:
            connection.sendall(_response("502 Bad Gateway", "the application's own words"))
        elif mood is Mood.SILENT:
            over.wait(60)
        elif mood is Mood.DRIPPING:
            connection.sendall(_response("200 OK", "", length=DRIPS))
            for _ in range(DRIPS):
                over.wait(PAUSE)
                connection.sendall(b".")
        elif mood is not Mood.BREAKING:
            if mood is Mood.SLOW:
                over.wait(SLOWNESS)
            connection.sendall(_response("200 OK", asked))


def _response(status: str, content: str, length: int | None = None) -> bytes:
    data = content.encode()
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nConnection: close\r\n"
        f"Content-Length: {len(data) if length is None else length}\r\n\r\n"
    )
    return head.encode() + data


def _request(connection: socket.socket) -> str:
    """Read a request to its end, and say what it was."""
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
