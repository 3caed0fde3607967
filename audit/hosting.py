"""Serve a built site locally, the way a static host does."""

from __future__ import annotations

import gzip
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from codebook.book.urls import content_hash
from codebook.publish.headers import SECURITY_HEADERS, TEXT_TYPES, cache_control, content_type

_CHUNK_SIZE = 400
"""How many bytes of a page are sent at once over a slow connection."""
_CHUNK_DELAY = 0.05
"""Seconds between two chunks."""
_INDEX = "index.html"
_ERROR_PAGE = "404.html"


@dataclass(frozen=True, slots=True)
class Request:
    """A request that a host responded to."""

    path: str
    status: HTTPStatus


@contextmanager
def serve(folder: Path, *, slowly: bool = False, log: list[Request] | None = None) -> Iterator[str]:
    """Serve a folder until the end of the block, and return the origin.

    With `slowly`, pages arrive in chunks as on a slow connection, and browsers paint them in parts.
    All requests are added to `log`.
    """
    chunk = _CHUNK_SIZE if slowly else sys.maxsize
    handler = partial(_Handler, folder.resolve(), chunk, [] if log is None else log)
    server = _Server(("127.0.0.1", 0), handler)
    # A short polling interval, so that the block ends quickly.
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True, slots=True)
class _Response:
    status: HTTPStatus
    path: Path | None = None
    """The file to send."""
    location: str = ""


class _Server(ThreadingHTTPServer):
    # Several browsers may open several connections each.
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as overridden
        """Ignore clients that disconnect before the response."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Send header and body together, or the body waits for a TCP acknowledgment.
    wbufsize = -1

    def __init__(self, folder: Path, chunk: int, log: list[Request], *connection: Any) -> None:  # noqa: ANN401 - as overridden
        self._folder = folder
        self._chunk = chunk
        self._log = log
        super().__init__(*connection)

    def do_GET(self) -> None:
        try:
            response = self._respond()
        except (OSError, ValueError):
            # An invalid file name: too long, or with a NUL.
            response = self._not_found()
        data = response.path.read_bytes() if response.path else response.status.phrase.encode()
        suffix = response.path.suffix if response.path else ".txt"
        tag = f'"{content_hash(data)}"'
        is_known = response.status is HTTPStatus.OK and self.headers.get("If-None-Match") == tag
        status = HTTPStatus.NOT_MODIFIED if is_known else response.status
        self._log.append(Request(self.path, status))
        self.send_response(status)
        self.send_header("Content-Type", content_type(suffix))
        if suffix in TEXT_TYPES:
            self.send_header("Vary", "Accept-Encoding")
            if self._accepts_gzip():
                self.send_header("Content-Encoding", "gzip")
                data = gzip.compress(data, mtime=0)
        if response.location:
            self.send_header("Location", response.location)
        if response.path:
            path = PurePosixPath(response.path.relative_to(self._folder))
            self.send_header("Cache-Control", cache_control(path))
            self.send_header("ETag", tag)
        if is_known:
            self.end_headers()
            return
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command == "HEAD":
            return
        chunk = self._chunk if suffix == ".html" else sys.maxsize
        for start in range(0, len(data), chunk):
            if start:
                self.wfile.flush()
                time.sleep(_CHUNK_DELAY)
            self.wfile.write(data[start : start + chunk])

    def do_HEAD(self) -> None:
        self.do_GET()

    def end_headers(self) -> None:
        for name, value in SECURITY_HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - as overridden
        """Log nothing."""

    def _respond(self) -> _Response:
        # A path that starts with two slashes would be parsed as a host.
        url = urlsplit("/" + self.path.lstrip("/"))
        name = unquote(url.path)
        path = (self._folder / name.lstrip("/")).resolve()
        if not path.is_relative_to(self._folder):
            return self._not_found()
        if (path / _INDEX).is_file():
            if name.endswith("/"):
                return _Response(HTTPStatus.OK, path / _INDEX)
            folder_path = quote(f"/{path.relative_to(self._folder).as_posix()}/")
            query = f"?{url.query}" if url.query else ""
            return _Response(HTTPStatus.MOVED_PERMANENTLY, location=folder_path + query)
        if path.is_file() and not name.endswith("/"):
            return _Response(HTTPStatus.OK, path)
        return self._not_found()

    def _not_found(self) -> _Response:
        page = self._folder / _ERROR_PAGE
        return _Response(HTTPStatus.NOT_FOUND, page if page.is_file() else None)

    def _accepts_gzip(self) -> bool:
        codings = self.headers.get("Accept-Encoding", "").split(",")
        return any(coding.partition(";")[0].strip() == "gzip" for coding in codings)
