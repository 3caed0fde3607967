"""Pages on paper: the whole content, laid out for the sheet, and nothing to click."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.page_kinds import OpenPage

SHEET = (718, 1000)
"""What is left of a sheet of A4 between its margins, in CSS pixels."""

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
    // What is one pixel wide is for the ear alone.
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

FOLDED = """() => [...document.querySelectorAll("main details > :not(summary)")]
  .filter((element) => !element.checkVisibility())
  .map((element) => element.outerHTML.slice(0, 90))"""

FAULTS = {"cut": CUT, "beside": BESIDE, "folded away": FOLDED}

# A button in the head of a column holds its name, so it stays; but nobody sees a button.
LIKE_A_BUTTON = """() => {
  const clear = (colour) => /[,/] ?0\\)$/.test(colour);
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


COLOURS = """() => {
  const { backgroundColor, color } = getComputedStyle(document.documentElement);
  return [backgroundColor, color];
}"""


def printed(look: OpenPage, address: str) -> Page:
    """The page as it is printed."""
    width, height = SHEET
    return look(address, width=width, height=height, media="print")


def faults(page: Page) -> dict[str, list[str]]:
    """What of the content is not on the sheet, by how it is lost."""
    found = {name: page.evaluate(script) for name, script in FAULTS.items()}
    return {name: lines for name, lines in found.items() if lines}


def test_paper_shows_the_content_and_nothing_to_click(open_page: OpenPage, page_url: str) -> None:
    """The text is there; menus, buttons, fields and the link past the menu are not."""
    page = printed(open_page, page_url)
    main = page.get_by_role("main")
    assert main.is_visible()
    assert main.get_by_role("heading", level=1).is_visible()
    assert page.evaluate(USABLE) == []


def test_paper_shows_the_heads_of_columns_as_plain_text(open_page: OpenPage, page_url: str) -> None:
    """What sorts the table on the screen looks like any other name of a column."""
    page = printed(open_page, page_url)
    assert page.evaluate(LIKE_A_BUTTON) == []
    heads = page.locator("thead th")
    assert all(head.strip() for head in heads.all_inner_texts())


def test_paper_cuts_nothing_off(open_page: OpenPage, page_url: str) -> None:
    """No text is in a box that would have to be scrolled, beside the sheet, or folded away."""
    assert faults(printed(open_page, page_url)) == {}


def test_paper_is_white_whatever_the_scheme(open_page: OpenPage) -> None:
    """Who reads light on dark does not print so."""
    light = open_page("/status/404/", media="print", scheme="light").evaluate(COLOURS)
    dark = open_page("/status/404/", media="print", scheme="dark").evaluate(COLOURS)
    assert light == dark
    assert light[0] == "rgb(255, 255, 255)"


def test_what_is_folded_on_the_screen_is_found(open_page: OpenPage) -> None:
    """Facts are closed there until one opens them: no finding means something."""
    page = open_page("/status/404/")
    assert "folded away" in faults(page)
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
def test_what_paper_loses_is_found(open_page: OpenPage, style: str, name: str) -> None:
    """No finding means something."""
    page = printed(open_page, "/status/404/")
    assert faults(page) == {}
    page.locator("h1").evaluate("(part, style) => { part.style.cssText = style }", style)
    assert name in faults(page)


@pytest.mark.parametrize("style", ["border: 1px solid", "background: #eee", "color: red"])
def test_what_looks_like_a_button_is_found(open_page: OpenPage, style: str) -> None:
    """No finding means something."""
    page = printed(open_page, "/tables/vendors/")
    assert page.evaluate(LIKE_A_BUTTON) == []
    page.locator("th button").last.evaluate(
        "(button, style) => { button.style.cssText = style }", style
    )
    assert len(page.evaluate(LIKE_A_BUTTON)) == 1
