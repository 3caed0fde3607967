"""Alerts are rendered as boxes that differ without color, on screens and in print."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from codebook.diagnostics.source import Folder
from codebook.syntax.markdown.alerts import KINDS
from tests.browser.page_kinds import OpenPage, ServeBook

BOOK = {
    "codes.md": "# Codes\n\n1. Codes (10–19)\n\n## 1. Codes\n\n- 11 Open\nIt is open.\n\n"
    "- 12 Closed\nIt is closed.\n",
    "guides/alerts.md": "# Alerts\n\nBefore.\n\n"
    + "".join(f"> [!{kind.upper()}]\n> Text.\n>\n> ```sh\n> ls\n> ```\n\n" for kind in KINDS),
}
TITLES = ["Note", "Tip", "Important", "Warning", "Caution"]

EDGES = """alert => ["Top", "Right", "Bottom", "Left"].map((side) => {
  const style = getComputedStyle(alert);
  return style[`border${side}Style`] === "solid" ? parseFloat(style[`border${side}Width`]) : 0;
})"""
COLORS = """alert => [alert.querySelector(".title"), alert].map((part, index) => {
  const style = getComputedStyle(part);
  return index ? style.borderLeftColor : style.color;
})"""
SPACE_BELOW = """alert => {
  const code = alert.querySelector("pre").getBoundingClientRect();
  return Math.round(alert.getBoundingClientRect().bottom - code.bottom);
}"""


@pytest.fixture(scope="module")
def page_url(serve_book: ServeBook, templates_without_fonts: Folder) -> str:
    """The URL of a page with an alert of each kind."""
    return f"{serve_book(BOOK, templates_without_fonts)}/guides/alerts/"


def alerts(
    page_url: str,
    open_page: OpenPage,
    **settings: Any,  # noqa: ANN401 - the settings of `open_page`
) -> list[Locator]:
    """The alerts of the page, in order. All of them must be visible."""
    found = open_page(page_url, **settings).get_by_role("note")
    expect(found).to_have_count(len(KINDS))
    return found.all()


@pytest.mark.parametrize(
    "settings",
    [
        {"scripts": False},
        {"media": "print"},
        {"forced_colors": "active"},
        {"forced_colors": "active", "scheme": "dark"},
    ],
    ids=["without scripts", "in print", "in forced colors", "in dark forced colors"],
)
def test_alerts_differ_without_color(
    settings: dict[str, object], page_url: str, open_page: OpenPage
) -> None:
    """Each is a box with a heavy edge, and begins with the name of its kind."""
    found = alerts(page_url, open_page, **settings)
    assert [alert.locator(".title").inner_text() for alert in found] == TITLES
    for alert in found:
        expect(alert.locator("pre")).to_be_visible()
        assert alert.evaluate(EDGES) == [1, 1, 1, 4]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_kind_of_alert_has_a_color(scheme: str, page_url: str, open_page: OpenPage) -> None:
    """The title and the edge have it."""
    colors = [alert.evaluate(COLORS) for alert in alerts(page_url, open_page, scheme=scheme)]
    assert all(title == edge for title, edge in colors)
    assert len({title for title, _ in colors}) == len(KINDS)


@pytest.mark.parametrize("scripts", [False, True])
def test_an_alert_ends_below_its_last_block(
    *, scripts: bool, page_url: str, open_page: OpenPage
) -> None:
    """The button that copies a code block adds no space."""
    found = alerts(page_url, open_page, scripts=scripts)
    assert found[0].get_by_role("button").count() == scripts
    assert {alert.evaluate(SPACE_BELOW) <= 20 for alert in found} == {True}


def test_axe_finds_nothing_in_alerts(page_url: str, open_page: OpenPage, axe: str) -> None:
    """Text has contrast in both color schemes."""
    for scheme in ("light", "dark"):
        page = open_page(page_url, scheme=scheme)
        page.evaluate(axe)
        violations = page.evaluate(
            "async () => (await axe.run(document)).violations.map(({ id }) => id)"
        )
        assert violations == []
