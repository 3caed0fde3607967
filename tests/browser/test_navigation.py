"""How visitors find their way: the header, the home page, and the contents of a page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.page_kinds import OpenPage

PHONE = (390, 844)
DESKTOP = (1440, 900)
WITH_CONTENTS = ("/status/404/", "/status/4xx/", "/guides/redirects/")


def top(element: Locator) -> float:
    """The distance of an element from the top of the screen."""
    box = element.bounding_box()
    assert box
    return box["y"]


def bottom(element: Locator) -> float:
    """The distance of the lower edge of an element from the top of the screen."""
    box = element.bounding_box()
    assert box
    return box["y"] + box["height"]


@pytest.mark.parametrize("width", [320, 390])
def test_the_header_is_short_on_a_phone(width: int, open_page: OpenPage) -> None:
    """It has two lines: the title with the buttons, and the menu."""
    page = open_page("/status/404/", width=width, height=844)
    assert bottom(page.locator("header.top")) <= 110
    assert bottom(page.locator(".trail")) <= 150


def test_the_header_is_one_line_on_a_desktop(open_page: OpenPage) -> None:
    """All links of the menu are visible next to the title and the buttons."""
    page = open_page("/", width=1280)
    tops = [top(link) for link in page.locator("header.top nav a").all()]
    assert len(set(tops)) == 1
    for part in (page.locator(".brand"), page.locator(".tools")):
        assert top(part) - 10 < tops[0] < bottom(part)


def test_every_link_of_the_menu_can_be_reached_on_the_narrowest_screen(
    open_page: OpenPage,
) -> None:
    """The menu scrolls to the focused link."""
    page = open_page("/", width=320)
    link = page.locator("header.top").get_by_role("link", name="Tables")
    link.focus()
    box = link.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_guides_are_within_the_first_two_screens(
    size: tuple[int, int], open_page: OpenPage
) -> None:
    """The home page shows them above the grid."""
    guides = open_page("/", width=size[0], height=size[1]).locator(".guides")
    assert bottom(guides) < 2 * size[1]
    assert guides.get_by_role("link", name="All guides").is_visible()
    tops = {round(top(link)) for link in guides.locator(".links a").all()}
    assert len(tops) <= 5


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_page_of_a_class_begins_with_its_codes(
    size: tuple[int, int], open_page: OpenPage
) -> None:
    """The first tiles are on the first screen."""
    page = open_page("/status/4xx/", width=size[0], height=size[1])
    assert bottom(page.locator(".tiles a").nth(9)) < size[1]


def test_arrow_keys_move_between_the_codes_of_a_class(open_page: OpenPage) -> None:
    """As on the home page."""
    page = open_page("/status/4xx/")
    page.locator(".tiles a").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".tiles a").nth(1)).to_be_focused()


@pytest.mark.parametrize("url", [*WITH_CONTENTS, "/tables/iis/"])
@pytest.mark.parametrize("scripts", [True, False])
def test_contents_are_folded_on_a_phone(url: str, open_page: OpenPage, *, scripts: bool) -> None:
    """They open without scripts."""
    page = open_page(url, width=PHONE[0], height=PHONE[1], scripts=scripts)
    contents = page.get_by_role("navigation", name="On this page")
    link = contents.get_by_role("link").first
    expect(link).to_be_hidden()
    contents.locator("summary").click()
    expect(link).to_be_visible()


@pytest.mark.parametrize("url", WITH_CONTENTS)
@pytest.mark.parametrize("scripts", [True, False])
def test_contents_stay_next_to_the_text_on_a_desktop(
    url: str, open_page: OpenPage, *, scripts: bool
) -> None:
    """All of them are visible without a click, also after scrolling, and cover no text."""
    page = open_page(url, width=DESKTOP[0], height=DESKTOP[1], scripts=scripts)
    contents = page.get_by_role("navigation", name="On this page")
    expect(contents.locator("summary")).to_be_hidden()
    expect(contents.get_by_role("paragraph")).to_have_text("On this page")
    link = contents.get_by_role("link").last
    page.mouse.wheel(0, 2500)
    page.wait_for_function("() => scrollY > 2000")
    expect(link).to_be_in_viewport()
    column = contents.bounding_box()
    text = page.locator(".page > p").first.bounding_box()
    assert column
    assert text
    assert text["x"] + text["width"] < column["x"]


@pytest.mark.parametrize("url", WITH_CONTENTS)
def test_the_current_section_is_marked(url: str, open_page: OpenPage) -> None:
    """A jump to any section marks its link, by more than a color."""
    page = open_page(url, width=DESKTOP[0], height=DESKTOP[1])
    links = page.locator(".toc a")
    current = page.locator(".toc [aria-current=true]")
    expect(current).to_have_count(0)
    # The last sections may be too short to reach the top of the screen.
    for index in (1, 0):
        links.nth(index).click()
        expect(links.nth(index)).to_have_attribute("aria-current", "true")
        expect(current).to_have_count(1)
        expect(current).to_have_css("border-inline-start-width", re.compile(r"^[3-9]"))
    page.evaluate("scrollTo(0, 0)")
    expect(current).to_have_count(0)
