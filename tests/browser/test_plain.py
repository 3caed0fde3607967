"""Pages without JavaScript say the same as with it, node by node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import Page

from tests.browser.kinds import NOWHERE

Visit = Callable[..., Page]

# Scripts wrap texts and add some, but never rewrite one: so texts are compared by their nodes.
TEXTS = """() => {
  const nodes = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const control = "button, label, [role=status], a[aria-label]";
  const found = [];
  while (nodes.nextNode()) {
    const { data, parentElement } = nodes.currentNode;
    const text = data.replace(/\\s+/g, " ").trim();
    if (text && parentElement.checkVisibility({ visibilityProperty: true }))
      found.push([text, Boolean(parentElement.closest(control))]);
  }
  return found;
}"""

CONTROLS = "button, input, select, textarea, summary, [role=button], [contenteditable], [onclick]"
DEAD = f"""() => [...document.querySelectorAll("{CONTROLS}, a:not([href]), dialog")]
  .filter((element) => element.checkVisibility({{ visibilityProperty: true }}))
  .filter((element) => {{
    if (element.matches("summary")) return !element.closest("details");
    const form = element.form;
    return !form || !form.getAttribute("action") || !form.querySelector("button, [type=submit]");
  }})
  .map((element) => element.outerHTML.slice(0, 90))"""


def texts(page: Page) -> Mapping[str, Counter[Any]]:
    """The visible texts of the content: all, and those that belong to something to use."""
    found = page.evaluate(TEXTS)
    return {
        "all": Counter(text for text, _ in found),
        "controls": Counter(text for text, is_control in found if is_control),
    }


def test_a_page_says_the_same_with_and_without_scripts(visit: Visit, address: str) -> None:
    """Scripts take no text away, and add none but that of what only they can do."""
    plain = texts(visit(address, java_script_enabled=False))
    scripted = texts(visit(address))
    assert plain["all"]
    assert plain["all"] - scripted["all"] == Counter()
    added = scripted["all"] - plain["all"]
    assert added - scripted["controls"] == Counter()


def test_nothing_is_shown_that_needs_a_script(visit: Visit, address: str) -> None:
    """Each button and field is in a form that leads somewhere; no link leads nowhere."""
    page = visit(address, java_script_enabled=False)
    assert page.evaluate(DEAD) == []


def test_what_needs_a_script_is_found(visit: Visit) -> None:
    """A button without a form is found: no finding means something."""
    page = visit("/", java_script_enabled=False)
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert page.evaluate(DEAD) == ["<button></button>"]


def test_every_link_within_a_page_has_its_goal(visit: Visit, address: str) -> None:
    """Also before a script has run: the browser jumps by itself."""
    page = visit(address, java_script_enabled=False)
    lost = page.evaluate(
        """() => [...document.querySelectorAll("a[href^='#']")]
          .map((link) => decodeURIComponent(link.getAttribute("href").slice(1)))
          .filter((id) => !document.getElementById(id))"""
    )
    assert lost == []


def test_a_form_leads_to_a_page_of_ours(visit: Visit, addresses: tuple[str, ...]) -> None:
    """What is typed there is part of an address that the site has."""
    for place in ("/", "/status/", NOWHERE):
        page = visit(place, java_script_enabled=False)
        for number in range(page.locator("main form").count()):
            page.goto(place)
            form = page.locator("main form").nth(number)
            form.get_by_role("textbox").first.fill("gone")
            with page.expect_navigation():
                form.get_by_role("button").first.click()
            path, _, query = page.url.partition("?")
            assert "/" + path.split("/", 3)[3] in addresses
            assert "gone" in query
