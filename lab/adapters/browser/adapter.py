"""Drive a browser through a page that it opens from the lab's server.

The page asks this process for each request, and posts what happened. Both use a port of their own,
so that the browser's connections to the lab's server belong to the measurement alone.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, SimpleQueue
from types import ModuleType
from urllib.parse import quote, urlsplit

import chromium
import firefox
import webkit
from driver import HttpStatusError, Request, serve

from audit.command import exit_on_signals

_IDLE = 20.0
"""Seconds until a page that waits for a request is told to ask again."""
_TAB = "tab"
_BROWSERS = {"chromium": chromium, "firefox": firefox, "webkit": webkit}


class _Page:
    """The page in the browser, which sends one request after the other."""

    def __init__(self, way: str) -> None:
        self._way = way
        self._requests: SimpleQueue[dict[str, object]] = SimpleQueue()
        self._reports: SimpleQueue[list[str | int | None]] = SimpleQueue()
        self._is_elsewhere = False
        self.started = threading.Event()

    def send(self, request: Request) -> tuple[int, bytes]:
        """Have the page send a request; raises HttpStatusError if that fails."""
        # A document of another origin can't be read in a frame, and early hints are for tabs only.
        is_own = urlsplit(request.url).port == int(os.environ["LAB_PORT"])
        way = self._way if is_own else _TAB
        self._requests.put(
            {
                "way": way,
                "method": request.method,
                "url": request.url,
                "headers": request.headers,
                "body": (request.body or b"").decode(),
            }
        )
        kind, status, text = self._reports.get()
        if kind == "raised":
            raise HttpStatusError(str(text))
        return int(status or 0), str(text).encode()

    def next_request(self) -> dict[str, object] | None:
        """What the page sends next; None if there is nothing for a while."""
        if self._is_elsewhere:
            self._is_elsewhere = False
            self.report(["returned", "", ""])
        self.started.set()
        try:
            request = self._requests.get(timeout=_IDLE)
        except Empty:
            return None
        self._is_elsewhere = request["way"] == _TAB
        return request

    def report(self, report: list[str | int | None]) -> None:
        """What the page says about its request."""
        self._reports.put(report)


def drive(browser: ModuleType, way: str) -> None:
    """Run a browser, and have it send requests with `fetch` or in a `frame`."""
    exit_on_signals()
    page = _Page(way)
    with (
        _server(page) as server,
        tempfile.TemporaryDirectory(prefix="lab-", ignore_cleanup_errors=True) as home,
    ):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        adapter = quote(f"http://127.0.0.1:{server.server_port}", safe="")
        url = f"http://127.0.0.1:{os.environ['LAB_PORT']}/-/page.html?adapter={adapter}"
        with browser.start(url, Path(home)) as version:
            if not page.started.wait(30):
                sys.exit("the browser does not open the page")
            serve(page.send, version)


def _server(page: _Page) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._respond(json.dumps(page.next_request()).encode())

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            page.report(json.loads(self.rfile.read(length)))
            self._respond(b"null")

        def _respond(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    return server


if __name__ == "__main__":
    name, way = os.environ["LAB_ARGUMENT"].split()
    drive(_BROWSERS[name], way)
