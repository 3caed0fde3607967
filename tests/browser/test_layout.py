"""Pages on narrow screens, in large text, on paper, and in colours that the visitor has chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

import pytest
from playwright.sync_api import Page

Visit = Callable[..., Page]
Site = Mapping[PurePosixPath, bytes]

SHARES = 4
"""All pages in so many tests, so that all cores have some."""

SCROLLS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("size", [100, 200])
def test_no_page_scrolls_sideways_on_a_narrow_screen(
    visit: Visit, built: Site, share: int, size: int
) -> None:
    """At 320 pixels, in the usual text and in text twice as large: WCAG 2.2, 1.4.10 and 1.4.4."""
    pages = sorted(path.as_posix() for path in built if path.suffix == ".html")[share::SHARES]
    # A telephone twice as wide, magnified twice, is one that shows text at 200 percent.
    page = visit("/", viewport={"width": 320, "height": 700})
    wide = []
    for path in pages:
        page.goto(f"/{path.removesuffix('index.html')}")
        page.evaluate(f"document.documentElement.style.fontSize = '{size}%'")
        wide += [path] if page.evaluate(SCROLLS) else []
    assert wide == []


def test_on_paper_only_the_content_is_left(visit: Visit, address: str) -> None:
    """No menu, no field, no button; and nothing is cut off by a box that would have to scroll."""
    page = visit(address)
    page.emulate_media(media="print")
    assert page.locator("main").is_visible()
    for part in ("header.top", "footer button", "main button", "main input", "nav.trail", ".toc"):
        for found in page.locator(part).all():
            assert not found.is_visible(), part
    cut = page.evaluate(
        "[...document.querySelectorAll('main pre')].filter(e => e.scrollWidth > e.clientWidth + 1"
        " && getComputedStyle(e).overflowX !== 'visible').length"
    )
    assert cut == 0


def test_on_paper_the_facts_are_open(visit: Visit) -> None:
    """Nobody can open them there."""
    page = visit("/status/404/")
    meaning = page.locator(".facts .source").first
    assert not meaning.is_visible()
    page.emulate_media(media="print")
    assert meaning.is_visible()


def test_with_forced_colours_marks_and_focus_are_still_seen(visit: Visit) -> None:
    """They are drawn by lines, which forced colours leave."""
    page = visit("/", forced_colors="active")
    tile = page.locator(".tiles [data-mark]").first
    style = "element => [getComputedStyle(element).borderTopStyle, getComputedStyle(element).borderTopWidth]"
    assert tile.evaluate(style) != ["none", "0px"]
    page.keyboard.press("Tab")
    focused = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert focused == "solid"


def test_with_reduced_motion_nothing_moves(visit: Visit, address: str) -> None:
    """No animation runs, and a jump within a page is a jump."""
    page = visit(address, reduced_motion="reduce")
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_a_class_has_the_same_colour_everywhere(visit: Visit) -> None:
    """On the home page, in the menu and on the page of a code; and another than its neighbours."""
    page = visit("/")
    colour = "element => getComputedStyle(element).color"
    found = [
        page.locator(f"main section:nth-of-type({place}) h2 .number").evaluate(colour)
        for place in range(1, 6)
    ]
    assert len(set(found)) == 5
    page.goto("/status/404/")
    assert page.locator("h1 .number").evaluate(colour) == found[3]
