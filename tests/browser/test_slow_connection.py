"""What a visitor sees of a page while it comes over a slow line, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from audit.hosting import serve
from tests.browser.page_kinds import NewContext, OpenPage
from tests.browser.page_monitor import PageMonitor

# All that has jumped since the page was opened, and what jumps a little later.
SHIFT = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) sum += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 200);
})"""


@pytest.fixture(scope="module")
def slow_origin(site_folder: Path) -> Iterator[str]:
    """Where the site is served as over a slow line."""
    with serve(site_folder, slowly=True) as origin:
        yield origin


@pytest.fixture
def slow_page(
    new_context: NewContext, page_monitor: PageMonitor, slow_origin: str, page_url: str, width: int
) -> Page:
    """What somebody gets who comes for the first time, over a slow line."""
    page_monitor.origins.add(slow_origin)
    page = new_context(viewport={"width": width, "height": 720}).new_page()
    page.goto(slow_origin + page_url)
    return page


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_jumps_while_a_page_comes(slow_page: Page) -> None:
    """Each thing has its place before it is painted, what scripts add too: no layout shift."""
    assert slow_page.evaluate(SHIFT) < 0.01


@pytest.mark.parametrize("width", [1280])
def test_all_that_was_held_back_is_shown_in_the_end(slow_page: Page) -> None:
    """What is painted when it is whole is painted."""
    assert not slow_page.evaluate(
        "[...document.querySelectorAll('.wide, .facts')].filter(e => !e.checkVisibility({"
        "visibilityProperty: true})).length"
    )


def test_what_jumps_is_found(open_page: OpenPage) -> None:
    """A line that comes late and pushes the rest: no finding means something."""
    page = open_page("/status/404/")
    page.evaluate(
        """() => {
          const late = document.createElement("p");
          late.textContent = "late";
          requestAnimationFrame(() => document.querySelector("main").prepend(late));
        }"""
    )
    assert page.evaluate(SHIFT) >= 0.01
