"""Pages without JavaScript: nothing to read is missing, and nothing dead is shown."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

Visit = Callable[..., Page]

ADDED = ".copy, .anchor, .filter, .found, #ui-copy, #suggestion"
"""What scripts add to the content."""
TEXT = f"""() => {{
  const main = document.querySelector("main").cloneNode(true);
  for (const added of main.querySelectorAll("{ADDED}")) added.remove();
  return main.textContent.replace(/\\s+/g, " ").trim();
}}"""


def test_everything_that_can_be_read_is_there(visit: Visit, address: str) -> None:
    """Word for word what is there with JavaScript."""
    plain = visit(address, java_script_enabled=False)
    # A page without scripts can still be asked through the protocol of the tools.
    shown = plain.locator("main").inner_text()
    scripted = visit(address)
    for added in scripted.locator(ADDED).all():
        added.evaluate("element => element.remove()")
    assert shown.split() == scripted.locator("main").inner_text().split()


def test_nothing_dead_is_shown(visit: Visit, address: str) -> None:
    """Each button and field belongs to a form that leads somewhere."""
    page = visit(address, java_script_enabled=False)
    for control in page.locator("button, input, select").all():
        in_form = control.locator("xpath=ancestor::form[@action]").count()
        assert in_form or not control.is_visible()
    for dead in page.locator("a:not([href]), .scripted").all():
        assert not dead.is_visible()


def test_the_search_form_leads_to_the_whole_list(visit: Visit) -> None:
    """With what was asked for in the address, for those who come back with JavaScript."""
    page = visit("/", java_script_enabled=False)
    page.get_by_role("textbox").fill("not found")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/status/?q=not+found")
    assert page.locator("main [data-code]").count() > 100
    assert page.locator("main [data-code]").first.is_visible()


def test_a_fact_opens_and_shows_its_source(visit: Visit) -> None:
    """The browser can do that by itself."""
    page = visit("/status/404/", java_script_enabled=False)
    source = page.locator(".facts .source a").first
    assert not source.is_visible()
    page.locator("summary").first.click()
    assert source.is_visible()
