"""Looks on while pages are open, and notes what no page may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

from tests.browser.kinds import NOWHERE

# What the browser itself gives up when a page is left is nobody's fault.
_ABORTED = "net::ERR_ABORTED"


@dataclass
class Watch:
    """Collects the faults of every context that it is attached to."""

    origins: set[str]
    """Where the site is served; no page may ask elsewhere."""
    faults: list[str] = field(default_factory=list)
    """One line for each; a test may take away those that it has provoked."""
    missing: set[str] = field(default_factory=lambda: {NOWHERE})
    """Addresses that are asked for although nobody has them."""

    def attach(self, context: BrowserContext) -> None:
        """Look on from now."""
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("requestfailed", self._failed)

    def _console(self, message: ConsoleMessage) -> None:
        place = message.location["url"]
        if message.type in {"error", "warning"} and self._path(place) not in self.missing:
            self.faults.append(f"console {message.type}: {message.text} ({place})")

    def _error(self, error: WebError) -> None:
        place = error.page.url if error.page else "nowhere"
        self.faults.append(f"page error: {error.error} ({place})")

    def _request(self, request: Request) -> None:
        own = (f"{origin}/" for origin in self.origins)
        if not request.url.startswith((*own, "data:", "blob:")):
            self.faults.append(f"request to another origin: {request.url}")

    def _response(self, response: Response) -> None:
        is_known = self._path(response.url) in self.missing
        if response.status >= HTTPStatus.BAD_REQUEST and not is_known:
            self.faults.append(f"{response.status} for {response.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != _ABORTED:
            self.faults.append(f"request failed: {request.url}: {request.failure}")

    def _path(self, url: str) -> str:
        for origin in self.origins:
            url = url.removeprefix(origin)
        return url.partition("#")[0]
