"""Keyboard navigation through whole pages, and through the tiles of codes."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.book_files import register_by_code
from tests.browser.page_kinds import PAGE_KINDS, OpenPage

STOPS = """() => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter((element) => !element.disabled && element.tabIndex >= 0)
  .filter((element) => element.checkVisibility({ visibilityProperty: true }))
  .map((element) => element.outerHTML.slice(0, 120))"""

# The middle of the visible part of one of its lines must be uncovered. A ring is an outline:
# forced colors remove shadows.
STOP = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const style = getComputedStyle(element);
  const isOpen = [...element.getClientRects()].some(({ left, top, right, bottom }) => {
    const x = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2;
    const y = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
    const hit = document.elementFromPoint(x, y);
    return hit && (element.contains(hit) || hit.contains(element));
  });
  return {
    name: element.outerHTML.slice(0, 120),
    code: element.closest("main") ? element.dataset.code ?? "" : "",
    hash: element.hash ?? "",
    inMain: Boolean(element.closest("main")),
    isOpen,
    isRinged:
      style.outlineStyle !== "none" &&
      parseFloat(style.outlineWidth) >= 2 &&
      !/[,/] ?0\\)$/.test(style.outlineColor),
  };
}"""

# The page records its stops on keyup: a call for each stop would take twice as long.
WALK = f"""() => {{
  const stop = {STOP};
  window.walked = [];
  addEventListener("keyup", () => window.walked.push(stop()), true);
}}"""

TILES = """() => {
  const focused = document.activeElement;
  return [...document.querySelectorAll(".tiles a")].map((tile) => {
    const { left, top } = tile.getBoundingClientRect();
    return { code: tile.dataset.code, left, top, isFocused: tile === focused };
  });
}"""


def walk(page: Page) -> list[dict[str, Any]]:
    """Every focused element in order, and one more if there are too many."""
    page.evaluate(WALK)
    for _ in range(len(page.evaluate(STOPS)) + 1):
        page.keyboard.press("Tab")
    stops: list[dict[str, Any]] = page.evaluate("window.walked.filter(Boolean)")
    # Behind the last stop is the browser itself, and behind that the first one again.
    return stops[:-1] if stops[-1]["name"] == stops[0]["name"] else stops


def open_tiles(open_page: OpenPage, width: int = 1280) -> Page:
    """The home page, after the first arrow key has loaded the script for the others."""
    page = open_page("/", width=width)
    page.locator('.tiles [data-code="100"]').focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator('.tiles [data-code="101"]')).to_be_focused()
    return page


def focused_tile(page: Page) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The focused tile, and all tiles."""
    tiles = page.evaluate(TILES)
    (focused,) = (tile for tile in tiles if tile["isFocused"])
    return focused, tiles


def test_the_first_stop_is_the_skip_link(open_page: OpenPage) -> None:
    """It's visible only while focused, and the next stop is in the content."""
    for url in PAGE_KINDS:
        page = open_page(url)
        link = page.get_by_role("link", name="Skip to main content")
        expect(link).not_to_be_in_viewport()
        page.keyboard.press("Tab")
        first = page.evaluate(STOP)
        assert (first["hash"], first["isOpen"]) == ("#main", True), url
        page.keyboard.press("Enter")
        expect(page.get_by_role("main")).to_be_in_viewport()
        page.keyboard.press("Tab")
        assert page.evaluate(STOP)["inMain"], url


@pytest.mark.parametrize("width", [320, 1280])
def test_every_stop_is_visible_and_none_is_left_out(open_page: OpenPage, width: int) -> None:
    """Each has a ring and is visible and uncovered: WCAG 2.2, 2.1.1, 2.4.7, and 2.4.11."""
    errors = []
    for url in PAGE_KINDS:
        page = open_page(url, width=width)
        wanted = page.evaluate(STOPS)
        stops = walk(page)
        assert wanted, url
        names = [stop["name"] for stop in stops]
        errors += [f"{url}: no ring: {stop['name']}" for stop in stops if not stop["isRinged"]]
        errors += [f"{url}: covered: {stop['name']}" for stop in stops if not stop["isOpen"]]
        errors += [f"{url}: left out: {name}" for name in wanted if name not in names]
        if names != wanted:
            errors.append(f"{url}: the stops are not in the order of the document")
    assert not errors, "\n".join(errors)


def test_tab_reaches_every_code_on_the_home_page(open_page: OpenPage) -> None:
    """The codes are reached in numeric order."""
    codes = [stop["code"] for stop in walk(open_page("/")) if stop["code"]]
    assert codes == [str(code) for code in sorted(register_by_code())]


@pytest.mark.parametrize(
    "style", ["outline: none", "outline: 1px solid", "outline: 3px solid transparent"]
)
def test_a_stop_without_a_ring_is_detected(style: str, open_page: OpenPage) -> None:
    """The test of stops fails for a page with this error."""
    page = open_page("/")
    link = page.get_by_role("main").get_by_role("link").first
    link.focus()
    assert page.evaluate(STOP)["isRinged"]
    link.evaluate("(element, style) => { element.style.cssText = style }", style)
    assert not page.evaluate(STOP)["isRinged"]


def test_a_covered_stop_is_detected(open_page: OpenPage) -> None:
    """A fixed bar covers the content below it."""
    page = open_page("/")
    page.get_by_role("main").get_by_role("link").first.focus()
    assert page.evaluate(STOP)["isOpen"]
    page.evaluate(
        """() => {
          const bar = document.createElement("div");
          bar.style.cssText = "position: fixed; inset: 0; background: #fff";
          document.body.append(bar);
        }"""
    )
    assert not page.evaluate(STOP)["isOpen"]


def test_arrow_keys_move_through_the_tiles_of_all_codes(open_page: OpenPage) -> None:
    """Right moves to the next code, and left to the previous one."""
    page = open_tiles(open_page)
    page.locator('.tiles [data-code="200"]').focus()
    for key, code in (("ArrowRight", "201"), ("ArrowLeft", "200"), ("ArrowUp", "100")):
        page.keyboard.press(key)
        assert focused_tile(page)[0]["code"] == code


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(("key", "way"), [("ArrowDown", 1), ("ArrowUp", -1)])
def test_arrow_keys_move_up_and_down_by_position(
    open_page: OpenPage, width: int, key: str, way: int
) -> None:
    """They move to the nearest tile in the next row, and nowhere at an edge."""
    page = open_tiles(open_page, width)
    ends = []
    for code in ("100", "200", "226", "404", "418", "511", "999"):
        page.locator(f'.tiles [data-code="{code}"]').focus()
        start, tiles = focused_tile(page)
        page.keyboard.press(key)
        ends.append(focused_tile(page)[0]["code"])
        # Compare positions from before the key, because the page may scroll.
        (end,) = (tile for tile in tiles if tile["code"] == ends[-1])
        if all((tile["top"] - start["top"]) * way <= 1 for tile in tiles):
            assert end == start
            continue
        assert (end["top"] - start["top"]) * way > 1
        row = [tile for tile in tiles if abs(tile["top"] - end["top"]) < 1]
        nearest = min(abs(tile["left"] - start["left"]) for tile in row)
        assert abs(end["left"] - start["left"]) <= nearest + 1
    assert len(set(ends)) > 3


def test_arrow_keys_with_a_modifier_are_left_to_the_browser(open_page: OpenPage) -> None:
    """Those shortcuts go back in the history, or to the end of the page."""
    page = open_tiles(open_page)
    page.locator('.tiles [data-code="200"]').focus()
    for key in ("Control+ArrowRight", "Meta+ArrowDown"):
        page.keyboard.press(key)
        assert focused_tile(page)[0]["code"] == "200"
