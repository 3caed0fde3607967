"""The search: the order of results, and filtered lists."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import expect

from audit.hosting import serve
from codebook.build.pipeline import build_site
from codebook.io.sources import read_folder
from tests.book_files import ARTICLES, symptoms
from tests.browser.page_kinds import NewContext, OpenPage
from tests.browser.page_monitor import PageMonitor
from tests.browser.test_search_dialog import open_search
from tests.offenders import assert_none
from tests.templates import templates_without_fonts
from tests.trees import write_tree

ENOUGH = 174
"""The number of queries."""
SHARE = 0.95
"""The share of queries whose first result is right."""
TYPED = {
    "/471": "471 isn't registered",
    "/600": "Outside the ranges of all classes",
    "/1020": "403",
    "/4xx": "4xx Client error responses",
    "/teapot": "418 I'm a teapot",
    "/404.1": "404 Not Found",
    "/StatusNotFound": "404 Not Found",
}
"""URLs that don't exist, and what their first result contains."""
LONG_ENOUGH = 3
"""The number of words that a message needs to be found in a longer text."""
EXIT_CODES = Path(__file__).resolve().parents[1] / "fixtures" / "exit-codes"

FIRST = {
    # Tried with other search engines before: TRAPS, "Search".
    "40": "400",
    "4xx": "4xx",
    "unauthorised": "401",
    "not fuond": "404",
    "HTTP 404": "404",
    "teapto": "418",
    # What people type.
    "404": "404",
    "0404": "404",
    "http/1.1 404 not found": "404",
    "error 502": "502",
    "moved": "301",
    "rate limit": "429",
    "too many requests error": "429",
    "teapot": "418",
    "I'm a teapot": "418",
    "unprocessable entity": "422",
    "payload too large": "413",
    "request entity too large": "413",
    "499": "499",
    "client closed request": "499",
    "299": "299",
    "650": "650",
    "5xx": "5xx",
    "5": "5xx",
    "nginx": "444",
    "cloudflare": "",
    "ok": "200",
    "OK": "200",
    "found": "302",
    "not modified": "304",
    "gateway timeout": "504",
    "bad gatway": "502",
    "forbiden": "403",
    "captive portal": "511",
    "maintenance": "503",
    "validation": "422",
    "which code": "",
    "iana": "",
    # What people paste.
    "no healthy upstream": "503",
    "AH02032": "421",
    "code=H12": "503",
    "404.13": "404",
    "zzzz": None,
}
"""The number of the first result for each query.

It's empty for a guide or a table, and None if there is no result.
"""

SEARCHES = Path(__file__).resolve().parents[1] / "fixtures" / "searches.csv"
"""Queries, and the pages that are right as the first result. The authors of `blind` queries hadn't
seen how the search ranks."""


def words_of(text: str) -> list[str]:
    """The words that the search compares."""
    return re.findall(r"[^\W_]+", text.lower().replace("'", ""))


def test_every_query_has_the_right_first_result(open_page: OpenPage) -> None:
    """The whole table is compared at once, so that a change shows every query that it affects."""
    page = open_page("/status/200/")
    open_search(page)
    numbers: dict[str, str | None] = {}
    for query in FIRST:
        page.locator("#ui-query").fill(query)
        first = page.locator("[role=option]").first
        numbers[query] = first.locator(".number").inner_text() if first.count() else None
    assert numbers == FIRST


def test_searches_lead_to_the_right_page(open_page: OpenPage) -> None:
    """The first result of at least 95 % of the queries is right."""
    page = open_page("/status/200/")
    open_search(page)
    first = page.locator("[role=option]").first
    with SEARCHES.open(encoding="utf-8", newline="") as file:
        searches = list(csv.DictReader(file))
    wrong = []
    for search in searches:
        page.locator("#ui-query").fill(search["query"])
        found = urlsplit(first.evaluate("link => link.href")).path if first.count() else "NONE"
        if found not in search["expected"].split():
            wrong.append(f"{search['query']}: {found}")
    assert len(searches) >= ENOUGH
    assert_none(wrong if len(wrong) > len(searches) * (1 - SHARE) else ())


def test_a_pasted_log_line_leads_to_its_code(open_page: OpenPage) -> None:
    """The first result is a code with the message in the line, and shows the message."""
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for path in ARTICLES:
        for symptom in symptoms(path):
            codes[" ".join(words_of(symptom["message"]))].add(path.stem)
    lines = [symptom["message"] for path in ARTICLES for symptom in symptoms(path)]
    page = open_page("/status/200/")
    open_search(page)
    first = page.locator("[role=option]").first
    failures = []
    for line in lines:
        words = words_of(line)
        if len(words) < LONG_ENOUGH:
            continue
        pasted = f"2026/11/30 10:04:12 [error] 404#404: {line.replace('…', 'app')}, client: 1"
        page.locator("#ui-query").fill(pasted)
        number, note = first.locator(".number").inner_text(), first.locator(".note").inner_text()
        if number not in codes[" ".join(words)] or words_of(note)[-len(words) :] != words:
            failures.append(f"{line}: {number} {note}")
    assert_none(failures)


def test_codes_with_the_typed_prefix_are_in_order(open_page: OpenPage) -> None:
    """For 40: 400, 401, 402."""
    page = open_page("/")
    open_search(page)
    page.locator("#ui-query").fill("40")
    numbers = page.locator("[role=option]").locator(".number").all_inner_texts()
    assert numbers == [str(number) for number in range(400, 410)]


def test_an_unassigned_number_has_a_result(open_page: OpenPage) -> None:
    """The result says how to treat the code, and links to the page of its class."""
    page = open_page("/")
    open_search(page)
    page.locator("#ui-query").fill("299")
    only = page.locator("[role=option]")
    expect(only).to_have_count(1)
    expect(only).to_contain_text("299 isn't registered. Treat it as 200")
    page.keyboard.press("Enter")
    page.wait_for_url("**/status/2xx/")


def test_markup_in_a_query_is_text(open_page: OpenPage) -> None:
    """The query is shown as typed, and creates no element."""
    page = open_page("/status/?q=<img src=x onerror=alert(1)>")
    expect(page.locator("#ui-filter")).to_have_value("<img src=x onerror=alert(1)>")
    open_search(page)
    page.locator("#ui-query").fill("<img src=zq>zq")
    expect(page.get_by_role("status").last).to_contain_text("<img src=zq>zq")
    assert page.locator("main img, dialog img").count() == 0


def test_the_field_of_the_home_page_filters_the_tiles(open_page: OpenPage) -> None:
    """Typing filters, Enter opens the best result, and an empty field shows all tiles."""
    page = open_page("/")
    field = page.get_by_role("textbox")
    tiles = page.locator(".tiles a:visible")
    count = tiles.count()
    field.fill("gateway")
    expect(tiles).not_to_have_count(count)
    left = tiles.evaluate_all("tiles => tiles.map(tile => tile.dataset.code)")
    assert {"502", "504"} <= set(left)
    expect(page.locator(".find .links a").first).to_contain_text("502")
    field.fill("")
    expect(tiles).to_have_count(count)
    field.fill("not fuond")
    expect(page.get_by_role("status")).to_have_text("Did you mean “not found”?")
    page.keyboard.press("Enter")
    page.wait_for_url("**/status/404/")


def test_the_field_of_the_home_page_finds_guides_and_unassigned_numbers(
    open_page: OpenPage,
) -> None:
    """If no code matches, all tiles stay; a number without a page has only a text."""
    page = open_page("/")
    tiles = page.locator(".tiles a:visible")
    count = tiles.count()
    result = page.locator(".find .links li").first
    page.get_by_role("textbox").fill("decision tree")
    expect(result).to_contain_text("Which HTTP status code should I return?")
    expect(tiles).to_have_count(count)
    page.get_by_role("textbox").fill("471")
    expect(result).to_contain_text("471 isn't registered. Treat it as 400")
    page.keyboard.press("Enter")
    expect(result).to_be_visible()


def test_the_error_page_shows_results_for_the_typed_url(open_page: OpenPage) -> None:
    """It shows what the search finds for the words of the URL."""
    for url, text in TYPED.items():
        page = open_page(url)
        expect(page.locator(".find .links li").first).to_contain_text(text)
        expect(page.get_by_role("main").get_by_role("textbox")).to_have_value(url.strip("/"))


def test_a_url_with_a_query_shows_its_results(open_page: OpenPage) -> None:
    """The form submits to the page of all codes."""
    page = open_page("/status/?q=teapot")
    codes = page.locator("main [data-code]:visible")
    expect(codes).to_have_count(1)
    assert codes.first.get_attribute("data-code") == "418"
    expect(page.locator("#ui-codes h2:visible")).to_have_count(1)


def test_codes_of_one_digit_are_found(
    new_context: NewContext, page_monitor: PageMonitor, tmp_path: Path
) -> None:
    """Also 0, and an unassigned one, which the class describes."""
    result = build_site(read_folder(EXIT_CODES, "content"), templates_without_fonts(), "site", "")
    assert result.files is not None
    first = {"0": "0", "00": "0", "1": "1", "3": "3", "300": "300"}
    with serve(write_tree(tmp_path, result.files)) as origin:
        page_monitor.origins.add(origin)
        page = new_context().new_page()
        page.goto(origin)
        open_search(page)
        found: dict[str, str | None] = {}
        for query in first:
            page.locator("#ui-query").fill(query)
            option = page.locator("[role=option]").first
            found[query] = option.locator(".number").inner_text() if option.count() else None
    assert found == first
