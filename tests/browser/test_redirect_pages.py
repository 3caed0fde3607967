"""Whoever asks for a short address or a name gets to the page, on a host that only sends files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest
from playwright.sync_api import expect

from tests.browser.page_kinds import OpenPage, Visit

EACH_WAY = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])


@EACH_WAY
@pytest.mark.parametrize("address", ["/418/", "/418", "/404", "/404/"])
def test_a_short_address_leads_to_its_code(
    address: str, scripts: bool, open_page: OpenPage
) -> None:
    """With a slash or without, with scripts or without."""
    page = open_page(address, scripts=scripts)
    page.wait_for_url(f"**/status/{address.strip('/')}/")
    assert page.get_by_role("heading", level=1).inner_text().startswith(address.strip("/"))


@EACH_WAY
def test_a_name_leads_to_its_code(scripts: bool, open_page: OpenPage) -> None:
    """A former one too."""
    for name, number in (("im-a-teapot", 418), ("request-entity-too-large", 413)):
        page = open_page(f"/status/{name}/", scripts=scripts)
        page.wait_for_url(f"**/status/{number}/")


def test_the_way_back_does_not_end_at_what_leads_on(open_page: OpenPage) -> None:
    """The button of the browser goes to the page before, not into a circle."""
    page = open_page("/status/418/")
    page.goto("/404/")
    page.wait_for_url("**/status/404/")
    page.go_back()
    page.wait_for_url("**/status/418/")


@pytest.mark.parametrize("address", ["/404", "/404/"])
def test_the_error_page_at_the_short_address_of_its_own_number_leads_on(
    address: str, site_folder: Path, visit: Visit
) -> None:
    """Some hosts send it for that address, whatever else is there."""
    lost = (site_folder / "404.html").read_bytes()
    page = visit("/status/418/")
    page.route(f"**{address}", lambda route: route.fulfill(body=lost, content_type="text/html"))
    page.goto(address, wait_until="commit")
    page.wait_for_url("**/status/404/")
    page.go_back()
    page.wait_for_url("**/status/418/")


@pytest.mark.parametrize("address", ["/some/where/404", "/status/404x/", "/4040/"])
def test_the_error_page_elsewhere_only_offers_the_code(
    address: str, open_page: OpenPage, built_site: Mapping[PurePosixPath, bytes]
) -> None:
    """Whoever mistyped an address is asked; nobody is sent where they did not want to go."""
    assert PurePosixPath(address.strip("/"), "index.html") not in built_site
    page = open_page(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_timeout(300)
    assert page.url.endswith(address)
