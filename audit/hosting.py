"""Serves a built site on this machine, as a good static host does."""

from __future__ import annotations

import gzip
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

PRODUCTION: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; "
        "script-src 'self'; "
        "style-src 'self'; "
        "img-src 'self'; "
        "font-src 'self'; "
        "connect-src 'self'; "
        "manifest-src 'self'; "
        "base-uri 'none'; "
        "form-action 'self'; "
        "frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; "
        "trusted-types 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""What every answer says, whatever it is about."""

_TEXT: Mapping[str, str] = {
    ".css": "text/css",
    ".csv": "text/csv",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".md": "text/markdown",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
    ".xml": "application/xml",
}
"""Types that are sent compressed, and in UTF-8."""
_BINARY: Mapping[str, str] = {
    ".ico": "image/x-icon",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
_UNKNOWN = "application/octet-stream"
_NAMED_BY_CONTENT = "assets"
"""The folder whose files never change, because their names would."""
_FOR_A_YEAR = "public, max-age=31536000, immutable"
_PIECE = 400
"""How many bytes of a page come at once over a slow line."""
_LATE = 0.05
"""How many seconds there are from one piece to the next."""
_INDEX = "index.html"
_ERROR_PAGE = "404.html"


@contextmanager
def serve(folder: Path, *, slowly: bool = False) -> Iterator[str]:
    """The origin, like `http://127.0.0.1:4000`, at which the folder is served in the block.

    Slowly means as over a slow line: pages come in pieces, and a browser paints what it has.
    """
    handler = partial(_Handler, folder.resolve(), _PIECE if slowly else sys.maxsize)
    server = _Server(("127.0.0.1", 0), handler)
    # The short poll lets the block end at once.
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True, slots=True)
class _Answer:
    status: HTTPStatus
    path: Path | None = None
    """The file that is sent."""
    location: str = ""


class _Server(ThreadingHTTPServer):
    # A browser opens several connections at once, and several browsers may come.
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as overridden
        """Be quiet about visitors who have left before the answer was there."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave together: apart, the second would wait for the first to be confirmed.
    wbufsize = -1

    def __init__(self, folder: Path, piece: int, *connection: Any) -> None:  # noqa: ANN401 - as overridden
        self._folder = folder
        self._piece = piece
        super().__init__(*connection)

    def do_GET(self) -> None:
        try:
            answer = self._answer()
        except (OSError, ValueError):
            # A name that no file can have: too long, or with a NUL in it.
            answer = self._lost()
        data = answer.path.read_bytes() if answer.path else answer.status.phrase.encode()
        suffix = answer.path.suffix if answer.path else ".txt"
        self.send_response(answer.status)
        if suffix in _TEXT:
            self.send_header("Content-Type", f"{_TEXT[suffix]}; charset=utf-8")
            self.send_header("Vary", "Accept-Encoding")
            if self._takes_gzip():
                self.send_header("Content-Encoding", "gzip")
                data = gzip.compress(data, mtime=0)
        else:
            self.send_header("Content-Type", _BINARY.get(suffix, _UNKNOWN))
        if answer.location:
            self.send_header("Location", answer.location)
        lasts = answer.path and answer.path.is_relative_to(self._folder / _NAMED_BY_CONTENT)
        self.send_header("Cache-Control", _FOR_A_YEAR if lasts else "no-cache")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command == "HEAD":
            return
        piece = self._piece if suffix == ".html" else sys.maxsize
        for start in range(0, len(data), piece):
            if start:
                self.wfile.flush()
                time.sleep(_LATE)
            self.wfile.write(data[start : start + piece])

    def do_HEAD(self) -> None:
        self.do_GET()

    def end_headers(self) -> None:
        for name, value in PRODUCTION.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - as overridden
        """Say nothing: whoever asks reads the answer."""

    def _answer(self) -> _Answer:
        # A path that begins with two slashes would be taken for a host.
        asked = urlsplit("/" + self.path.lstrip("/"))
        name = unquote(asked.path)
        place = (self._folder / name.lstrip("/")).resolve()
        if not place.is_relative_to(self._folder):
            return self._lost()
        if (place / _INDEX).is_file():
            if name.endswith("/"):
                return _Answer(HTTPStatus.OK, place / _INDEX)
            there = quote(f"/{place.relative_to(self._folder).as_posix()}/")
            query = f"?{asked.query}" if asked.query else ""
            return _Answer(HTTPStatus.MOVED_PERMANENTLY, location=there + query)
        if place.is_file() and not name.endswith("/"):
            return _Answer(HTTPStatus.OK, place)
        return self._lost()

    def _lost(self) -> _Answer:
        page = self._folder / _ERROR_PAGE
        return _Answer(HTTPStatus.NOT_FOUND, page if page.is_file() else None)

    def _takes_gzip(self) -> bool:
        codings = self.headers.get("Accept-Encoding", "").split(",")
        return any(coding.partition(";")[0].strip() == "gzip" for coding in codings)
