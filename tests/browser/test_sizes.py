"""Text is large enough to read, and targets are large enough to touch."""

from __future__ import annotations

from tests.browser.page_kinds import PAGE_KINDS, OpenPage, Visit
from tests.offenders import assert_none

WIDTHS = (320, 390, 1440)

SMALL = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const small = new Set();
  while (texts.nextNode()) {
    const box = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !box.checkVisibility()) continue;
    if (parseFloat(getComputedStyle(box).fontSize) < 12) small.add(box.outerHTML.slice(0, 90));
  }
  return [...small].slice(0, 3);
}"""


def test_no_text_is_smaller_than_twelve_pixels(open_page: OpenPage) -> None:
    """On phones and on large screens."""
    lines = []
    for url in PAGE_KINDS:
        page = open_page(url)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 720})
            lines += [f"{url} at {width}: {part}" for part in page.evaluate(SMALL)]
    assert_none(lines)


def test_small_text_is_detected(open_page: OpenPage) -> None:
    """The test above fails for a page with this error."""
    page = open_page("/status/404/")
    page.locator("main p").first.evaluate("part => { part.style.fontSize = '11.9px' }")
    assert len(page.evaluate(SMALL)) == 1


def test_the_codes_of_a_decision_tree_can_be_touched(visit: Visit) -> None:
    """On a touch screen, each is at least 44 pixels high."""
    page = visit("/guides/which-code/", has_touch=True, is_mobile=True)
    codes = page.locator(".tree [data-hue]")
    assert codes.count() > 40
    heights = codes.evaluate_all("codes => codes.map((it) => it.getBoundingClientRect().height)")
    assert min(heights) >= 44
