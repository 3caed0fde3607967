"""Pages open without a complaint, and hold what accessibility asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.kinds import KINDS, NOWHERE
from tests.browser.watch import Watch

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (tags) => {
  const options = { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] };
  const { violations, passes } = await axe.run(document, options);
  const lines = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary}`));
  return { lines, passes: passes.length };
}"""

Scheme = Literal["light", "dark"]
EVERY = pytest.mark.parametrize("address", KINDS)
BOTH = pytest.mark.parametrize("scheme", ["light", "dark"])


@EVERY
@BOTH
def test_a_page_opens_without_a_complaint(
    address: str, scheme: Scheme, new_context: Callable[..., BrowserContext]
) -> None:
    """It has a heading; the console stays empty, and nothing is asked of another host."""
    page = new_context(color_scheme=scheme).new_page()
    answer = page.goto(address, wait_until="networkidle")
    assert answer is not None
    assert answer.status == (404 if address == NOWHERE else 200)
    expect(page.get_by_role("main").get_by_role("heading", level=1)).to_be_visible()


@BOTH
def test_the_colours_are_those_of_the_scheme(
    scheme: Scheme, new_context: Callable[..., BrowserContext]
) -> None:
    """Who has set the system to dark colours gets light text on a dark ground."""
    page = new_context(color_scheme=scheme).new_page()
    page.goto("/")
    colours = page.evaluate(
        "() => { const { color, backgroundColor } = getComputedStyle(document.documentElement);"
        " return [color, backgroundColor] }"
    )
    text, ground = (sum(map(int, re.findall(r"\d+", colour))) for colour in colours)
    assert (text > ground) is (scheme == "dark")


@EVERY
@BOTH
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing(
    address: str,
    scheme: Scheme,
    width: int,
    axe: str,
    new_context: Callable[..., BrowserContext],
) -> None:
    """No rule of WCAG 2.2 AA is broken and none of the best practices."""
    page = new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}, reduced_motion="reduce"
    ).new_page()
    page.goto(address)
    page.evaluate(axe)
    found = page.evaluate(RUN, TAGS)
    assert found["lines"] == []
    assert found["passes"]


def test_axe_finds_what_is_wrong(axe: str, page: Page) -> None:
    """A picture without words is found: an empty list of violations means something."""
    page.goto("/")
    page.evaluate("document.querySelector('main').append(new Image())")
    page.evaluate(axe)
    lines = page.evaluate(RUN, TAGS)["lines"]
    assert [line.split()[0] for line in lines] == ["image-alt"]


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("console.error('broken')", "console error: broken"),
        ("console.warn('strange')", "console warning: strange"),
        ("setTimeout(() => { throw new Error('thrown') })", "page error: thrown"),
        ("fetch('/assets/none.js').catch(() => {})", "404 for "),
        ("new Image().src = 'http://elsewhere.example/'", "elsewhere.example"),
        ("location.assign('http://elsewhere.example/')", "request to another origin"),
    ],
)
def test_the_watch_sees_what_a_page_may_not_do(
    script: str, fault: str, page: Page, watch: Watch
) -> None:
    """Each kind of fault is noted: a test without faults means something."""
    page.goto("/", wait_until="networkidle")
    page.evaluate(f"() => {{ {script} }}")
    page.wait_for_timeout(200)
    assert fault in "\n".join(watch.faults)
    watch.faults.clear()
