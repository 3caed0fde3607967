"""Controls for visitors: color theme, copying, sorting, and filtering."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.page_kinds import OpenPage, Visit

BACKGROUND = "getComputedStyle(document.documentElement).backgroundColor"
TEXT = "getComputedStyle(document.documentElement).color"


def brightness(color: str) -> int:
    """The sum of red, green and blue."""
    return sum(map(int, re.findall(r"\d+", color)))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colors_follow_the_system_until_a_choice(visit: Visit, scheme: str) -> None:
    """A chosen theme applies to every page until the next choice."""
    page = visit("/", color_scheme=scheme)
    system = page.evaluate(BACKGROUND)
    assert (brightness(system) > brightness(page.evaluate(TEXT))) is (scheme == "light")
    switch = page.get_by_role("button", name="Color theme")
    backgrounds = []
    for name in ("light", "dark", "auto"):
        switch.click()
        expect(switch).to_contain_text(name)
        backgrounds.append(page.evaluate(BACKGROUND))
    light, dark, auto = backgrounds
    assert light != dark
    assert auto == system == {"light": light, "dark": dark}[scheme]
    other = {"light": "dark", "dark": "light"}[scheme]
    while other not in switch.inner_text():
        switch.click()
    page.goto("/status/404/")
    assert page.evaluate(BACKGROUND) == {"light": light, "dark": dark}[other]


def test_no_page_flashes_in_the_wrong_colors(visit: Visit) -> None:
    """The chosen theme applies before the first frame is painted."""
    page = visit("/", color_scheme="light")
    switch = page.get_by_role("button", name="Color theme")
    while "dark" not in switch.inner_text():
        switch.click()
    dark = page.evaluate(BACKGROUND)
    page.context.add_init_script(
        "new PerformanceObserver(() => { window.first ??= "
        "getComputedStyle(document.documentElement).backgroundColor })"
        ".observe({type: 'paint', buffered: true})"
    )
    page.goto("/status/404/")
    # As a function: the policy forbids evaluating strings later on.
    page.wait_for_function("() => window.first")
    assert page.evaluate("window.first") == dark
    theme = page.evaluate("document.documentElement.dataset.theme")
    blocking = page.evaluate(
        "performance.getEntriesByType('resource').find(e => e.name.includes('/main.'))"
        ".renderBlockingStatus"
    )
    assert (theme, blocking) == ("dark", "blocking")


def test_every_example_can_be_copied(visit: Visit) -> None:
    """The clipboard has the exact text of the example."""
    page = visit("/status/425/", permissions=["clipboard-read", "clipboard-write"])
    example = page.locator(".copied").first
    button = example.get_by_role("button")
    button.click()
    expect(button).to_have_text("Copied")
    pasted = page.evaluate("navigator.clipboard.readText()")
    assert pasted.startswith("GET ")
    assert pasted == example.locator("pre").text_content()
    expect(button).to_have_text("Copy")


def test_every_heading_links_to_itself(open_page: OpenPage) -> None:
    """The heading is the link."""
    page = open_page("/status/404/")
    heading = page.get_by_role("heading", name="Common mistakes", exact=True)
    heading.get_by_role("link").click()
    assert page.url.endswith("#h-common-mistakes")


def test_a_table_can_be_sorted_by_every_column(open_page: OpenPage) -> None:
    """Ascending, then descending; numbers by value. The column announces its order."""
    page = open_page("/tables/vendors/")
    table = page.locator("table.rows")
    head = table.get_by_role("columnheader", name="Code")
    first = table.locator("tbody th").first
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(first).to_contain_text("103")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(first).to_contain_text("999")
    whose = table.get_by_role("columnheader", name="Vendor")
    whose.get_by_role("button").click()
    expect(whose).to_have_attribute("aria-sort", "ascending")
    assert head.get_attribute("aria-sort") is None
    names = table.locator("tbody tr > :nth-child(3)").all_inner_texts()
    initials = [name[0].casefold() for name in names]
    assert initials == sorted(initials)


def test_a_table_can_be_filtered_by_text(open_page: OpenPage) -> None:
    """The number of remaining rows is shown."""
    page = open_page("/tables/vendors/")
    rows = page.locator("table.rows tbody tr:visible")
    field = page.get_by_label("Filter rows")
    count = rows.count()
    field.fill("nginx log")
    expect(rows).not_to_have_count(count)
    assert 1 < rows.count() < 20
    for row in rows.all():
        text = row.inner_text().lower()
        assert "nginx" in text
        assert "log" in text
    expect(page.get_by_role("status")).to_contain_text(f"{rows.count()} of ")


def test_a_code_links_to_a_comparison_with_related_codes(open_page: OpenPage) -> None:
    """The link goes to the table of all facts, filtered to these codes."""
    page = open_page("/status/404/")
    page.get_by_role("link", name="Compare with").click()
    page.wait_for_url("**/guides/all-facts/?q=404*")
    expect(page.get_by_role("status")).to_contain_text(" of ")
    codes = page.locator("tbody tr:visible th").all_inner_texts()
    assert any(code.startswith("404") for code in codes)
    assert 2 <= len(codes) <= 8


def test_the_first_column_is_sticky(open_page: OpenPage) -> None:
    """On the narrowest screen, the other columns scroll."""
    page = open_page("/tables/constants/", width=320)
    frame = page.locator(".table-scroll").first
    head = page.locator("tbody th").first
    before = head.bounding_box()
    frame.evaluate("element => element.scrollBy(400, 0)")
    after = head.bounding_box()
    assert before
    assert after
    assert abs(after["x"] - before["x"]) < 2


def test_the_error_page_links_to_the_code_in_the_url(open_page: OpenPage) -> None:
    """The depth of the URL doesn't matter."""
    page = open_page("/some/where/404/")
    page.get_by_role("link", name="404 Not Found").first.click()
    page.wait_for_url("**/status/404/")
