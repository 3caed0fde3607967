"""Tools for tests of the preview: pages of a preview, and parts of the overlay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.page_kinds import NewContext
from tests.preview_process import PAGE, Preview

MARK = """() => {
  window.mark = true;
  for (const element of document.querySelectorAll("*")) element.mark = true;
}"""
UNMARKED = """() => [...document.querySelectorAll("body, body *")]
  .filter((element) => !element.mark).map((element) => element.outerHTML)"""


@dataclass(frozen=True, slots=True)
class PreviewPages:
    """Opens pages of a running preview."""

    preview: Preview
    new_context: NewContext

    def open(self, path: str = PAGE, **settings: Any) -> Page:  # noqa: ANN401 - Playwright's own
        """A page that follows the builds; all its present elements are marked."""
        page = self.new_context(**settings).new_page()
        with page.expect_response("**/-codebook/events"):
            page.goto(self.preview.url.rstrip("/") + path)
        page.wait_for_load_state()
        page.evaluate(MARK)
        return page


def is_in_place(page: Page) -> bool:
    """Whether the page has not been reloaded since it was opened."""
    return bool(page.evaluate("window.mark === true"))


def new_elements(page: Page) -> list[str]:
    """The elements that were added after the page was opened."""
    return list(page.evaluate(UNMARKED))


def overlay(page: Page) -> Locator:
    """The dialog with the diagnostics."""
    return page.get_by_role("alertdialog")


def corner(page: Page) -> Locator:
    """The button that opens the dialog."""
    return page.locator("#codebook-preview").get_by_role("status").get_by_role("button")


def expect_no_overlay(page: Page) -> None:
    """Wait until neither the dialog nor the button exists."""
    expect(overlay(page)).to_have_count(0)
    expect(corner(page)).to_have_count(0)
