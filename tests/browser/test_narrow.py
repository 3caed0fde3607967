"""Every page of the site on the narrowest screen, in the usual text and in text twice as large."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from audit.chromium import FLAGS
from tests.browser.page_kinds import OpenPage

SHARES = 4
"""All pages in so many tests, so that all cores have some."""
NARROW = 320

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

# A box that hides what does not fit cuts it off for ever.
CUT = """() => [...document.querySelectorAll("body *")]
  .filter((element) => {
    const { overflowX, overflowY } = getComputedStyle(element);
    const { scrollWidth, scrollHeight, clientWidth, clientHeight } = element;
    const isCut =
      (/hidden|clip/.test(overflowX) && scrollWidth > clientWidth + 1) ||
      (/hidden|clip/.test(overflowY) && scrollHeight > clientHeight + 1);
    return isCut && clientWidth > 1 && element.checkVisibility();
  })
  .map((element) => `cut off: ${element.outerHTML.slice(0, 90)}`)"""

# A drawing is one picture with words for who does not see it, and its texts are inside of it.
DRAWN_BADLY = """() => [...document.querySelectorAll("svg.drawing")].flatMap((drawing) => {
  const frame = drawing.getBoundingClientRect();
  const lost = [...drawing.querySelectorAll("text")]
    .filter((text) => {
      const { left, top, right, bottom } = text.getBoundingClientRect();
      return left < frame.left - 1 || right > frame.right + 1 ||
        top < frame.top - 1 || bottom > frame.bottom + 1;
    })
    .map((text) => `outside of its drawing: ${text.textContent}`);
  const words = drawing.getAttribute("aria-label") || drawing.querySelector("title")?.textContent;
  if (drawing.getAttribute("role") !== "img" || !words?.trim()) lost.push("no picture with words");
  return lost;
})"""

ENLARGE = "document.documentElement.style.fontSize = '200%'"
SIZES = """() => [...document.body.querySelectorAll("*")].map(
  (element) => parseFloat(getComputedStyle(element).fontSize)
)"""


def faults(page: Page) -> list[str]:
    """What a narrow screen does not show."""
    return [line for script in (BESIDE, CUT, DRAWN_BADLY) for line in page.evaluate(script)]


@pytest.mark.parametrize("share", range(SHARES))
def test_nothing_lies_beside_a_narrow_screen(
    share: int, page_urls: tuple[str, ...], open_page: OpenPage
) -> None:
    """At 320 pixels no page scrolls sideways or cuts anything off: WCAG 2.2, 1.4.10 and 1.4.4."""
    found = []
    for address in page_urls[share::SHARES]:
        page = open_page(address, width=NARROW)
        found += [f"{address}: {line}" for line in faults(page)]
        page.evaluate(ENLARGE)
        found += [f"{address} in large text: {line}" for line in faults(page)]
    assert not found, "\n".join(found)


def test_a_drawing_is_a_picture_that_holds_its_texts(open_page: OpenPage) -> None:
    """There are some, so that their faults can be found on every page."""
    page = open_page("/status/404/", width=NARROW)
    assert page.locator("svg.drawing").count()
    assert page.evaluate(DRAWN_BADLY) == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("drawing.querySelector('text').textContent += ' more'.repeat(40)", "outside"),
        ("drawing.querySelector('text').setAttribute('y', -40)", "outside"),
        ("drawing.removeAttribute('role')", "no picture"),
        ("drawing.setAttribute('aria-label', ' ')", "no picture"),
    ],
)
def test_a_drawing_that_loses_something_is_found(
    open_page: OpenPage, fault: str, words: str
) -> None:
    """No finding means something."""
    page = open_page("/status/404/", width=NARROW)
    page.evaluate(f"() => {{ const drawing = document.querySelector('svg.drawing'); {fault} }}")
    assert any(line.startswith(words) for line in page.evaluate(DRAWN_BADLY))


@pytest.mark.parametrize(
    "style", ["width: 400px", "width: 400px; position: absolute", "margin-left: -20px"]
)
@pytest.mark.parametrize("body", ["", "overflow-x: hidden"])
def test_what_lies_beside_the_screen_is_found(open_page: OpenPage, style: str, body: str) -> None:
    """Also where the page hides it: no finding means something."""
    page = open_page("/", width=NARROW)
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


@pytest.mark.parametrize("style", ["overflow: hidden", "overflow: clip"])
def test_what_is_cut_off_is_found(open_page: OpenPage, style: str) -> None:
    """A box too small for its words: no finding means something."""
    page = open_page("/status/404/", width=NARROW)
    page.locator("main p").first.evaluate(
        "(part, style) => { part.style.cssText = style }",
        f"{style}; display: block; width: 20px; height: 10px",
    )
    assert any("<p" in line for line in page.evaluate(CUT))


def test_text_is_enlarged_as_browsers_do_it(
    launch_browser: Callable[..., Browser], open_page: OpenPage, origin: str
) -> None:
    """Who has told the browser to show text twice as large gets the sizes that are tried here."""
    page = open_page("/status/404/", width=NARROW)
    usual = page.evaluate(SIZES)
    page.evaluate(ENLARGE)
    enlarged = page.evaluate(SIZES)
    assert enlarged[0] == 2 * usual[0]
    sizes = "--blink-settings=defaultFontSize=32,defaultFixedFontSize=26"
    browser = launch_browser(args=[*FLAGS, sizes])
    try:
        page = browser.new_page(viewport={"width": NARROW, "height": 720})
        page.goto(f"{origin}/status/404/")
        assert page.evaluate(SIZES) == enlarged
    finally:
        browser.close()
