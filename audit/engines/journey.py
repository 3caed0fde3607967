"""The journey: each step opens a URL, and checks what must be visible there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from audit.engines.engine import WIDTH, CommandError, EngineError
from audit.engines.visitor import StepError, Visitor
from audit.pages.site import KINDS

NARROW = 320
"""The width in CSS pixels at which nothing may have to be scrolled to the side: WCAG 1.4.10."""

_BACKGROUND = "getComputedStyle(document.documentElement).backgroundColor"
_THEME = "document.documentElement.dataset.theme ?? 'auto'"
_OPEN = "document.querySelectorAll('dialog[open]').length"
_FOCUS = "document.activeElement.getAttribute('role')"
_FIRST = "document.querySelector('[role=option] .number')?.textContent"
_ROWS = "[...document.querySelectorAll('table.rows tbody tr')].filter(row => row.checkVisibility())"
_NUMBERS = f"{_ROWS}.map(row => parseInt(row.cells[0].textContent))"
_CODES = (
    "[...document.querySelectorAll('main [data-code]')]"
    ".filter(part => part.checkVisibility()).map(part => part.dataset.code)"
)


def _home(visitor: Visitor) -> None:
    visitor.open("")
    visitor.expect("headings of the first rank", "document.querySelectorAll('h1').length", 1)
    visitor.holds("the page has colours of its own", f"{_BACKGROUND} !== 'rgba(0, 0, 0, 0)'")


def _search(visitor: Visitor) -> None:
    visitor.open("")
    visitor.press("/")
    visitor.expect("where the focus is after /", _FOCUS, "combobox")
    visitor.type("teapot")
    visitor.expect("the first answer to teapot", _FIRST, "418")
    visitor.press("Enter")
    visitor.arrive("/status/418/")


def _escape(visitor: Visitor) -> None:
    visitor.open("status/404/")
    visitor.see("(window.before = document.querySelector('main a')).focus()")
    visitor.press("Control", "k")
    visitor.expect("where the focus is after Control and k", _FOCUS, "combobox")
    visitor.type("4xx")
    visitor.expect("the first answer to 4xx", _FIRST, "4xx")
    visitor.press("Escape")
    visitor.expect("open dialogs after Escape", _OPEN, 0)
    visitor.holds("the focus is back", "document.activeElement === window.before")


def _theme(visitor: Visitor) -> None:
    visitor.open("")
    visitor.expect("the theme at first", _THEME, "auto")
    backgrounds = {}
    for theme in ("light", "dark"):
        visitor.click("#ui-theme")
        visitor.expect("the theme after a click", _THEME, theme)
        backgrounds[theme] = visitor.see(_BACKGROUND)
    if backgrounds["light"] == backgrounds["dark"]:
        raise StepError(f"light and dark paper have the same colour, {backgrounds['dark']}")
    visitor.open("status/404/")
    visitor.expect("the theme of the next page", _THEME, "dark")
    visitor.expect("the paper of the next page", _BACKGROUND, backgrounds["dark"])
    visitor.click("#ui-theme")
    visitor.expect("the theme after the last click", _THEME, "auto")


def _fact(visitor: Visitor) -> None:
    visitor.open("status/404/")
    shown = "[...document.querySelectorAll('main details[open] > :not(summary)')]"
    visitor.expect("open facts at first", f"{shown}.length", 0)
    visitor.click("main details > summary")
    visitor.holds("a fact opens", f"{shown}.some(part => part.checkVisibility())")


def _table(visitor: Visitor) -> None:
    visitor.open("tables/vendors/")
    visitor.click("table.rows thead button")
    order = "document.querySelector('table.rows thead th').ariaSort"
    visitor.expect("the order after a click", order, "ascending")
    rising = f"{_NUMBERS}.every((number, at, all) => !at || all[at - 1] <= number)"
    visitor.holds("the rows are in order", rising)
    visitor.click("table.rows thead button")
    visitor.expect("the order after another click", order, "descending")
    visitor.holds("the rows are in order the other way", rising.replace("<=", ">="))
    count = visitor.see(f"{_ROWS}.length")
    visitor.click("main .filter input")
    visitor.type("nginx")
    fitting = f"{_ROWS}.every(row => row.textContent.toLowerCase().includes('nginx'))"
    visitor.holds("only rows with nginx are left", fitting)
    visitor.holds("some rows are left, not all", f"0 < {_ROWS}.length && {_ROWS}.length < {count}")


def _copies(visitor: Visitor) -> None:
    """The text of the fourth is still on its way when the click is over."""
    visitor.open("status/404/")
    opener = "document.querySelector('#ui-copy > button').textContent"
    for position in (1, 4):
        visitor.click("#ui-copy > button")
        visitor.click(f"#ui-copy [role=group] button:nth-child({position})")
        visitor.expect(f"what the menu says of its entry {position}", opener, "Copied")
        visitor.expect("what it says afterwards", opener, "Copy")


def _held_back(visitor: Visitor) -> None:
    """Tables and facts are painted when they are whole, by a rule of the style sheet."""
    parts = "[...document.querySelectorAll('.wide, .facts')]"
    hidden = f"{parts}.filter(part => getComputedStyle(part).visibility !== 'visible').length"
    for path in ("status/4xx/", "status/404/", "guides/all-facts/", "tables/constants/"):
        visitor.open(path)
        visitor.holds(f"/{path} has such a part", f"{parts}.length > 0")
        visitor.expect(f"parts of /{path} that are not shown", hidden, 0)


def _query(visitor: Visitor) -> None:
    visitor.open("status/?q=teapot")
    visitor.expect("the codes that answer teapot", _CODES, ["418"])


def _narrow(visitor: Visitor) -> None:
    visitor.engine.set_width(NARROW)
    try:
        for kind in KINDS:
            if kind.sample is not None:
                visitor.open(kind.sample)
                visitor.expect("the width of the window", "innerWidth", NARROW)
                root = "document.documentElement"
                over = f"{root}.scrollWidth - {root}.clientWidth"
                visitor.expect(f"pixels beside the window on /{kind.sample}", over, 0)
    finally:
        visitor.engine.set_width(WIDTH)


STEPS: Mapping[str, Callable[[Visitor], None]] = {
    "the home page": _home,
    "/ searches": _search,
    "Escape leaves the search": _escape,
    "the colours are kept": _theme,
    "a fact opens": _fact,
    "a table is sorted and cut down": _table,
    "a page is copied": _copies,
    "all is shown in the end": _held_back,
    "an address with a query": _query,
    f"{NARROW} pixels": _narrow,
}


def walk(visitor: Visitor) -> Iterator[str]:
    """What is wrong on the journey. Each step is tried, whatever became of the one before.

    A page that does the same wrong in several steps is named once. Raises EngineError where the
    engine gives up.
    """
    known: set[str] = set()
    for name, step in STEPS.items():
        try:
            step(visitor)
        except (StepError, CommandError) as error:
            yield f"{name}: {error}"
        except EngineError as error:
            raise EngineError(f"{name}: {error}") from error
        for page_error in visitor.page_errors():
            if page_error not in known:
                known.add(page_error)
                yield f"{name}: {page_error}"
