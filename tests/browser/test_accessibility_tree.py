"""The accessibility tree, from which screen readers read names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page_kinds import PAGE_KINDS, OpenPage
from tests.offenders import assert_none

CONTROLS = "a[href], button, summary"
CONTROL_ROLES = {"link", "button", "DisclosureTriangle"}
HEADINGS = "h1, h2, h3, h4, h5, h6"

TEXTS = """(selector) => [...document.querySelectorAll(selector)]
  .filter((element) => element.checkVisibility({ visibilityProperty: true }))
  .map((element) => element.innerText)"""

# What is one pixel wide is only for screen readers; drawings have names of their own.
SEEN = """(selector) => {
  const isSeen = (box) =>
    box.checkVisibility() && !box.closest("svg") && box.getBoundingClientRect().width > 1;
  return [...document.querySelectorAll(selector)]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .map((element) => {
      const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      const seen = [];
      while (texts.nextNode())
        if (isSeen(texts.currentNode.parentElement)) seen.push(texts.currentNode.data);
      return seen.join("");
    });
}"""

ADD_RULE = """(rule) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rule);
  document.adoptedStyleSheets.push(sheet);
}"""


def tree(page: Page) -> list[tuple[str, str]]:
    """The role and the name of each element and text that screen readers see, in order."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in nodes}

    def below(node_id: str) -> Iterator[tuple[str, str]]:
        node = by_id[node_id]
        if not node["ignored"] and node["role"]["value"] != "InlineTextBox":
            yield node["role"]["value"], " ".join(node.get("name", {}).get("value", "").split())
        for child in node.get("childIds", ()):
            if child in by_id:
                yield from below(child)

    return list(below(nodes[0]["nodeId"]))


def names(page: Page, *roles: str) -> list[str]:
    """The names of the elements with these roles, in order."""
    return [name for role, name in tree(page) if role in roles]


def generated(page: Page) -> Sequence[tuple[str, str]]:
    """What is in the tree only because a style sheet generates it."""
    before = Counter(tree(page))
    page.evaluate(ADD_RULE, "*, ::before, ::after { content: none !important }")
    return sorted((before - Counter(tree(page))).elements())


def words(text: str) -> str:
    """The words of a text, without punctuation and case."""
    return " ".join(["", *re.findall(r"\w+", text.casefold()), ""])


def test_the_name_of_a_heading_is_its_text(open_page: OpenPage) -> None:
    """Nothing is added, even to those that a script turns into links."""
    errors = []
    for url in PAGE_KINDS:
        page = open_page(url)
        texts = [" ".join(text.split()) for text in page.evaluate(TEXTS, HEADINGS)]
        found = names(page, "heading")
        assert texts, url
        errors += [f"{url}: {texts} but {found}"] if texts != found else []
    assert_none(errors)


def test_a_link_of_a_heading_has_the_name_of_the_heading(open_page: OpenPage) -> None:
    """It still has it when the sign next to it is visible."""
    page = open_page("/status/404/")
    link = page.get_by_role("heading", name="Common mistakes", exact=True).get_by_role("link")
    link.focus()
    assert "#" in link.evaluate("link => getComputedStyle(link, '::after').content")
    expect(link).to_have_accessible_name("Common mistakes")


def test_each_region_and_navigation_has_its_own_name(open_page: OpenPage) -> None:
    """In a list of landmarks, they differ."""
    errors = []
    for url in PAGE_KINDS:
        page = open_page(url)
        for role in ("region", "navigation"):
            counts = Counter(names(page, role))
            errors += [f"{url}: {role}: {it}" for it in counts if not it or counts[it] > 1]
    assert_none(errors)


def test_every_table_has_a_name(open_page: OpenPage) -> None:
    """In a list of tables, they can be distinguished."""
    errors = []
    for url in PAGE_KINDS:
        found = names(open_page(url), "table")
        errors += [f"{url}: table {place}" for place, name in enumerate(found, 1) if not name]
    assert_none(errors)


def test_the_name_of_a_control_contains_what_is_visible(open_page: OpenPage) -> None:
    """People who speak to their computer say what they see: WCAG 2.2, 2.5.3."""
    errors = []
    for url in PAGE_KINDS:
        page = open_page(url)
        seen = page.evaluate(SEEN, CONTROLS)
        found = names(page, *CONTROL_ROLES)
        pairs = zip(seen, found, strict=True)
        errors += [
            f"{url}: {text} but {name}" for text, name in pairs if words(text) not in words(name)
        ]
    assert_none(errors)


def test_no_name_contains_generated_text(open_page: OpenPage) -> None:
    """Signs such as "+" are for the eye: style sheets give them an empty alternative."""
    errors = []
    for url in PAGE_KINDS:
        page = open_page(url)
        errors += [f"{url}: {role}: {name}" for role, name in generated(page)]
    assert_none(errors)


def test_the_order_of_a_column_is_not_part_of_its_name(open_page: OpenPage) -> None:
    """The arrow is generated, and the order is a property of the column."""
    page = open_page("/tables/vendors/")
    head = page.get_by_role("columnheader", name="Vendor", exact=True)
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert generated(page) == []


@pytest.mark.parametrize("rule", ["h2::after { content: '+' }", "summary::before { content: '+' }"])
def test_generated_text_is_detected(open_page: OpenPage, rule: str) -> None:
    """The test of generated text fails for a page with this error."""
    page = open_page("/status/404/")
    page.evaluate(ADD_RULE, rule)
    assert any("+" in name for _, name in generated(page))
