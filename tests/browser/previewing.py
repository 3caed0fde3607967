"""What the tests of the preview share: a page of a preview, and what its overlay holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.kinds import NewContext
from tests.previews import PAGE, Preview

MARK = """() => {
  window.mark = true;
  for (const each of document.querySelectorAll("*")) each.mark = true;
}"""
UNMARKED = """() => [...document.querySelectorAll("body, body *")]
  .filter((each) => !each.mark).map((each) => each.outerHTML)"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A preview that runs, and a way to open its pages."""

    preview: Preview
    new_context: NewContext

    def open(self, address: str = PAGE, **settings: Any) -> Page:  # noqa: ANN401 - Playwright's own
        """A page that follows the builds; everything that is in it now is marked."""
        page = self.new_context(**settings).new_page()
        with page.expect_response("**/-codebook/events"):
            page.goto(self.preview.url.rstrip("/") + address)
        page.wait_for_load_state()
        page.evaluate(MARK)
        return page


def is_in_place(page: Page) -> bool:
    """Whether the page has been redrawn and not loaded anew since it was opened."""
    return bool(page.evaluate("window.mark === true"))


def new_elements(page: Page) -> list[str]:
    """The elements that were not there when the page was opened."""
    return list(page.evaluate(UNMARKED))


def overlay(page: Page) -> Locator:
    """The list of problems, where it lies above the page."""
    return page.get_by_role("alertdialog")


def corner(page: Page) -> Locator:
    """The button that opens the list."""
    return page.locator("#codebook-preview").get_by_role("status").get_by_role("button")


def has_no_overlay(page: Page) -> None:
    """Wait until nothing lies above the page, nor in its corner."""
    expect(overlay(page)).to_have_count(0)
    expect(corner(page)).to_have_count(0)
