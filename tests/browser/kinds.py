"""What every browser test opens, and how it does."""

from __future__ import annotations

from typing import Any, Literal, Protocol

from playwright.sync_api import BrowserContext, Page

NOWHERE = "/nowhere/at/all/"
"""An address that nobody has: the host answers with the error page."""
KINDS = (
    "/",
    "/status/",
    "/status/4xx/",
    "/status/404/",
    "/status/226/",
    "/guides/which-code/",
    "/guides/all-facts/",
    "/tables/constants/",
    "/tables/vendors/",
    NOWHERE,
)
"""One page of each kind."""

REBOUND = "rebound.example"
"""A name that leads to this machine, as an attacker can make his own do."""

PATIENCE = 60_000
"""Milliseconds that a test waits for what is bound to come: a busy machine is not to fail it."""

Scheme = Literal["light", "dark"]


class Look(Protocol):
    """Opens an address in a page that many tests share, because they leave nothing behind."""

    def __call__(
        self,
        address: str,
        *,
        width: int = 1280,
        height: int = 720,
        scripts: bool = True,
        media: Literal["screen", "print"] = "screen",
        scheme: Scheme = "light",
        reduced_motion: Literal["reduce", "no-preference"] = "reduce",
        forced_colors: Literal["active", "none"] = "none",
    ) -> Page:
        """The page, freshly loaded: nothing of the one before is left but what is stored."""


class Visit(Protocol):
    """Opens an address for a visitor who was never here, with Playwright's settings for it."""

    def __call__(self, address: str, **settings: Any) -> Page:  # noqa: ANN401 - they are of many types
        """The page, in a context of its own."""


class NewContext(Protocol):
    """Makes a context with Playwright's own settings."""

    def __call__(self, **settings: Any) -> BrowserContext:  # noqa: ANN401 - they are of many types
        """A fresh one, which is closed after the test."""
