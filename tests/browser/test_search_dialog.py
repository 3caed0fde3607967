"""The search dialog: opening and closing, by mouse and keyboard, and how fast it responds."""

from __future__ import annotations

import re
from statistics import median

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.book_files import SETTINGS
from tests.browser.held_requests import hold_request
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
    """Open the dialog, wait until it responds, and return its input field."""
    page.keyboard.press("/")
    expect(page.get_by_role("dialog").get_by_role("status")).to_have_text(re.compile("Type a code"))
    return page.locator("#ui-query")


def compose(page: Page, text: str) -> None:
    """Start typing with an input method, such as for Japanese, without confirming."""
    tools = page.context.new_cdp_session(page)
    tools.send(
        "Input.imeSetComposition",
        {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
    )
    tools.detach()


@pytest.mark.parametrize("keys", ["/", "Control+k", "Meta+k"])
def test_a_key_opens_the_search_and_escape_returns_the_focus(
    open_page: OpenPage, keys: str
) -> None:
    """One Escape is enough, even with a query in the field."""
    page = open_page("/status/404/")
    link = page.get_by_role("link", name="All codes").first
    link.focus()
    page.keyboard.press(keys)
    expect(page.locator("#ui-query")).to_be_focused()
    page.keyboard.type("40")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(link).to_be_focused()


@pytest.mark.parametrize("key", ["click", "Enter", "Space"])
def test_the_button_opens_the_search_and_regains_the_focus(open_page: OpenPage, key: str) -> None:
    """Mouse and keyboard work, and the button announces the dialog and its shortcuts."""
    page = open_page("/status/404/")
    button = page.get_by_role("banner").get_by_role("button", name="Search")
    expect(button).to_have_attribute("aria-haspopup", "dialog")
    expect(button).to_have_attribute("aria-keyshortcuts", "/ Control+K Meta+K")
    if key == "click":
        button.click()
    else:
        button.press(key)
    expect(page.locator("#ui-query")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button).to_be_focused()


def test_a_click_outside_the_dialog_closes_it(open_page: OpenPage) -> None:
    """A click inside it does not."""
    page = open_page("/status/404/")
    open_search(page)
    page.get_by_role("dialog").get_by_role("status").click()
    expect(page.get_by_role("dialog")).to_have_count(1)
    page.mouse.click(5, 700)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_dialog_has_a_close_button(open_page: OpenPage) -> None:
    """It returns the focus as Escape does."""
    page = open_page("/status/404/")
    open_search(page)
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("banner").get_by_role("button", name="Search")).to_be_focused()


def test_suggestions_are_shown_before_a_key_is_pressed(open_page: OpenPage) -> None:
    """The settings list them, and Enter opens none of them."""
    page = open_page("/status/200/")
    open_search(page)
    numbers = page.get_by_role("option").locator(".number").all_inner_texts()
    assert numbers == [str(number) for number in SETTINGS["suggestions"]]
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    assert page.url.endswith("/status/200/")


def test_a_constant_shows_its_language(open_page: OpenPage) -> None:
    """Constants load only for a query that looks like one."""
    page = open_page("/status/200/")
    open_search(page)
    page.locator("#ui-query").fill("StatusNotFound")
    expect(page.locator("[role=option]").first).to_contain_text("http.StatusNotFound")
    expect(page.locator("[role=option] .note").first).to_contain_text("Go")


def test_a_slash_in_a_field_is_a_slash(open_page: OpenPage) -> None:
    """In form fields, only the other shortcut opens the search."""
    page = open_page("/")
    field = page.get_by_role("textbox")
    field.press("/")
    expect(field).to_have_value("/")
    expect(page.get_by_role("dialog")).to_have_count(0)
    field.press("Control+k")
    expect(page.get_by_role("dialog")).to_have_count(1)


def test_text_typed_before_the_dialog_opens_is_kept(visit: Visit) -> None:
    """Text typed while the script loads comes first."""
    page = visit("/status/404/")
    script = re.compile(r"/assets/search\.\w+\.js$")
    request = hold_request(page, script, lambda: page.keyboard.press("/"))
    page.keyboard.type("tea")
    request.continue_()
    expect(page.locator("#ui-query")).to_have_value("tea")
    page.keyboard.type("pot")
    expect(page.locator("[role=option]").first).to_contain_text("418")


def test_a_search_index_that_fails_to_load_is_reported(
    visit: Visit, page_monitor: PageMonitor
) -> None:
    """The list of codes stays complete, and the dialog doesn't wait forever."""
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
    """Tab cycles in both directions, and nothing behind the dialog can be focused."""
    page = open_page("/status/404/")
    open_search(page)
    page.keyboard.type("40")
    for key in ["Tab"] * 6 + ["Shift+Tab"] * 6:
        page.keyboard.press(key)
        assert page.evaluate(FOCUS), page.evaluate("document.activeElement.outerHTML")
    page.locator("#ui-query").focus()
    page.evaluate("document.querySelector('main a').focus()")
    expect(page.locator("#ui-query")).to_be_focused()


def test_the_field_is_a_combobox_with_a_list(open_page: OpenPage) -> None:
    """It follows the ARIA pattern: its list, whether it's open, and the selected option."""
    page = open_page("/status/404/")
    field = open_search(page)
    expect(field).to_have_accessible_name(re.compile("Search"))
    expect(field).to_have_attribute("aria-autocomplete", "list")
    expect(field).to_have_attribute("aria-expanded", "true")
    assert field.get_attribute("aria-activedescendant") is None
    results = page.locator(f"#{field.get_attribute('aria-controls')}")
    expect(results).to_have_role("listbox")
    expect(results).to_have_accessible_name("Results")
    field.fill("redirect")
    expect(field).to_have_attribute("aria-expanded", "true")
    options = results.locator("[role=option]")
    assert options.count() == results.locator(":scope > *").count() > 1
    expect(page.locator('[aria-selected="true"]')).to_have_count(1)
    chosen = page.locator(f"#{field.get_attribute('aria-activedescendant')}")
    expect(chosen).to_have_attribute("aria-selected", "true")
    field.fill("zzzz")
    expect(field).to_have_attribute("aria-expanded", "false")
    assert field.get_attribute("aria-activedescendant") is None


def test_the_number_of_results_is_announced(open_page: OpenPage) -> None:
    """The live region exists before the results, or screen readers would miss it."""
    page = open_page("/status/404/")
    field = open_search(page)
    line = page.get_by_role("dialog").get_by_role("status").element_handle()
    status = page.get_by_role("dialog").get_by_role("status")
    for query, text in (
        ("40", "10 results"),
        ("299", "1 result"),
        ("zzzz", "No results for “zzzz”. Try a code, a name, or an error message."),
        ("websoket", "Did you mean “websocket”?"),
        ("", "Type a code, a name, or an error message."),
    ):
        field.fill(query)
        expect(status).to_have_text(text)
        assert status.evaluate("(now, before) => now === before && now.isConnected", line)


def test_arrow_keys_select_and_enter_opens(open_page: OpenPage) -> None:
    """The selection wraps around in both directions, and the field keeps the focus."""
    page = open_page("/tables/vendors/")
    field = open_search(page)
    field.fill("redirect")
    options = page.locator("[role=option]")
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
    """Results are ordinary links."""
    page = open_page("/status/404/")
    open_search(page).fill("teapot")
    page.locator("[role=option]").first.click()
    page.wait_for_url("**/status/418/")


def test_keys_of_an_input_method_do_nothing_else(open_page: OpenPage) -> None:
    """Until the word is confirmed, no key opens, selects, or closes anything."""
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
    """The best of three rounds counts, because a busy machine only makes rounds slower."""
    rounds: list[list[float]] = []
    for _ in range(3):
        rounds.append(key_times(open_page("/status/404/")))
        if median(rounds[-1]) <= BUDGET:
            break
    assert median(rounds[-1]) <= BUDGET, rounds
