"""Every page of the site on the narrowest screen: nothing lies beside it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

SHARES = 8
"""All pages in so many tests, so that all cores have some."""
EVERY_SHARE = pytest.mark.parametrize("share", range(SHARES))
NARROW = {"width": 320, "height": 640}

# A page that hides what overflows would not scroll either: so each box is looked at. What lies in
# a box of its own that scrolls can be reached, and what is cut to a pixel is for the ear alone.
BESIDE = """() => {
  const root = document.documentElement;
  const width = root.clientWidth;
  const isLeftOut = (element) => {
    for (let box = element.parentElement; box && box !== document.body; box = box.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(box).overflowX)) return true;
      if (box.offsetWidth === 1 && getComputedStyle(box).overflowX === "hidden") return true;
    }
    return false;
  };
  const found = [];
  if (root.scrollWidth > width) found.push(`the page is ${root.scrollWidth} wide`);
  for (const element of document.body.querySelectorAll("*")) {
    const { left, right, width: own } = element.getBoundingClientRect();
    if (own && (right > width + 1 || left < -1) && element.checkVisibility() && !isLeftOut(element))
      found.push(`${element.outerHTML.slice(0, 90)} reaches from ${left} to ${right}`);
  }
  return found.slice(0, 3);
}"""


def beside(page: Page, addresses: tuple[str, ...]) -> dict[str, list[str]]:
    """What reaches beyond the screen, by page."""
    found = {}
    for address in addresses:
        page.goto(address)
        if lines := page.evaluate(BESIDE):
            found[address] = lines
    return found


@EVERY_SHARE
def test_nothing_lies_beside_a_narrow_screen(
    share: int, addresses: tuple[str, ...], new_context: Callable[..., BrowserContext]
) -> None:
    """At 320 pixels no page scrolls sideways or cuts anything off: WCAG 2.2, 1.4.10."""
    page = new_context(viewport=NARROW).new_page()
    assert beside(page, addresses[share::SHARES]) == {}


@EVERY_SHARE
def test_nothing_lies_beside_a_narrow_screen_in_large_text(
    share: int, addresses: tuple[str, ...], large_text: BrowserContext
) -> None:
    """Nor does it for who has told the browser to show text twice as large: WCAG 2.2, 1.4.4."""
    page = large_text.new_page()
    page.goto("/")
    size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)")
    assert size >= 32
    assert beside(page, addresses[share::SHARES]) == {}


@pytest.mark.parametrize(
    "style", ["width: 400px", "width: 400px; position: absolute", "margin-left: -20px"]
)
@pytest.mark.parametrize("body", ["", "overflow-x: hidden"])
def test_what_lies_beside_the_screen_is_found(
    style: str, body: str, new_context: Callable[..., BrowserContext]
) -> None:
    """Also where the page hides it: no finding means something."""
    page = new_context(viewport=NARROW).new_page()
    page.goto("/")
    page.evaluate(
        """([style, body]) => {
          document.body.style.cssText = body;
          const part = document.createElement("section");
          part.style.cssText = style;
          part.textContent = "wide";
          document.body.prepend(part);
        }""",
        [style, body],
    )
    assert any("<section" in line for line in page.evaluate(BESIDE))
