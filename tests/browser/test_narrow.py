"""Every page on the narrowest screen, in normal text and in text twice as large."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from audit.chromium import FLAGS
from tests.browser.page_kinds import OpenPage
from tests.offenders import assert_none

SHARES = 2
"""The pages are split among several tests, so that every core gets some."""
NARROW = 320

# A page that hides overflow would not scroll either, so every box is checked. Content of a box that
# scrolls can be reached, and content of one pixel is for screen readers.
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
  const lines = [];
  if (root.scrollWidth > width) lines.push(`the page is ${root.scrollWidth} wide`);
  for (const element of document.body.querySelectorAll("*")) {
    const { left, right, width: own } = element.getBoundingClientRect();
    if (own && (right > width + 1 || left < -1) && element.checkVisibility() && !isLeftOut(element))
      lines.push(`${element.outerHTML.slice(0, 90)} reaches from ${left} to ${right}`);
  }
  return lines.slice(0, 3);
}"""

# A box that hides what does not fit cuts it off.
CUT = """() => [...document.querySelectorAll("body *")]
  .filter((element) => {
    const { scrollWidth, scrollHeight, clientWidth, clientHeight } = element;
    if (scrollWidth <= clientWidth + 1 && scrollHeight <= clientHeight + 1) return false;
    const { overflowX, overflowY } = getComputedStyle(element);
    const isCut =
      (/hidden|clip/.test(overflowX) && scrollWidth > clientWidth + 1) ||
      (/hidden|clip/.test(overflowY) && scrollHeight > clientHeight + 1);
    return isCut && clientWidth > 1 && element.checkVisibility();
  })
  .map((element) => `cut off: ${element.outerHTML.slice(0, 90)}`)"""

# A drawing is one image with a text alternative, and its text is inside the image.
DRAWN_BADLY = """() => [...document.querySelectorAll("svg.drawing")].flatMap((drawing) => {
  const frame = drawing.getBoundingClientRect();
  const lost = [...drawing.querySelectorAll("text")]
    .filter((text) => {
      const { left, top, right, bottom } = text.getBoundingClientRect();
      return left < frame.left - 1 || right > frame.right + 1 ||
        top < frame.top - 1 || bottom > frame.bottom + 1;
    })
    .map((text) => `outside of its drawing: ${text.textContent}`);
  const label = drawing.getAttribute("aria-label") || drawing.querySelector("title")?.textContent;
  if (drawing.getAttribute("role") !== "img" || !label?.trim()) lost.push("no image with a label");
  return lost;
})"""

ENLARGE = "document.documentElement.style.fontSize = '200%'"
# All at once: a call for each would take twice as long.
ERRORS = f"""() => {{
  const errors = () => [...({BESIDE})(), ...({CUT})(), ...({DRAWN_BADLY})()];
  const usual = errors();
  {ENLARGE};
  return [...usual, ...errors().map((line) => `in large text: ${{line}}`)];
}}"""
SIZES = """() => [...document.body.querySelectorAll("*")].map(
  (element) => parseFloat(getComputedStyle(element).fontSize)
)"""


@pytest.mark.parametrize("share", range(SHARES))
def test_nothing_overflows_a_narrow_screen(
    share: int, page_urls: tuple[str, ...], open_page: OpenPage
) -> None:
    """At 320 pixels, nothing scrolls sideways or is cut off: WCAG 2.2, 1.4.10 and 1.4.4."""
    lines = []
    for url in page_urls[share::SHARES]:
        page = open_page(url, width=NARROW)
        lines += [f"{url}: {line}" for line in page.evaluate(ERRORS)]
    assert_none(lines)


def test_a_drawing_is_an_image_that_contains_its_text(open_page: OpenPage) -> None:
    """The pages have drawings, so the check of drawings is not vacuous."""
    page = open_page("/status/404/", width=NARROW)
    assert page.locator("svg.drawing").count()
    assert page.evaluate(DRAWN_BADLY) == []


@pytest.mark.parametrize(
    ("breakage", "message"),
    [
        ("drawing.querySelector('text').textContent += ' more'.repeat(40)", "outside"),
        ("drawing.querySelector('text').setAttribute('y', -40)", "outside"),
        ("drawing.removeAttribute('role')", "no image"),
        ("drawing.setAttribute('aria-label', ' ')", "no image"),
    ],
)
def test_an_incomplete_drawing_is_detected(
    open_page: OpenPage, breakage: str, message: str
) -> None:
    """The test of narrow screens fails for a page with this error."""
    page = open_page("/status/404/", width=NARROW)
    page.evaluate(f"() => {{ const drawing = document.querySelector('svg.drawing'); {breakage} }}")
    assert any(line.startswith(message) for line in page.evaluate(DRAWN_BADLY))


@pytest.mark.parametrize(
    "style", ["width: 400px", "width: 400px; position: absolute", "margin-left: -20px"]
)
@pytest.mark.parametrize("body", ["", "overflow-x: hidden"])
def test_overflow_is_detected(open_page: OpenPage, style: str, body: str) -> None:
    """It's detected even if the page hides it."""
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
def test_cut_off_text_is_detected(open_page: OpenPage, style: str) -> None:
    """The box is too small for its text."""
    page = open_page("/status/404/", width=NARROW)
    page.locator("main p").first.evaluate(
        "(part, style) => { part.style.cssText = style }",
        f"{style}; display: block; width: 20px; height: 10px",
    )
    assert any("<p" in line for line in page.evaluate(CUT))


def test_text_is_enlarged_like_in_browsers(
    launch_browser: Callable[..., Browser], open_page: OpenPage, origin: str
) -> None:
    """The sizes are those of a browser with the font size set to twice the default."""
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
