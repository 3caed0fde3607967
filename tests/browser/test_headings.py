"""Headings aren't broken inside words, and are above the content that follows them."""

from __future__ import annotations

from tests.browser.page_kinds import MISSING_URL, PAGE_KINDS, OpenPage
from tests.offenders import assert_none

WIDTHS = (320, 768, 1280, 1440)

# The table of contents next to an article is in a separate column.
ABOVE = """() => {
  const heading = document.querySelector("h1");
  const top = heading.getBoundingClientRect().top;
  return [...document.querySelectorAll("main :not(.toc, .toc *, .unseen, h1 *)")]
    .filter((part) => heading.compareDocumentPosition(part) & Node.DOCUMENT_POSITION_FOLLOWING)
    .filter((part) => part.checkVisibility() && part.getBoundingClientRect().top < top - 1)
    .map((part) => part.outerHTML.slice(0, 90));
}"""

BROKEN = """() => {
  const broken = [];
  for (const heading of document.querySelectorAll("main :is(h1, h2, h3, h4)")) {
    const texts = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode;
      for (const word of text.data.matchAll(/\\p{L}+/gu)) {
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
        if (lines.size > 1) broken.push(word[0]);
      }
    }
  }
  return broken;
}"""


def test_headings_are_unbroken_and_above_their_content(open_page: OpenPage) -> None:
    """At every width, the visual order is the reading order, and the longest word fits."""
    errors = []
    for url in PAGE_KINDS:
        page = open_page(url)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 720})
            errors += [f"{url} at {width}: above: {part}" for part in page.evaluate(ABOVE)]
            errors += [f"{url} at {width}: broken: {word}" for word in page.evaluate(BROKEN)]
    assert_none(errors)


def test_content_above_the_heading_is_detected(open_page: OpenPage) -> None:
    """The test above fails for a page with this error."""
    page = open_page(MISSING_URL)
    page.evaluate("document.querySelector('h1').style.cssText = 'position: relative; top: 300px'")
    assert page.evaluate(ABOVE) != []


def test_a_broken_word_is_detected(open_page: OpenPage) -> None:
    """The test above fails for a page with this error."""
    page = open_page("/status/404/")
    example = page.get_by_role("heading", name="Example")
    example.evaluate("heading => { heading.style.cssText = 'width: 2em; padding: 0' }")
    assert page.evaluate(BROKEN) == ["Example"]
