"""A short URL or a name redirects to the page, on a host that only sends files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest
from playwright.sync_api import expect

from tests.browser.page_kinds import OpenPage, Visit

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])


REDIRECTS = {
    "/418/": "418",
    "/418": "418",
    "/404": "404",
    "/404/": "404",
    "/status/im-a-teapot/": "418",
    "/status/request-entity-too-large/": "413",
}


@SCRIPTS
def test_a_short_url_or_a_name_redirects_to_its_code(scripts: bool, open_page: OpenPage) -> None:
    """A trailing slash is optional, and former names work too."""
    for url, code in REDIRECTS.items():
        page = open_page(url, scripts=scripts)
        page.wait_for_url(f"**/status/{code}/")
        assert page.get_by_role("heading", level=1).inner_text().startswith(code), url


def test_a_redirect_keeps_the_query_and_the_fragment(open_page: OpenPage) -> None:
    """The part of the page that a link points to is still shown."""
    for url in ("/404/?q=1#example", "/status/not-found/?q=1#example"):
        page = open_page(url)
        page.wait_for_url("**/status/404/?q=1#example")


def test_the_back_button_skips_redirects(open_page: OpenPage) -> None:
    """It returns to the page before the redirect."""
    page = open_page("/status/418/")
    page.goto("/404/")
    page.wait_for_url("**/status/404/")
    page.go_back()
    page.wait_for_url("**/status/418/")


@pytest.mark.parametrize("url", ["/404", "/404/"])
def test_the_error_page_redirects_at_the_short_url_of_its_code(
    url: str, site_folder: Path, visit: Visit
) -> None:
    """Some hosts send the error page for that URL even if another page exists."""
    lost = (site_folder / "404.html").read_bytes()
    page = visit("/status/418/")
    page.route(f"**{url}", lambda route: route.fulfill(body=lost, content_type="text/html"))
    page.goto(url, wait_until="commit")
    page.wait_for_url("**/status/404/")
    page.go_back()
    page.wait_for_url("**/status/418/")


def test_the_error_page_elsewhere_only_links_to_the_code(
    open_page: OpenPage, built_site: Mapping[PurePosixPath, bytes]
) -> None:
    """A mistyped URL gets a link, not a redirect."""
    for url in ("/some/where/404", "/status/404x/", "/4040/"):
        assert PurePosixPath(url.strip("/"), "index.html") not in built_site
        page = open_page(url)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_timeout(300)
        assert page.url.endswith(url)
