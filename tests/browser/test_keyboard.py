"""Pages by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

Visit = Callable[..., Page]

SEEN = """() => {
  const element = document.activeElement, style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  return {
    name: element.outerHTML.slice(0, 120),
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    last: element === document.body,
  };
}"""
STEPS = 60
"""Further than this the focus only meets more of the same."""


def test_the_first_stop_leads_past_the_menu(visit: Visit, address: str) -> None:
    """And is not seen before it has the focus."""
    page = visit(address)
    link = page.get_by_role("link", name="Skip to the content")
    page.keyboard.press("Tab")
    assert link.evaluate("element => element === document.activeElement")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('header.top')")


def test_the_focus_is_always_seen(visit: Visit, address: str) -> None:
    """A ring around what has it, on the screen: WCAG 2.2, 2.4.7 and 2.4.11."""
    page = visit(address, reduced_motion="reduce")
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        found = page.evaluate(SEEN)
        if found["last"]:
            break
        assert found["ring"], found["name"]
        assert found["inside"], found["name"]


def test_tab_reaches_every_code_on_the_home_page(visit: Visit) -> None:
    """In the order of their numbers."""
    page = visit("/")
    codes = page.locator(".tiles a")
    codes.first.focus()
    found = []
    for _ in range(codes.count()):
        found.append(page.evaluate("document.activeElement.dataset.code ?? ''"))
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('h2 a')"):
            page.keyboard.press("Tab")
    assert found == [code.get_attribute("data-code") for code in codes.all()]


def test_arrow_keys_walk_over_the_picture_of_all_codes(visit: Visit) -> None:
    """Left and right by number, up and down by what lies there."""
    page = visit("/", viewport={"width": 1280, "height": 900})
    here = "document.activeElement.dataset.code"
    page.locator('.tiles [data-code="200"]').focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(here) == "201"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(here) == "100"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(here) == "200"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(here) == "104"
