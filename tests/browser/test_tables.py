"""Tables: choosing a column, folded rows, empty columns, copying, and what stays in view."""

from __future__ import annotations

import csv
import io
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page_kinds import OpenPage, Visit

CONSTANTS = "/tables/constants/"
MENU = "Constant in…"
GO = "Go 1.27"
CLIPBOARD = ["clipboard-read", "clipboard-write"]
SHIFT = """
window.shift = 0;
const add = (list) => { for (const entry of list.getEntries()) window.shift += entry.value; };
new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
"""
HEADS = "table.rows thead th:visible"
ROWS = "table.rows tbody tr:visible"


def clipboard(page: Page) -> str:
    """The text in the clipboard."""
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def test_a_code_has_a_row_for_each_language(open_page: OpenPage) -> None:
    """Equal constants aren't joined: readers look for their own language."""
    page = open_page("/status/404/")
    labels = page.locator("#choose-constants dt").all_inner_texts()
    assert len(labels) == len({*labels}) == 18
    row = page.locator("#choose-constants > div", has=page.get_by_text(GO, exact=True))
    expect(row.locator("code")).to_have_text("http.StatusNotFound")


def test_the_chosen_language_is_remembered_on_all_pages(visit: Visit) -> None:
    """Its constant is next to the number, and the table shows only its column."""
    page = visit("/status/404/")
    page.get_by_label(MENU).select_option(GO)
    expect(page.locator("output code")).to_have_text("http.StatusNotFound")
    page.goto("/status/503/")
    expect(page.get_by_label(MENU)).to_have_value("Go")
    expect(page.locator("output code")).to_have_text("http.StatusServiceUnavailable")
    page.goto("/status/226/")
    expect(page.locator("output code")).to_have_text("http.StatusIMUsed")
    page.goto(CONSTANTS)
    expect(page.locator(HEADS)).to_have_text(["Code", GO])
    page.get_by_label(MENU).select_option("All")
    expect(page.locator(HEADS)).to_have_count(19)
    page.goto("/status/404/")
    expect(page.get_by_label(MENU)).to_have_value("")
    expect(page.locator("output")).to_be_empty()


def test_a_remembered_column_that_is_gone_is_forgotten(visit: Visit) -> None:
    """The pages are as before any choice."""
    page = visit("/status/404/")
    page.evaluate("localStorage.setItem('column-constants', 'cobol')")
    page.reload()
    expect(page.get_by_label(MENU)).to_have_value("")
    page.goto(CONSTANTS)
    expect(page.locator(HEADS)).to_have_count(19)


def test_the_constant_next_to_the_number_can_be_copied(visit: Visit) -> None:
    """Without its note."""
    page = visit("/status/422/", permissions=CLIPBOARD)
    page.get_by_label(MENU).select_option("Ruby, Rack 3.2")
    button = page.locator("output").get_by_role("button")
    button.click()
    expect(button).to_have_text("Copied")
    assert clipboard(page) == ":unprocessable_content"
    expect(button).to_have_text("Copy")


@pytest.mark.parametrize("url", ["/status/404/", CONSTANTS])
def test_a_remembered_choice_moves_nothing(visit: Visit, url: str) -> None:
    """Room for it is reserved from the first paint."""
    page = visit(url, viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    page.get_by_label(MENU).select_option("Java, Jakarta Servlet 6.1")
    page.add_init_script(SHIFT)
    page.reload()
    page.wait_for_timeout(300)
    assert page.evaluate("window.shift") < 0.001


def test_a_click_on_a_value_copies_it(visit: Visit) -> None:
    """A cell can have several. The result appears on it, and is announced."""
    page = visit(CONSTANTS, permissions=CLIPBOARD)
    page.get_by_role("cell", name="http.StatusContinue", exact=True).click()
    expect(page.locator("[data-result='Copied']")).to_have_count(1)
    expect(page.locator("#ui-copy [aria-live]")).to_have_text("Copied")
    assert clipboard(page) == "http.StatusContinue"
    page.get_by_text("HTTPStatus.REQUEST_ENTITY_TOO_LARGE").first.click()
    expect(page.locator("code[data-result='Copied']")).to_have_count(1)
    assert clipboard(page) == "HTTPStatus.REQUEST_ENTITY_TOO_LARGE"
    expect(page.locator("[data-result]")).to_have_count(0)


def test_the_keyboard_copies_the_values_of_the_chosen_column(visit: Visit) -> None:
    """They are buttons; buttons in all columns would be too many."""
    page = visit(CONSTANTS, permissions=CLIPBOARD)
    menu = page.get_by_label(MENU)
    menu.select_option(GO)
    page.get_by_role("button", name="http.StatusNotFound", exact=True).press("Enter")
    expect(page.locator("[data-result='Copied']")).to_have_count(1)
    assert clipboard(page) == "http.StatusNotFound"
    menu.select_option("Rust, http 1.4")
    page.get_by_role("button", name="StatusCode::NOT_FOUND", exact=True).press("Enter")
    expect(page.locator("td button")).to_have_count(page.locator("td button:visible").count())
    menu.select_option("All")
    expect(page.locator("td button")).to_have_count(0)


def test_rows_of_other_registers_are_folded(open_page: OpenPage) -> None:
    """A checkbox shows them, and a filter searches them."""
    page = open_page(CONSTANTS)
    rows = page.locator(ROWS)
    status = page.locator(".filter [role=status]")
    expect(rows).to_have_count(64)
    expect(status).to_have_text("64 of 77 rows")
    box = page.get_by_label("Show 13 more rows: Unofficial status codes")
    box.check()
    expect(rows).to_have_count(77)
    expect(status).to_have_text("77 rows")
    box.uncheck()
    expect(rows).to_have_count(64)
    page.get_by_label("Filter rows").fill("509")
    expect(rows).to_have_count(1)
    expect(status).to_have_text("1 of 77 rows")


def test_without_scripts_no_row_is_folded(open_page: OpenPage) -> None:
    """There is no checkbox that would show it."""
    page = open_page(CONSTANTS, scripts=False)
    expect(page.locator(ROWS)).to_have_count(77)
    expect(page.locator(".scripted:visible")).to_have_count(0)


def test_a_table_that_is_mostly_about_other_registers_is_not_folded(open_page: OpenPage) -> None:
    """Its rows are what the page is about."""
    page = open_page("/tables/vendors/")
    expect(page.locator("[type=checkbox]")).to_have_count(0)
    expect(page.locator("table.rows tbody tr:not(:visible)")).to_have_count(0)


def test_a_filter_hides_columns_without_a_value(open_page: OpenPage) -> None:
    """They come back with their rows."""
    page = open_page(CONSTANTS)
    heads = page.locator(HEADS)
    field = page.get_by_label("Filter rows")
    field.fill("509")
    expect(heads).not_to_have_count(19)
    labels = heads.all_inner_texts()
    cells = page.locator(f"{ROWS} > :visible").all_inner_texts()
    assert len(labels) == len(cells)
    assert all(cells)
    field.fill("")
    expect(heads).to_have_count(19)


def test_a_comparison_of_some_codes_has_no_empty_columns(open_page: OpenPage) -> None:
    """Facts that none of the codes states are left out."""
    page = open_page("/guides/all-facts/?q=401+403")
    expect(page.locator("tbody tr:visible")).to_have_count(2)
    texts = page.locator("thead th").all_inner_texts()
    for number, head in enumerate(page.locator("thead th").all(), 1):
        cells = page.locator(f"tbody tr:visible > :nth-child({number})").all_text_contents()
        is_empty = all(cell.strip().startswith("–") for cell in cells)
        assert head.is_visible() is not is_empty, texts


@pytest.mark.parametrize("url", [CONSTANTS, "/tables/vendors/", "/guides/all-facts/"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_header_and_the_codes_stay_in_view(open_page: OpenPage, url: str, width: int) -> None:
    """A long table scrolls in its own region, in both directions."""
    page = open_page(url, width=width)
    region = page.get_by_role("region", name=page.locator("h1").inner_text())
    region.evaluate("(region) => { region.scrollIntoView(); region.scrollTo(150, 2000); }")
    frame = region.bounding_box()
    corner = region.locator("thead th").first.bounding_box()
    assert frame
    assert corner
    assert frame["height"] <= 0.86 * 720
    assert corner["x"] == pytest.approx(frame["x"], abs=1)
    assert corner["y"] == pytest.approx(frame["y"], abs=1)
    assert region.evaluate("(region) => region.scrollTop") > 500
    code = region.locator("tbody tr:visible th").nth(40).bounding_box()
    assert code
    assert code["x"] == pytest.approx(frame["x"], abs=1)


def test_focus_in_a_long_table_is_not_under_its_header(open_page: OpenPage) -> None:
    """The browser scrolls a focused link to below the sticky header."""
    page = open_page("/tables/vendors/", width=390)
    region = page.locator(".table-scroll")
    links = region.locator("tbody th a")
    links.nth(40).focus()
    for number in (39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28):
        links.nth(number).focus()
        head = region.locator("thead th").first.bounding_box()
        link = links.nth(number).bounding_box()
        assert head
        assert link
        assert link["y"] >= head["y"] + head["height"] - 1


def test_the_csv_file_has_the_rows_of_the_record(open_page: OpenPage) -> None:
    """The page of the table links to both."""
    page = open_page(CONSTANTS)
    links = page.locator(".origin").get_by_role("link", name=re.compile("CSV|JSON"))
    urls = links.evaluate_all("(links) => links.map((link) => link.href)")
    rows, record = map(page.request.get, urls)
    assert rows.headers["content-type"] == "text/csv; charset=utf-8"
    parsed = [*csv.DictReader(io.StringIO(rows.text()))]
    assert parsed == [row["cells"] for row in record.json()["rows"]]


def test_a_table_has_a_name_and_headers(open_page: OpenPage) -> None:
    """The cells of the first column are headers of rows."""
    page = open_page(CONSTANTS)
    expect(page.get_by_role("table", name="Constants per language and framework")).to_have_count(1)
    row = page.get_by_role("row").nth(1)
    expect(row.get_by_role("rowheader")).to_have_text("100")
    expect(page.get_by_role("columnheader", name=GO)).to_have_count(1)


@pytest.mark.parametrize("width", [320, 390])
def test_facts_are_in_two_columns_on_a_phone(open_page: OpenPage, width: int) -> None:
    """One column would take most of the first screens."""
    page = open_page("/status/404/", width=width)
    boxes = [fact.bounding_box() for fact in page.locator(".facts > li").all()]
    assert boxes[0]
    assert boxes[1]
    assert boxes[0]["y"] == boxes[1]["y"]
    assert boxes[1]["x"] > boxes[0]["x"]


def test_what_to_do_about_an_error_is_within_two_screens_of_a_phone(open_page: OpenPage) -> None:
    """Also on the page with the longest text above it."""
    for url in ("/status/302/", "/status/307/", "/status/404/", "/status/413/"):
        page = open_page(url, width=390, height=844)
        top = page.locator("#h-if-you-see-this").evaluate(
            "(heading) => heading.getBoundingClientRect().top + scrollY"
        )
        assert top < 2 * 844, url
