"""What a visitor sees of a page while it comes over a slow line, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from audit.hosting import serve
from tests.browser.kinds import Look, NewContext
from tests.browser.watch import Watch

# All that has jumped since the page was opened, and what jumps a little later.
SHIFT = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) sum += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 200);
})"""


@pytest.fixture(scope="module")
def slow_origin(folder: Path) -> Iterator[str]:
    """Where the site is served as over a slow line."""
    with serve(folder, slowly=True) as origin:
        yield origin


@pytest.fixture
def slow_page(
    new_context: NewContext, watch: Watch, slow_origin: str, address: str, width: int
) -> Page:
    """What somebody gets who comes for the first time, over a slow line."""
    watch.origins.add(slow_origin)
    page = new_context(viewport={"width": width, "height": 720}).new_page()
    page.goto(slow_origin + address)
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


def test_what_jumps_is_found(look: Look) -> None:
    """A line that comes late and pushes the rest: no finding means something."""
    page = look("/status/404/")
    page.evaluate(
        """() => {
          const late = document.createElement("p");
          late.textContent = "late";
          requestAnimationFrame(() => document.querySelector("main").prepend(late));
        }"""
    )
    assert page.evaluate(SHIFT) >= 0.01
