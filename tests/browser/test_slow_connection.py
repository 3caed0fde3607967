"""What a visitor sees of a page while it loads over a slow connection."""

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
    """The origin of the site over a slow connection."""
    with serve(site_folder, slowly=True) as origin:
        yield origin


@pytest.fixture
def slow_page(
    new_context: NewContext, page_monitor: PageMonitor, slow_origin: str, page_url: str, width: int
) -> Page:
    """The page that a new visitor gets over a slow connection."""
    page_monitor.origins.add(slow_origin)
    page = new_context(viewport={"width": width, "height": 720}).new_page()
    page.goto(slow_origin + page_url)
    return page


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_jumps_while_a_page_loads(slow_page: Page) -> None:
    """Everything has its space before it is painted, also what scripts add."""
    assert slow_page.evaluate(SHIFT) < 0.01


@pytest.mark.parametrize("width", [1280])
def test_everything_is_visible_in_the_end(slow_page: Page) -> None:
    """Even what is painted only when it is complete."""
    assert not slow_page.evaluate(
        "[...document.querySelectorAll('.wide, .facts')].filter(e => !e.checkVisibility({"
        "visibilityProperty: true})).length"
    )


def test_a_layout_shift_is_detected(open_page: OpenPage) -> None:
    """By a line that comes late and pushes the rest."""
    page = open_page("/status/404/")
    page.evaluate(
        """() => {
          const late = document.createElement("p");
          late.textContent = "late";
          requestAnimationFrame(() => document.querySelector("main").prepend(late));
        }"""
    )
    assert page.evaluate(SHIFT) >= 0.01
