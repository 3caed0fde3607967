"""Printed pages have all content and no controls."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.browser.page_kinds import PAGE_KINDS, OpenPage
from tests.offenders import assert_none

PORTRAIT, LANDSCAPE = (718, 1000), (1000, 718)
"""The area between the margins of A4, in CSS pixels."""

USABLE = """() => [...document.querySelectorAll(
    "body > header, nav, form, button:not(th *), input, select, textarea, label, dialog, .skip")]
  .filter((element) => element.checkVisibility())
  .map((element) => element.outerHTML.slice(0, 90))"""

CUT = """() => [...document.querySelectorAll("main, main *")]
  .filter((element) => {
    const style = getComputedStyle(element);
    const isCut =
      (element.scrollWidth > element.clientWidth + 1 && style.overflowX !== "visible") ||
      (element.scrollHeight > element.clientHeight + 1 && style.overflowY !== "visible");
    // What is one pixel wide is for screen readers.
    return isCut && element.clientWidth > 1;
  })
  .map((element) => element.outerHTML.slice(0, 90))"""

BESIDE = """() => [...document.querySelectorAll("main, main *")]
  .filter((element) => element.checkVisibility())
  .filter((element) => {
    const { left, right } = element.getBoundingClientRect();
    return right > innerWidth + 1 || left < -1;
  })
  .map((element) => element.outerHTML.slice(0, 90))"""

FOLDED = """() => [...document.querySelectorAll("main details:not(.toc *) > :not(summary)")]
  .filter((element) => !element.checkVisibility())
  .map((element) => element.outerHTML.slice(0, 90))"""

LOSSES = {"cut": CUT, "beside": BESIDE, "folded away": FOLDED}

# A button in a column header contains its name, so it's printed, but must not look like a button.
LIKE_A_BUTTON = """() => {
  const clear = (color) => /[,/] ?0\\)$/.test(color);
  return [...document.querySelectorAll("th button")].filter((button) => {
    const own = getComputedStyle(button), head = getComputedStyle(button.closest("th"));
    const isBare =
      (own.borderStyle === "none" || parseFloat(own.borderWidth) === 0) &&
      clear(own.backgroundColor) &&
      own.backgroundImage === "none" &&
      own.boxShadow === "none" &&
      parseFloat(own.paddingInlineStart) === 0 &&
      own.textDecorationLine === "none";
    const isLikeItsHead = ["color", "fontFamily", "fontSize", "fontWeight", "fontStyle"].every(
      (name) => own[name] === head[name]
    );
    return !(isBare && isLikeItsHead);
  }).map((button) => button.outerHTML.slice(0, 90));
}"""


# Browsers don't repeat a head that can be broken, or that contains the box of a button.
UNREPEATED = """() => [...document.querySelectorAll("thead")]
  .filter((head) => {
    const boxes = [...head.querySelectorAll("button")].map((it) => getComputedStyle(it).display);
    return getComputedStyle(head).breakInside !== "avoid" || boxes.some((it) => it !== "contents");
  })
  .map((head) => head.outerHTML.slice(0, 90))"""

SMALLEST = """() => Math.min(...[...document.querySelectorAll("main *")]
  .filter((element) => element.innerText?.trim() && element.checkVisibility())
  .map((element) => parseFloat(getComputedStyle(element).fontSize)))"""

COLORS = """() => {
  const { backgroundColor, color } = getComputedStyle(document.documentElement);
  return [backgroundColor, color];
}"""


def printed(open_page: OpenPage, url: str) -> Page:
    """The page in print layout."""
    width, height = PORTRAIT
    page = open_page(url, width=width, height=height, media="print")
    if page.evaluate("getComputedStyle(document.body).page") != "auto":
        width, height = LANDSCAPE
        page.set_viewport_size({"width": width, "height": height})
    return page


def sheets(page: Page) -> int:
    """The number of sheets of A4 that the page takes."""
    margin = "1cm"
    pdf = page.pdf(
        format="A4", margin={"top": margin, "right": margin, "bottom": margin, "left": margin}
    )
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def losses(page: Page) -> dict[str, list[str]]:
    """The content that isn't printed, by the cause."""
    lines_by_loss = {name: page.evaluate(script) for name, script in LOSSES.items()}
    return {name: lines for name, lines in lines_by_loss.items() if lines}


def test_print_has_the_content_and_no_controls(open_page: OpenPage) -> None:
    """Menus, buttons, fields, and the skip link are not printed.

    No text is in a box that would have to be scrolled, off the paper, or in closed details. What
    sorts a table on the screen looks like any other name of a column.
    """
    errors = []
    names = []
    for url in PAGE_KINDS:
        page = printed(open_page, url)
        found = {
            **losses(page),
            "to click": page.evaluate(USABLE),
            "like a button": page.evaluate(LIKE_A_BUTTON),
        }
        errors += [f"{url}: {name}: {part}" for name, parts in found.items() for part in parts]
        if not page.get_by_role("main").get_by_role("heading", level=1).is_visible():
            errors.append(f"{url}: no heading")
        headers = page.locator("thead th").all_inner_texts()
        errors += [f"{url}: a column without a name" for name in headers if not name.strip()]
        names += headers
    assert_none(errors)
    assert len(names) > 10


def test_print_is_light_in_every_color_scheme(open_page: OpenPage) -> None:
    """The dark theme isn't printed."""
    light = open_page("/status/404/", media="print", scheme="light").evaluate(COLORS)
    dark = open_page("/status/404/", media="print", scheme="dark").evaluate(COLORS)
    assert light == dark
    assert light[0] == "rgb(255, 255, 255)"


@pytest.mark.parametrize(
    ("url", "limit"), [("/guides/which-code/", 3), ("/guides/all-facts/", 9), ("/status/", 10)]
)
def test_long_pages_take_little_paper(open_page: OpenPage, url: str, limit: int) -> None:
    """Trees and tables are compact, and no sheet is left almost empty."""
    assert sheets(printed(open_page, url)) <= limit


def test_printed_text_is_legible(open_page: OpenPage) -> None:
    """It's at least 6.5 points high, even in tables with many columns."""
    sizes = {url: printed(open_page, url).evaluate(SMALLEST) * 72 / 96 for url in PAGE_KINDS}
    assert_none(f"{url}: {size} points" for url, size in sizes.items() if size < 6.5)


def test_the_head_of_a_table_is_repeated_on_every_sheet(open_page: OpenPage) -> None:
    """Otherwise, the columns on the second sheet have no names."""
    heads = {url: printed(open_page, url).evaluate(UNREPEATED) for url in PAGE_KINDS}
    assert_none(f"{url}: {parts}" for url, parts in heads.items() if parts)


def test_the_urls_of_references_are_printed(open_page: OpenPage) -> None:
    """On paper, a link can't be followed. Links in sentences stay as they are."""
    page = printed(open_page, "/status/404/")
    added = "links => links.map((link) => getComputedStyle(link, '::after').content)"
    references = page.locator("#h-references + ul a").evaluate_all(added)
    assert references
    assert all("https://" in content for content in references)
    assert set(page.locator("main p a").evaluate_all(added)) == {"none"}


def test_closed_details_are_detected(open_page: OpenPage) -> None:
    """On the screen, facts are closed by default."""
    page = open_page("/status/404/")
    assert "folded away" in losses(page)
    assert page.evaluate(USABLE)


@pytest.mark.parametrize(
    ("style", "name"),
    [
        ("width: 900px", "beside"),
        ("margin-left: -200px", "beside"),
        ("height: 5px; overflow: hidden", "cut"),
        ("width: 50px; white-space: nowrap; overflow: auto", "cut"),
    ],
)
def test_lost_content_is_detected(open_page: OpenPage, style: str, name: str) -> None:
    """The test of lost content fails for a page with this error."""
    page = printed(open_page, "/status/404/")
    assert losses(page) == {}
    page.locator("h1").evaluate("(part, style) => { part.style.cssText = style }", style)
    assert name in losses(page)


@pytest.mark.parametrize("style", ["border: 1px solid", "background: #eee", "color: red"])
def test_a_printed_button_is_detected(open_page: OpenPage, style: str) -> None:
    """The test of controls fails for a page with this error."""
    page = printed(open_page, "/tables/vendors/")
    assert page.evaluate(LIKE_A_BUTTON) == []
    page.locator("th button").last.evaluate(
        "(button, style) => { button.style.cssText = style }", style
    )
    assert len(page.evaluate(LIKE_A_BUTTON)) == 1
