"""The page that the lab's server serves to browsers."""

from __future__ import annotations

from lab.clients import ADAPTERS
from lab.scenario import response

_PATH = "/-/page.html"


class DriverPages:
    """Serves the page that drives a browser."""

    def __init__(self) -> None:
        page = (ADAPTERS / "browser" / "page.html").read_text(encoding="utf-8")
        self._page = response("200 OK", "Content-Type: text/html; charset=utf-8", body=page)

    def respond(self, method: str, path: str, body: str) -> bytes:  # noqa: ARG002 - see Pages
        """The page, or a 404."""
        is_page = path.partition("?")[0] == _PATH
        return self._page if is_page else response("404 Not Found")
