"""Pages open without errors, and are accessible."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page_kinds import MISSING_URL, PAGE_KINDS, NewContext, OpenPage, Scheme
from tests.browser.page_monitor import PageMonitor
from tests.offenders import assert_none

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOR_RULES = ["color-contrast", "link-in-text-block"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WIDTHS = (320, 1280)
SHARES = 2
"""The pages are split among several tests, so that every core gets some."""
RUN = """async ([type, values]) => {
  const options = { runOnly: { type, values }, resultTypes: ["violations"] };
  const { violations, passes } = await axe.run(document, options);
  const lines = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary}`));
  return { lines, passes: passes.length };
}"""


def axed(page: Page, axe: str) -> Mapping[str, list[str]]:
    """The findings of axe, in both color schemes, on narrow and wide screens.

    All rules are tried in each scheme and in each width, those about colors in each combination.
    """
    page.evaluate(axe)
    violations = {}
    for scheme, width in product(SCHEMES, WIDTHS):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 720})
        is_whole = (scheme, width) in {("light", 1280), ("dark", 320)}
        rules = ("tag", TAGS) if is_whole else ("rule", COLOR_RULES)
        result = page.evaluate(RUN, rules)
        assert result["passes"]
        violations[f"{scheme}, {width} pixels"] = result["lines"]
    return {name: lines for name, lines in violations.items() if lines}


def test_a_page_opens_without_an_error(new_context: NewContext) -> None:
    """For a new visitor, the page has a heading, and no resource is missing."""
    page = new_context().new_page()
    for url in PAGE_KINDS:
        response = page.goto(url)
        assert response is not None
        assert response.status == (404 if url == MISSING_URL else 200), url
        expect(page.get_by_role("main").get_by_role("heading", level=1)).to_be_visible()
    # What scripts begin after loading is done or has failed a little later.
    page.wait_for_timeout(100)


@pytest.mark.parametrize("share", range(SHARES))
def test_axe_finds_nothing(share: int, axe: str, open_page: OpenPage) -> None:
    """No rule of WCAG 2.2 AA and no best practice is violated."""
    violations = {url: axed(open_page(url), axe) for url in PAGE_KINDS[share::SHARES]}
    assert_none(f"{url}: {found}" for url, found in violations.items() if found)


def test_an_accessibility_error_is_detected(axe: str, open_page: OpenPage) -> None:
    """Low contrast in one color scheme and width is found only there."""
    page = open_page("/status/226/")
    page.evaluate(
        """() => {
          const sheet = new CSSStyleSheet();
          const rule = "h1, h1 * { color: #333 !important }";
          sheet.replaceSync(`@media (prefers-color-scheme: dark) and (width < 400px) { ${rule} }`);
          document.adoptedStyleSheets.push(sheet);
        }"""
    )
    ((name, lines),) = axed(page, axe).items()
    assert name == "dark, 320 pixels"
    assert {line.split()[0] for line in lines} == {"color-contrast"}


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("console.error('broken')", "console error: broken"),
        ("console.warn('strange')", "console warning: strange"),
        ("setTimeout(() => { throw new Error('thrown') })", "page error: thrown"),
        ("fetch('/assets/none.js').catch(() => {})", "404 for "),
        ("new Image().src = 'http://elsewhere.example/'", "elsewhere.example"),
        ("location.assign('http://elsewhere.example/')", "request to another origin"),
    ],
)
def test_the_monitor_records_every_kind_of_error(
    script: str, error: str, page: Page, page_monitor: PageMonitor
) -> None:
    """Otherwise, the absence of errors would prove nothing."""
    page.goto("/")
    page.evaluate(f"() => {{ {script} }}")
    page.wait_for_timeout(200)
    # Further errors must come before the end, not in the next test.
    page.context.close()
    assert error in "\n".join(page_monitor.errors)
    page_monitor.errors.clear()
