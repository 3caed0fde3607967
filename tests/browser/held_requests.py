"""Hold a request of a page, to see what happens before its response arrives."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import monotonic

from playwright.sync_api import Page, Route

from tests.browser.page_kinds import TIMEOUT


def hold_request(page: Page, url: re.Pattern[str], act: Callable[[], object]) -> Route:
    """Act, and return the only request for a URL, which waits until it's continued."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(url, hold)
    with page.expect_request(url):
        act()
    # Playwright reports the request before it calls the function that holds it.
    deadline = monotonic() + TIMEOUT / 1000
    while not held and monotonic() < deadline:
        page.wait_for_timeout(10)
    (request,) = held
    return request
