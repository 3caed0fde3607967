"""One page of each kind, and the types of the fixtures that open pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol

from playwright.sync_api import BrowserContext, Page

from codebook.diagnostics.source import Folder

MISSING_URL = "/nowhere/at/all/"
"""A URL that does not exist: the host responds with the error page."""
PAGE_KINDS = (
    "/",
    "/status/",
    "/status/4xx/",
    "/status/404/",
    "/status/226/",
    "/guides/which-code/",
    "/guides/all-facts/",
    "/tables/constants/",
    "/tables/vendors/",
    MISSING_URL,
)
"""One page of each kind."""

REBOUND_HOST = "rebound.example"
"""A host name that resolves to this machine, as in DNS rebinding."""

TIMEOUT = 60_000
"""Milliseconds that a test waits: long enough for a busy machine."""

Scheme = Literal["light", "dark"]


class OpenPage(Protocol):
    """Opens a URL in a page that many tests share."""

    def __call__(
        self,
        url: str,
        *,
        width: int = 1280,
        height: int = 720,
        scripts: bool = True,
        media: Literal["screen", "print"] = "screen",
        scheme: Scheme = "light",
        reduced_motion: Literal["reduce", "no-preference"] = "reduce",
        forced_colors: Literal["active", "none"] = "none",
    ) -> Page:
        """The page, freshly loaded: only what is stored is left of the page before."""


class Visit(Protocol):
    """Opens a URL as a new visitor, with Playwright's settings for a context."""

    def __call__(self, url: str, **settings: Any) -> Page:  # noqa: ANN401 - they are of many types
        """The page, in a new context."""


class NewContext(Protocol):
    """Creates a context with Playwright's own settings."""

    def __call__(self, **settings: Any) -> BrowserContext:  # noqa: ANN401 - they are of many types
        """A new context, which is closed after the test."""


class ServeBook(Protocol):
    """Serves the site of a small book."""

    def __call__(self, book: Mapping[str, str], templates: Folder) -> str:
        """The origin of the site of the book with these files, in these templates."""
