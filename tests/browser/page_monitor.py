"""Collects the errors of open pages: console messages, exceptions, failed and foreign requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

from tests.browser.page_kinds import MISSING_URL

# The browser aborts requests when it leaves a page: that is no error.
_ABORTED = "net::ERR_ABORTED"


@dataclass
class PageMonitor:
    """Collects the errors of every context that it is attached to."""

    origins: set[str]
    """Where the site is served; requests to any other origin are errors."""
    errors: list[str] = field(default_factory=list)
    """One line for each; a test removes those that it provokes."""
    missing: set[str] = field(default_factory=lambda: {MISSING_URL})
    """URLs that are requested although they do not exist."""

    def attach(self, context: BrowserContext) -> None:
        """Collect the errors of a context from now on."""
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("requestfailed", self._failed)

    def _console(self, message: ConsoleMessage) -> None:
        url = message.location["url"]
        if message.type in {"error", "warning"} and self._path(url) not in self.missing:
            self.errors.append(f"console {message.type}: {message.text} ({url})")

    def _error(self, error: WebError) -> None:
        url = error.page.url if error.page else "nowhere"
        self.errors.append(f"page error: {error.error} ({url})")

    def _request(self, request: Request) -> None:
        origins = (f"{origin}/" for origin in self.origins)
        if not request.url.startswith((*origins, "data:", "blob:")):
            self.errors.append(f"request to another origin: {request.url}")

    def _response(self, response: Response) -> None:
        is_expected = self._path(response.url) in self.missing
        if response.status >= HTTPStatus.BAD_REQUEST and not is_expected:
            self.errors.append(f"{response.status} for {response.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != _ABORTED:
            self.errors.append(f"request failed: {request.url}: {request.failure}")

    def _path(self, url: str) -> str:
        for origin in self.origins:
            url = url.removeprefix(origin)
        return url.partition("#")[0]
