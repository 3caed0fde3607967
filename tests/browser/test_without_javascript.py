"""Pages without JavaScript have all text, and no controls that do nothing."""

from __future__ import annotations

from collections import Counter

import pytest
from playwright.sync_api import Page

from tests.browser.page_kinds import PAGE_KINDS, OpenPage
from tests.offenders import assert_none

# Scripts wrap texts and add some, but never rewrite one: so texts are compared by their nodes. A
# button in a column header is such a wrapper; the tools in the page header are
# hidden or shown as one.
TEXTS = """() => {
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const control =
    "button:not(th *), label, .choice, [role=status], a[aria-label^='Link to'], .tools";
  const texts = [];
  while (nodes.nextNode()) {
    const { data, parentElement } = nodes.currentNode;
    const text = data.replace(/\\s+/g, " ").trim();
    if (text && parentElement.checkVisibility({ visibilityProperty: true }))
      texts.push([text, Boolean(parentElement.closest(control))]);
  }
  return texts;
}"""

CONTROLS = "button, input, select, textarea, summary, [role=button], [contenteditable], [onclick]"
DEAD = f"""() => [...document.querySelectorAll(
    "{CONTROLS}, a:not([href]), dialog, .scripted, [role=status]")]
  .filter((element) => element.checkVisibility({{ visibilityProperty: true }}))
  .filter((element) => {{
    if (element.matches("summary")) return !element.closest("details");
    const form = element.form;
    return !form || !form.getAttribute("action") || !form.querySelector("button, [type=submit]");
  }})
  .map((element) => element.outerHTML.slice(0, 90))"""


def texts(page: Page) -> tuple[list[str], Counter[str]]:
    """The visible texts in order: those of the content, and those of controls."""
    nodes = page.evaluate(TEXTS)
    to_read = [text for text, is_control in nodes if not is_control]
    return to_read, Counter(text for text, is_control in nodes if is_control)


def test_a_page_has_the_same_text_with_and_without_scripts(open_page: OpenPage) -> None:
    """Scripts only add the labels of their own controls."""
    for url in PAGE_KINDS:
        plain, plain_controls = texts(open_page(url, scripts=False))
        page = open_page(url)
        # Without scripts, no rows are folded.
        for box in page.locator(".show-more input").all():
            box.check()
        scripted, scripted_controls = texts(page)
        assert plain, url
        assert plain == scripted, url
        assert plain_controls - scripted_controls == Counter(), url


@pytest.mark.parametrize(
    "change", ["heading.remove()", "main.append('more')", "main.append(heading)"]
)
def test_a_change_of_the_text_is_detected(open_page: OpenPage, change: str) -> None:
    """The test above fails for missing, added, and reordered text."""
    page = open_page("/status/404/")
    before, _ = texts(page)
    page.evaluate(
        "() => { const main = document.querySelector('main'),"
        f" heading = main.querySelector('h1'); {change} }}"
    )
    assert texts(page)[0] != before


def test_no_control_needs_a_script(open_page: OpenPage) -> None:
    """Every control is in a form with an action, and no space is reserved for scripts."""
    dead = {url: open_page(url, scripts=False).evaluate(DEAD) for url in PAGE_KINDS}
    assert_none(f"{url}: {parts}" for url, parts in dead.items() if parts)


@pytest.mark.parametrize("tag", ["button", "input", "a", "p"])
def test_a_control_that_needs_a_script_is_detected(open_page: OpenPage, tag: str) -> None:
    """It's a control without a form, a link without a target, or an empty space."""
    page = open_page("/", scripts=False)
    page.evaluate(
        """tag => {
          const dead = document.createElement(tag);
          dead.className = "scripted";
          dead.style.setProperty("display", "block", "important");
          document.querySelector("main").append(dead);
        }""",
        tag,
    )
    assert [dead.split()[0] for dead in page.evaluate(DEAD)] == [f"<{tag}"]


def test_every_link_within_a_page_has_its_target(open_page: OpenPage) -> None:
    """The targets exist before any script runs."""
    lost = {
        url: open_page(url, scripts=False).evaluate(
            """() => [...document.querySelectorAll("a[href^='#']")]
              .map((link) => decodeURIComponent(link.getAttribute("href").slice(1)))
              .filter((id) => !document.getElementById(id))"""
        )
        for url in PAGE_KINDS
    }
    assert_none(f"{url}: {ids}" for url, ids in lost.items() if ids)


def test_a_form_opens_the_list_of_all_codes(open_page: OpenPage) -> None:
    """The query is part of the URL. The home page has such a form."""
    with_forms = []
    for url in PAGE_KINDS:
        page = open_page(url, scripts=False)
        for number in range(page.locator("main form").count()):
            with_forms.append(url)
            open_page(url, scripts=False)
            form = page.locator("main form").nth(number)
            form.get_by_role("textbox").first.fill("gone")
            with page.expect_navigation():
                form.get_by_role("button").first.click()
            assert page.url.endswith("/status/?q=gone")
    assert {"/", "/status/"} <= set(with_forms)


def test_a_url_with_a_query_shows_the_whole_list(open_page: OpenPage) -> None:
    """The query stays in the URL, for a later visit with JavaScript."""
    page = open_page("/status/?q=not+found", scripts=False)
    codes = page.locator("main [data-code]")
    assert codes.count() > 100
    assert page.locator("main [data-code]:visible").count() == codes.count()


def test_a_fact_opens_and_shows_its_source(open_page: OpenPage) -> None:
    """The details element works without scripts."""
    page = open_page("/status/404/", scripts=False)
    source = page.locator(".facts .source a").first
    assert not source.is_visible()
    page.locator(".facts summary").first.click()
    assert source.is_visible()
