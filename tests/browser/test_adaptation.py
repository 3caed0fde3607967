"""Pages in forced colors, without motion, and in the colors of their classes."""

from __future__ import annotations

import pytest

from tests.browser.page_kinds import PAGE_KINDS, OpenPage, Scheme
from tests.offenders import assert_none

# After a press of Tab, every focused element shows its ring.
BARE = """() => [...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")]
  .filter((element) => element.checkVisibility({ visibilityProperty: true }))
  .filter((element) => {
    element.focus({ preventScroll: true });
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle === "none" || parseFloat(outlineWidth) < 2;
  })
  .map((element) => element.outerHTML.slice(0, 90))"""

# How each code is drawn, apart from colors and text, by its mark.
LOOKS = """() => [...document.querySelectorAll("main li a[data-code]")].map((tile) => [
  (tile.dataset.mark ?? "").trim(),
  [null, "::before", "::after"].map((part) => {
    const style = getComputedStyle(tile, part);
    const number = getComputedStyle(tile.firstElementChild);
    return [
      style.borderStyle, style.borderWidth, style.backgroundImage, style.content,
      style.textDecorationLine, number.textDecorationLine, number.fontStyle,
    ].join(" ");
  }).join("; "),
])"""

MOVING = """() => {
  const lasts = (durations) => durations.split(",").some((duration) => parseFloat(duration) > 0.01);
  return [...document.querySelectorAll("*")]
    .filter((element) => [null, "::before", "::after"].some((part) => {
      const style = getComputedStyle(element, part);
      return lasts(style.transitionDuration) ||
        (style.animationName !== "none" && lasts(style.animationDuration));
    }))
    .map((element) => element.outerHTML.slice(0, 90));
}"""

COLOR = "element => getComputedStyle(element).color"


def test_the_focus_ring_is_visible_in_forced_colors(open_page: OpenPage) -> None:
    """The ring is an outline, because forced colors remove shadows and backgrounds."""
    bare = {}
    for url in PAGE_KINDS:
        page = open_page(url, forced_colors="active")
        page.keyboard.press("Tab")
        bare[url] = page.evaluate(BARE)
    assert_none(f"{url}: {parts}" for url, parts in bare.items() if parts)


def test_a_ring_that_forced_colors_remove_is_detected(open_page: OpenPage) -> None:
    """The test above fails if the ring is only a shadow."""
    page = open_page("/", forced_colors="active")
    page.keyboard.press("Tab")
    page.get_by_role("main").get_by_role("link").first.evaluate(
        "link => { link.style.cssText = 'outline: none; box-shadow: 0 0 0 3px blue' }"
    )
    assert len(page.evaluate(BARE)) == 1


def test_codes_with_different_marks_differ_in_forced_colors(open_page: OpenPage) -> None:
    """They differ in their borders alone, and codes with the same mark look the same."""
    page = open_page("/", forced_colors="active")
    looks: dict[str, set[str]] = {}
    for mark, drawn in page.evaluate(LOOKS):
        looks.setdefault(mark, set()).add(drawn)
    assert len(looks) > 2
    assert all(len(looks_of_mark) == 1 for looks_of_mark in looks.values()), looks
    assert len(set.union(*looks.values())) == len(looks), looks


def test_lines_and_labels_are_visible_in_forced_colors(open_page: OpenPage) -> None:
    """Facts are divided, only the current class is underlined, and no number covers its label."""
    page = open_page("/status/404/", forced_colors="active")
    background = "element => getComputedStyle(element).backgroundColor"
    facts = page.locator(".facts")
    assert facts.evaluate(background) != facts.locator("li").first.evaluate(background)
    lines = page.locator(".top li a").evaluate_all(
        "links => links.map((link) => getComputedStyle(link).borderBottomColor)"
    )
    assert sorted(lines.count(line) for line in set(lines)) == [1, len(lines) - 1]
    assert page.locator(".class").evaluate("label => getComputedStyle(label).position") != "static"


def test_nothing_moves_with_reduced_motion(open_page: OpenPage) -> None:
    """Nothing is animated, even on hover, and scrolling jumps."""
    still: tuple[int, list[str], str] = (0, [], "auto")
    found = {}
    for url in PAGE_KINDS:
        page = open_page(url, reduced_motion="reduce")
        page.get_by_role("main").get_by_role("link").first.hover()
        page.keyboard.press("Tab")
        found[url] = (
            page.evaluate("document.getAnimations().length"),
            page.evaluate(MOVING),
            page.evaluate("getComputedStyle(document.documentElement).scrollBehavior"),
        )
    assert_none(f"{url}: {motion}" for url, motion in found.items() if motion != still)


def test_a_transition_is_detected(open_page: OpenPage) -> None:
    """The test above fails for any transition, even before it runs."""
    page = open_page("/", reduced_motion="reduce")
    page.evaluate("document.querySelector('h1').style.transition = 'color 1s'")
    assert len(page.evaluate(MOVING)) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_class_has_the_same_color_everywhere(open_page: OpenPage, scheme: Scheme) -> None:
    """The home page and the pages of codes agree, and neighboring classes differ."""
    page = open_page("/", scheme=scheme)
    numbers = page.locator("main section[data-hue] h2 .number")
    colors = {number.inner_text(): number.evaluate(COLOR) for number in numbers.all()}
    assert len(set(colors.values())) == len(colors) > 4
    page = open_page("/status/404/", scheme=scheme)
    assert page.locator("h1 .number").evaluate(COLOR) == colors["4xx"]
