"""What a browser requests with a page, and what it requests only when something is used."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from itertools import takewhile
from pathlib import Path, PurePosixPath

import pytest
from playwright.sync_api import Page, Route, expect

from audit.hosting import Request, serve
from audit.pages.budgets import REQUESTS
from tests.browser.held_requests import hold_request
from tests.browser.page_kinds import PAGE_KINDS, NewContext, Visit
from tests.browser.page_monitor import PageMonitor
from tests.offenders import assert_none

OTHER_ICONS = (".ico", ".png", ".webmanifest")
"""Not every Chromium requests one of these with a page, and other browsers do."""
ALLOWED = ["clipboard-read", "clipboard-write"]


@pytest.fixture
def log() -> list[Request]:
    """The requests that the host of a test has received."""
    return []


@pytest.fixture
def logged(site_folder: Path, page_monitor: PageMonitor, log: list[Request]) -> Iterator[str]:
    """The origin of the site on a new host, so that no browser has anything from it."""
    with serve(site_folder, log=log) as origin:
        page_monitor.origins.add(origin)
        yield origin


def plain(path: str) -> str:
    """The name of a file without a hash, and without its folder."""
    return re.sub(r"\.[0-9a-f]{10}(?=\.)", "", PurePosixPath(path.partition("?")[0]).name)


def asset(name: str) -> re.Pattern[str]:
    """The URL of an asset with any hash."""
    stem, _, suffix = name.partition(".")
    return re.compile(rf"/assets/{stem}\.[0-9a-f]{{10}}\.{suffix}$")


def go(page: Page, url: str) -> None:
    """Open a URL, and wait until the page requests nothing more."""
    page.goto(url)
    page.wait_for_load_state("networkidle")


# --- requests -------------------------------------------------------------------------------------


def test_a_first_visit_takes_few_requests(
    new_context: NewContext, logged: str, log: list[Request]
) -> None:
    """Each page has one script, one style sheet, and one icon, and no file is requested twice."""
    many = []
    for url in PAGE_KINDS:
        log.clear()
        context = new_context()
        go(context.new_page(), logged + url)
        context.close()
        paths = [request.path for request in log if not request.path.endswith(OTHER_ICONS)]
        suffixes = [PurePosixPath(path).suffix for path in paths]
        assert len(set(paths)) == len(paths), url
        assert [suffixes.count(suffix) for suffix in (".js", ".css", ".svg")] == [1, 1, 1], url
        if len(paths) + 1 > REQUESTS:
            many.append(f"{url}: {paths}")
    assert_none(many)


def test_the_next_page_requests_no_asset_again(
    new_context: NewContext, logged: str, log: list[Request]
) -> None:
    """Pages share the script, the icon, and the font, and have at most a style sheet of their own.

    A page that has been visited before isn't sent again.
    """
    page = new_context().new_page()
    seen: set[str] = set()
    for url in PAGE_KINDS:
        log.clear()
        go(page, logged + url)
        names = [plain(request.path) for request in log if request.path != url]
        assert seen.isdisjoint(names), url
        assert not seen or {PurePosixPath(name).suffix for name in names} <= {".css", ".woff2"}, url
        seen.update(names)
    for url in PAGE_KINDS[:-1]:
        log.clear()
        go(page, logged + url)
        assert log == [Request(url, HTTPStatus.NOT_MODIFIED)]


# --- scripts --------------------------------------------------------------------------------------


def type_search(page: Page) -> None:
    """Search by keyboard."""
    page.keyboard.press("/")
    page.keyboard.type("teapot")


def expect_search(page: Page) -> None:
    """The dialog has the first result for the typed text."""
    expect(page.locator("#ui-query")).to_have_value("teapot")
    expect(page.locator("[role=option]").first).to_contain_text("418")


def filter_codes(page: Page) -> None:
    """Type into the field of the home page, and press Enter."""
    page.get_by_role("textbox").focus()
    page.keyboard.type("teapot")
    page.keyboard.press("Enter")


def expect_best_code(page: Page) -> None:
    """The page of the code has opened."""
    page.wait_for_url("**/status/418/")


def press_arrows(page: Page) -> None:
    """Move from the first tile to the third."""
    page.locator('.tiles [data-code="200"]').focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")


def expect_third_tile(page: Page) -> None:
    """Both keys have moved the focus."""
    expect(page.locator('.tiles [data-code="202"]')).to_be_focused()


def sort_twice(page: Page) -> None:
    """Click on the header of a column twice."""
    for _ in range(2):
        page.locator("table.rows thead th").first.get_by_role("button").click()


def expect_descending(page: Page) -> None:
    """Both clicks count."""
    head = page.locator("table.rows thead th").first
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(page.locator("tbody th").first).to_contain_text("999")


def filter_rows(page: Page) -> None:
    """Type into the field above a table."""
    page.get_by_label("Filter rows").focus()
    page.keyboard.type("nginx log")


def expect_few_rows(page: Page) -> None:
    """Only the rows with both words are left."""
    expect(page.get_by_role("status")).to_contain_text(" of ")
    expect(page.locator("tbody tr:visible").first).to_contain_text("nginx")


def open_copy_menu(page: Page) -> None:
    """Click on the button of the menu."""
    page.locator("#ui-copy").get_by_role("button").click()


def expect_copy_menu(page: Page) -> None:
    """The menu is open."""
    expect(page.get_by_role("button", name="Copy citation")).to_be_visible()


def copy_example(page: Page) -> None:
    """Click on the button of an example. Safari allows copying only during the click."""
    page.locator(".copied button").first.click()
    pasted = page.evaluate("navigator.clipboard.readText()")
    assert pasted == page.locator(".copied pre").first.text_content()


def expect_copied(page: Page) -> None:
    """The button shows the result."""
    expect(page.locator(".copied button").first).to_have_text("Copied")


@dataclass(frozen=True)
class Use:
    """The first use of a script."""

    url: str
    act: Callable[[Page], None]
    expect_effect: Callable[[Page], None]
    files: tuple[str, ...]
    """What loads for it, beginning with the script."""


USES = (
    Use(
        "/status/404/",
        type_search,
        expect_search,
        ("search.js", "rank.js", "search.css", "search.json"),
    ),
    Use("/", filter_codes, expect_best_code, ("codes.js", "rank.js", "search.json")),
    Use("/", press_arrows, expect_third_tile, ("codes.js", "rank.js")),
    Use("/tables/vendors/", sort_twice, expect_descending, ("tables.js",)),
    Use("/tables/vendors/", filter_rows, expect_few_rows, ("tables.js",)),
    Use("/status/425/", open_copy_menu, expect_copy_menu, ("copy.js",)),
    Use("/status/425/", copy_example, expect_copied, ("copy.js",)),
)


@pytest.mark.parametrize("use", USES, ids=[use.act.__name__ for use in USES])
def test_a_script_loads_when_it_is_used_first(
    use: Use, new_context: NewContext, logged: str, log: list[Request]
) -> None:
    """What visitors do while it loads isn't lost. Nothing else loads, and nothing loads twice."""
    page = new_context(permissions=ALLOWED).new_page()
    go(page, logged + use.url)
    before = len(log)
    request = hold_request(page, asset(use.files[0]), lambda: use.act(page))
    assert log[before:] == []
    request.continue_()
    use.expect_effect(page)
    # The page of a search result can already be open.
    of_page = takewhile(lambda request: not request.path.endswith("/"), log[before:])
    assert sorted(plain(request.path) for request in of_page) == sorted(use.files)


def test_pointing_at_a_field_loads_nothing(
    new_context: NewContext, logged: str, log: list[Request]
) -> None:
    """When a page opens, the pointer can already be there."""
    page = new_context().new_page()
    for url in ("/", "/tables/vendors/"):
        go(page, logged + url)
        before = len(log)
        page.get_by_role("textbox").hover()
        page.wait_for_load_state("networkidle")
        assert log[before:] == []


def test_a_script_that_failed_to_load_is_loaded_again(
    visit: Visit, page_monitor: PageMonitor
) -> None:
    """A visitor who was offline for a moment can repeat the click."""
    page = visit("/tables/vendors/")
    name = asset("tables.js")
    page.route(name, lambda route: route.abort())
    head = page.locator("table.rows thead th").first
    with page.expect_event("pageerror"):
        head.get_by_role("button").click()
    page_monitor.errors.clear()
    page.unroute(name)
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")


def test_a_search_without_its_script_opens_the_list_of_all_codes(
    visit: Visit, page_monitor: PageMonitor
) -> None:
    """The form is then sent as if there were no scripts."""
    page = visit("/")
    home = page.url

    def fail_on_home_page(route: Route) -> None:
        if page.url == home:
            route.abort()
        else:
            route.continue_()

    page.route(asset("codes.js"), fail_on_home_page)
    filter_codes(page)
    page.wait_for_url("**/status/?q=teapot")
    expect(page.locator("main [data-code]:visible")).to_have_count(1)
    page_monitor.errors.clear()
