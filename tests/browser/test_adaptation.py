"""Pages in forced colours, without motion, and in the colours of their classes."""

from __future__ import annotations

import pytest

from tests.browser.page_kinds import OpenPage, Scheme

# After a press of Tab the focus shows its ring wherever it is put.
BARE = """() => [...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")]
  .filter((element) => element.checkVisibility({ visibilityProperty: true }))
  .filter((element) => {
    element.focus();
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle === "none" || parseFloat(outlineWidth) < 2;
  })
  .map((element) => element.outerHTML.slice(0, 90))"""

# How each code is drawn, colours and words aside, by what it is marked as.
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

COLOUR = "element => getComputedStyle(element).color"


def test_forced_colours_leave_a_ring_around_the_focus(open_page: OpenPage, page_url: str) -> None:
    """The ring is an outline: shadows and grounds are taken away."""
    page = open_page(page_url, forced_colors="active")
    page.keyboard.press("Tab")
    assert page.evaluate(BARE) == []


def test_a_ring_that_forced_colours_take_away_is_found(open_page: OpenPage) -> None:
    """A shadow is none: no finding means something."""
    page = open_page("/", forced_colors="active")
    page.keyboard.press("Tab")
    page.get_by_role("main").get_by_role("link").first.evaluate(
        "link => { link.style.cssText = 'outline: none; box-shadow: 0 0 0 3px blue' }"
    )
    assert len(page.evaluate(BARE)) == 1


def test_forced_colours_leave_what_tells_codes_apart(open_page: OpenPage) -> None:
    """Codes with another mark look different by lines alone, those with the same look alike."""
    page = open_page("/", forced_colors="active")
    looks: dict[str, set[str]] = {}
    for mark, drawn in page.evaluate(LOOKS):
        looks.setdefault(mark, set()).add(drawn)
    assert len(looks) > 2
    assert all(len(looks_of_one) == 1 for looks_of_one in looks.values()), looks
    assert len(set.union(*looks.values())) == len(looks), looks


def test_without_motion_nothing_moves(open_page: OpenPage, page_url: str) -> None:
    """Nothing is animated or may become so, whatever is pointed at, and jumps are jumps."""
    page = open_page(page_url, reduced_motion="reduce")
    page.get_by_role("main").get_by_role("link").first.hover()
    page.keyboard.press("Tab")
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.evaluate(MOVING) == []
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_what_would_move_is_found(open_page: OpenPage) -> None:
    """A transition is found before it runs: no finding means something."""
    page = open_page("/", reduced_motion="reduce")
    page.evaluate("document.querySelector('h1').style.transition = 'color 1s'")
    assert len(page.evaluate(MOVING)) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_class_has_the_same_colour_everywhere(open_page: OpenPage, scheme: Scheme) -> None:
    """On the home page and on the page of a code; and another than its neighbours."""
    page = open_page("/", scheme=scheme)
    numbers = page.locator("main section[data-hue] h2 .number")
    found = {number.inner_text(): number.evaluate(COLOUR) for number in numbers.all()}
    assert len(set(found.values())) == len(found) > 4
    page = open_page("/status/404/", scheme=scheme)
    assert page.locator("h1 .number").evaluate(COLOUR) == found["4xx"]
