"""Pages while they load over a slow connection."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.hosting import serve
from tests.browser.page_kinds import PAGE_KINDS, NewContext, OpenPage
from tests.browser.page_monitor import PageMonitor
from tests.offenders import assert_none

# All that has jumped since the page was opened, and what jumps a little later.
SHIFT = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) sum += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 200);
})"""

HIDDEN = """() => [...document.querySelectorAll(".table-scroll, .facts")]
  .filter((element) => !element.checkVisibility({ visibilityProperty: true }))
  .map((element) => element.outerHTML.slice(0, 90))"""


@pytest.fixture(scope="module")
def slow_origin(site_folder: Path) -> Iterator[str]:
    """The origin of the site over a slow connection."""
    with serve(site_folder, slowly=True) as origin:
        yield origin


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_jumps_while_a_page_loads(
    width: int, new_context: NewContext, page_monitor: PageMonitor, slow_origin: str
) -> None:
    """Everything has its space before it's painted, including what scripts add.

    In the end, everything is visible, even what is painted only when it is complete.
    """
    page_monitor.origins.add(slow_origin)
    shifts, hidden = {}, {}
    pages = {}
    # They load at the same time: most of it is waiting.
    for url in PAGE_KINDS:
        pages[url] = new_context(viewport={"width": width, "height": 720}).new_page()
        pages[url].goto(slow_origin + url, wait_until="commit")
    for url, page in pages.items():
        page.wait_for_load_state()
        shifts[url] = page.evaluate(SHIFT)
        hidden[url] = page.evaluate(HIDDEN)
    assert_none(f"{url}: {shift}" for url, shift in shifts.items() if shift >= 0.01)
    assert_none(f"{url}: {parts}" for url, parts in hidden.items() if parts)


def test_a_layout_shift_is_detected(open_page: OpenPage, new_context: NewContext) -> None:
    """A line that arrives late moves the rest of the page."""
    page = open_page("/status/404/")
    new_context().new_page().bring_to_front()
    page.evaluate(
        """() => {
          const late = document.createElement("p");
          late.textContent = "late";
          requestAnimationFrame(() => document.querySelector("main").prepend(late));
        }"""
    )
    assert page.evaluate(SHIFT) >= 0.01
