"""Walks whole pages by keyboard, from the first stop to the last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.content import described

Visit = Callable[..., Page]

LIMIT = 1500
"""More stops than any page has: whoever gets so far goes round in circles."""

# The middle of what is on the screen of one of its lines must be bare.
STOP = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const style = getComputedStyle(element);
  const isOpen = [...element.getClientRects()].some(({ left, top, right, bottom }) => {
    const x = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2;
    const y = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
    const there = document.elementFromPoint(x, y);
    return there && (element.contains(there) || there.contains(element));
  });
  return {
    name: element.outerHTML.slice(0, 120),
    path: element.pathname ?? "",
    hash: element.hash ?? "",
    inMain: Boolean(element.closest("main")),
    isOpen,
    isRinged:
      (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) ||
      style.boxShadow !== "none",
  };
}"""

STOPS = """() => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter((element) => !element.disabled && element.tabIndex >= 0)
  .filter((element) => element.checkVisibility({ visibilityProperty: true }))
  .map((element) => element.outerHTML.slice(0, 120))"""


def walk(page: Page) -> Iterator[dict[str, Any]]:
    """Each place at which the focus stops, until it leaves the page."""
    for _ in range(LIMIT):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            return
        yield stop
    pytest.fail(f"the focus does not leave the page within {LIMIT} stops")


def test_the_first_stop_is_seen_and_leads_into_the_content(visit: Visit, address: str) -> None:
    """The link past the menu appears, and after it the next stop is in the content or behind it."""
    page = visit(address, reduced_motion="reduce")
    page.keyboard.press("Tab")
    first = page.evaluate(STOP)
    assert first["hash"] == "#main"
    assert first["isOpen"]
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_in_viewport()
    page.keyboard.press("Tab")
    assert page.evaluate(STOP)["inMain"]


@pytest.mark.parametrize("width", [320, 1280])
def test_every_stop_is_seen_and_none_is_left_out(visit: Visit, address: str, width: int) -> None:
    """Each has a ring, on the screen and under nothing; all that can be used is among them."""
    page = visit(address, reduced_motion="reduce", viewport={"width": width, "height": 720})
    wanted = page.evaluate(STOPS)
    stops = list(walk(page))
    assert [stop["name"] for stop in stops if not stop["isRinged"]] == []
    assert [stop["name"] for stop in stops if not stop["isOpen"]] == []
    assert [stop["name"] for stop in stops] == wanted


def test_home_leads_to_every_code(visit: Visit) -> None:
    """Tab alone reaches each of them."""
    page = visit("/", reduced_motion="reduce")
    paths = {stop["path"] for stop in walk(page) if stop["inMain"]}
    assert {f"/status/{code}/" for code in described()} - paths == set()


@pytest.mark.parametrize("style", ["outline: none", "outline: 0 solid; box-shadow: none"])
def test_a_stop_without_a_ring_is_found(style: str, visit: Visit) -> None:
    """No finding means something."""
    page = visit("/")
    link = page.get_by_role("main").get_by_role("link").first
    link.evaluate("(element, style) => { element.style.cssText = style }", style)
    link.focus()
    assert not page.evaluate(STOP)["isRinged"]


def test_a_stop_under_something_is_found(visit: Visit) -> None:
    """A bar that stays above the page hides what is under it."""
    page = visit("/")
    link = page.get_by_role("main").get_by_role("link").first
    link.focus()
    assert page.evaluate(STOP)["isOpen"]
    page.evaluate(
        """() => {
          const bar = document.createElement("div");
          bar.style.cssText = "position: fixed; inset: 0; background: #fff";
          document.body.append(bar);
        }"""
    )
    assert not page.evaluate(STOP)["isOpen"]
