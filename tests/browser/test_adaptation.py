"""Pages on paper, in forced colours and without motion."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

Visit = Callable[..., Page]

PAPER = {"width": 718, "height": 1000}
"""What is left of a sheet of A4 between its margins, in CSS pixels."""

USABLE = """() => [...document.querySelectorAll(
    "nav, button:not(th *), input, select, textarea, a[href='#main']")]
  .filter((element) => element.checkVisibility())
  .map((element) => element.outerHTML.slice(0, 90))"""

CUT = """() => [...document.querySelectorAll("main, main *")]
  .filter((element) => {
    const style = getComputedStyle(element);
    const isCut =
      (element.scrollWidth > element.clientWidth + 1 && style.overflowX !== "visible") ||
      (element.scrollHeight > element.clientHeight + 1 && style.overflowY !== "visible");
    // What is one pixel wide is for the ear alone.
    return isCut && element.clientWidth > 1;
  })
  .map((element) => element.outerHTML.slice(0, 90))"""

BESIDE = """() => [...document.querySelectorAll("main, main *")]
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
  .map((element) => element.outerHTML.slice(0, 90))"""

HIDDEN = """() => [...document.querySelectorAll("main details > :not(summary)")]
  .filter((element) => !element.checkVisibility())
  .map((element) => element.outerHTML.slice(0, 90))"""

FAULTS_ON_PAPER = {"cut": CUT, "beside": BESIDE, "hidden": HIDDEN}

LOOK = """(tile) => [null, "::before", "::after"].map((part) => {
  const style = getComputedStyle(tile, part);
  const number = getComputedStyle(tile.firstElementChild);
  return [
    style.borderStyle, style.borderWidth, style.backgroundImage, style.content,
    style.textDecorationLine, number.textDecorationLine, number.fontStyle,
  ].join(" ");
}).join("; ")"""

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


def test_paper_shows_the_content_and_nothing_to_click(visit: Visit, address: str) -> None:
    """The text is there; menus, buttons, fields and the link past the menu are not.

    The head of a column stays, although a click on it sorts the table.
    """
    page = visit(address, viewport=PAPER)
    page.emulate_media(media="print")
    main = page.get_by_role("main")
    assert main.is_visible()
    assert main.get_by_role("heading", level=1).is_visible()
    assert page.evaluate(USABLE) == []


def test_paper_cuts_nothing_off(visit: Visit, address: str) -> None:
    """No text is in a box that would have to be scrolled, beside the sheet, or folded away."""
    page = visit(address, viewport=PAPER)
    page.emulate_media(media="print")
    found = {name: page.evaluate(script) for name, script in FAULTS_ON_PAPER.items()}
    assert found == {name: [] for name in FAULTS_ON_PAPER}


def test_forced_colours_leave_a_ring_around_the_focus(visit: Visit, address: str) -> None:
    """The ring is an outline: shadows and grounds are taken away."""
    page = visit(address, forced_colors="active", reduced_motion="reduce")
    for _ in range(20):
        page.keyboard.press("Tab")
        ring = page.evaluate(
            "() => { const { outlineStyle: style, outlineWidth: width } ="
            " getComputedStyle(document.activeElement); return [style, parseFloat(width)] }"
        )
        assert ring[0] != "none"
        assert ring[1] >= 1


def test_forced_colours_leave_what_tells_codes_apart(visit: Visit) -> None:
    """Codes with another mark look different by lines alone; the legend shows the same."""
    page = visit("/", forced_colors="active")
    tiles = page.locator("main li a[data-code]")
    looks: dict[str, set[str]] = {}
    for tile in tiles.all():
        mark = (tile.get_attribute("data-mark") or "").strip()
        looks.setdefault(mark, set()).add(tile.evaluate(LOOK))
    assert len(looks) > 2
    assert all(len(looks_of_one) == 1 for looks_of_one in looks.values()), looks
    assert len(set.union(*looks.values())) == len(looks), looks


def test_without_motion_nothing_moves(visit: Visit, address: str) -> None:
    """Nothing is animated or may become so, whatever is pointed at, and jumps are jumps."""
    page = visit(address, reduced_motion="reduce")
    page.get_by_role("main").get_by_role("link").first.hover()
    page.keyboard.press("Tab")
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.evaluate(MOVING) == []
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_what_would_move_is_found(visit: Visit) -> None:
    """A transition is found before it runs: no finding means something."""
    page = visit("/", reduced_motion="reduce")
    page.evaluate("document.querySelector('h1').style.transition = 'color 1s'")
    assert len(page.evaluate(MOVING)) == 1
