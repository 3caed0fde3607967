"""The search dialog: opening and closing, by mouse and keyboard, and how fast it responds."""

from __future__ import annotations

import re
from statistics import median

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.page_kinds import OpenPage, Visit
from tests.browser.page_monitor import PageMonitor

BUDGET = 50
"""Milliseconds from a key to its results on the screen: DESIGN, Section 9."""

# From the keydown event, by the browser's clock, to the frame after the one that has drawn the
# change.
CLOCK = """() => {
  let pressed = 0;
  window.times = [];
  addEventListener("keydown", (event) => (pressed = event.timeStamp), true);
  document.getElementById("ui-query").addEventListener("input", () => {
    const isDrawn = Boolean(document.querySelector("[role=option]"));
    requestAnimationFrame(() => requestAnimationFrame(() => {
      window.times.push(isDrawn ? performance.now() - pressed : Infinity);
    }));
  });
}"""

FOCUS = """() => {
  const focused = document.activeElement;
  // Between the last stop and the first is the browser itself.
  return focused === document.body || Boolean(focused.closest("dialog"));
}"""


def open_search(page: Page) -> Locator:
    """Open the dialog, wait until it can respond, and return its field."""
    page.keyboard.press("/")
    expect(page.get_by_role("dialog").get_by_role("status")).to_have_text(re.compile("Type a code"))
    return page.get_by_role("combobox")


def compose(page: Page, text: str) -> None:
    """Begin to write with an input method, as for Japanese; nothing is confirmed yet."""
    tools = page.context.new_cdp_session(page)
    tools.send(
        "Input.imeSetComposition",
        {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
    )
    tools.detach()


@pytest.mark.parametrize("keys", ["/", "Control+k", "Meta+k"])
def test_a_key_opens_the_search_and_escape_gives_the_focus_back(
    open_page: OpenPage, keys: str
) -> None:
    """Once is enough, with a query in the field too."""
    page = open_page("/status/404/")
    link = page.get_by_role("link", name="All codes").first
    link.focus()
    page.keyboard.press(keys)
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("40")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(link).to_be_focused()


@pytest.mark.parametrize("key", ["click", "Enter", "Space"])
def test_the_button_opens_the_search_and_gets_the_focus_back(open_page: OpenPage, key: str) -> None:
    """By mouse and by keyboard; it says that a dialog comes, and by which keys too."""
    page = open_page("/status/404/")
    button = page.get_by_role("banner").get_by_role("button", name="Search")
    expect(button).to_have_attribute("aria-haspopup", "dialog")
    expect(button).to_have_attribute("aria-keyshortcuts", "/ Control+K Meta+K")
    if key == "click":
        button.click()
    else:
        button.press(key)
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button).to_be_focused()


def test_a_click_beside_the_dialog_closes_it(open_page: OpenPage) -> None:
    """A click into it does not."""
    page = open_page("/status/404/")
    open_search(page)
    page.get_by_role("dialog").get_by_role("status").click()
    expect(page.get_by_role("dialog")).to_have_count(1)
    page.mouse.click(5, 700)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_slash_in_a_field_is_a_slash(open_page: OpenPage) -> None:
    """A path may contain one; the other key works there as everywhere."""
    page = open_page("/")
    field = page.get_by_role("textbox")
    field.press("/")
    expect(field).to_have_value("/")
    expect(page.get_by_role("dialog")).to_have_count(0)
    field.press("Control+k")
    expect(page.get_by_role("dialog")).to_have_count(1)


def test_what_is_typed_before_the_dialog_opens_is_kept(visit: Visit) -> None:
    """While its script loads; what comes next is appended."""
    page = visit("/status/404/")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/assets/search\.\w+\.js$"), hold)
    with page.expect_request(re.compile(r"/assets/search\.\w+\.js$")):
        page.keyboard.press("/")
    page.keyboard.type("tea")
    held[0].continue_()
    expect(page.get_by_role("combobox")).to_have_value("tea")
    page.keyboard.type("pot")
    expect(page.get_by_role("option").first).to_contain_text("418")


def test_a_search_without_its_records_says_so(visit: Visit, page_monitor: PageMonitor) -> None:
    """The list stays whole, and the dialog does not wait forever."""
    page_monitor.missing.add("/search.json")
    page = visit("/status/")
    page.route("**/search.json", lambda route: route.fulfill(status=404))
    page.goto("/status/?q=teapot")
    expect(page.get_by_role("main").get_by_role("status")).to_contain_text("could not load")
    assert page.locator("main [data-code]:visible").count() > 100
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("could not load")
    page_monitor.missing.discard("/search.json")


def test_the_focus_stays_in_the_open_dialog(open_page: OpenPage) -> None:
    """Tab cycles in it in both directions, and nothing behind it can take the focus."""
    page = open_page("/status/404/")
    open_search(page)
    page.keyboard.type("40")
    for key in ["Tab"] * 6 + ["Shift+Tab"] * 6:
        page.keyboard.press(key)
        assert page.evaluate(FOCUS), page.evaluate("document.activeElement.outerHTML")
    page.get_by_role("combobox").focus()
    page.evaluate("document.querySelector('main a').focus()")
    expect(page.get_by_role("combobox")).to_be_focused()


def test_the_field_is_a_combobox_with_a_list(open_page: OpenPage) -> None:
    """By the pattern of ARIA: it names its list, says whether it is open, and what is chosen."""
    page = open_page("/status/404/")
    field = open_search(page)
    expect(field).to_have_accessible_name(re.compile("Search"))
    expect(field).to_have_attribute("aria-autocomplete", "list")
    expect(field).to_have_attribute("aria-expanded", "false")
    assert field.get_attribute("aria-activedescendant") is None
    results = page.locator(f"#{field.get_attribute('aria-controls')}")
    expect(results).to_have_role("listbox")
    expect(results).to_have_accessible_name("Results")
    field.fill("redirect")
    expect(field).to_have_attribute("aria-expanded", "true")
    options = results.get_by_role("option")
    assert options.count() == results.locator(":scope > *").count() > 1
    expect(page.locator('[aria-selected="true"]')).to_have_count(1)
    chosen = page.locator(f"#{field.get_attribute('aria-activedescendant')}")
    expect(chosen).to_have_attribute("aria-selected", "true")
    field.fill("zzzz")
    expect(field).to_have_attribute("aria-expanded", "false")
    assert field.get_attribute("aria-activedescendant") is None


def test_the_number_of_results_is_announced(open_page: OpenPage) -> None:
    """In an element that exists before, or screen readers would miss it."""
    page = open_page("/status/404/")
    field = open_search(page)
    line = page.get_by_role("dialog").get_by_role("status").element_handle()
    status = page.get_by_role("dialog").get_by_role("status")
    for query, text in (
        ("40", "10 results"),
        ("299", "1 result"),
        ("zzzz", "No results for “zzzz”. Try a code, a name, or an error message."),
        ("", "Type a code, a name, or an error message."),
    ):
        field.fill(query)
        expect(status).to_have_text(text)
        assert status.evaluate("(now, before) => now === before && now.isConnected", line)


def test_arrows_choose_and_enter_opens(open_page: OpenPage) -> None:
    """Round the list in both directions, while the field keeps the focus."""
    page = open_page("/tables/vendors/")
    field = open_search(page)
    field.fill("redirect")
    options = page.get_by_role("option")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    expect(options.last).to_be_in_viewport(ratio=1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = options.nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    expect(page.locator('[aria-selected="true"]')).to_have_count(1)
    assert field.get_attribute("aria-activedescendant") == second.get_attribute("id")
    expect(field).to_be_focused()
    url = second.get_attribute("href")
    assert url
    page.keyboard.press("Enter")
    page.wait_for_url(url)


def test_a_result_can_be_clicked(open_page: OpenPage) -> None:
    """It is a link like any other."""
    page = open_page("/status/404/")
    open_search(page).fill("teapot")
    page.get_by_role("option").first.click()
    page.wait_for_url("**/status/418/")


def test_an_input_method_keeps_its_keys(open_page: OpenPage) -> None:
    """Until the word is confirmed, no key opens, chooses, or leaves."""
    page = open_page("/")
    page.get_by_role("textbox").focus()
    compose(page, "て")
    page.keyboard.press("Control+k")
    page.wait_for_timeout(100)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page = open_page("/status/404/")
    field = open_search(page)
    field.fill("4")
    compose(page, "0")
    expect(field).to_have_value("40")
    before = field.get_attribute("aria-activedescendant")
    assert before
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    assert field.get_attribute("aria-activedescendant") == before
    assert page.url.endswith("/status/404/")
    expect(page.get_by_role("dialog")).to_have_count(1)


def key_times(page: Page) -> list[float]:
    """Milliseconds from each key of two queries to the frame after its results."""
    open_search(page)
    page.evaluate(CLOCK)
    typed = "rate limit teapot"
    for count, letter in enumerate(typed, 1):
        page.keyboard.press("Space" if letter == " " else letter)
        page.wait_for_function("count => window.times.length === count", arg=count)
    return list(page.evaluate("window.times"))


def test_the_first_result_is_drawn_within_fifty_milliseconds_of_the_key(
    open_page: OpenPage,
) -> None:
    """Real keys, in the best of three rounds: a busy machine makes a round slower, never faster."""
    rounds: list[list[float]] = []
    for _ in range(3):
        rounds.append(key_times(open_page("/status/404/")))
        if median(rounds[-1]) <= BUDGET:
            break
    assert median(rounds[-1]) <= BUDGET, rounds
