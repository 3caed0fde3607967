"""The smoke test: each step opens a URL and checks what is visible."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from audit.engines.engine import WIDTH, CommandError, EngineError
from audit.engines.visitor import StepError, Visitor
from audit.pages.site import KINDS

NARROW = 320
"""The width in CSS pixels that must not need horizontal scrolling (WCAG 1.4.10)."""

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
    visitor.expect("number of h1 elements", "document.querySelectorAll('h1').length", 1)
    visitor.holds("the style sheet sets a background", f"{_BACKGROUND} !== 'rgba(0, 0, 0, 0)'")


def _search(visitor: Visitor) -> None:
    visitor.open("")
    visitor.press("/")
    visitor.expect("focused role after /", _FOCUS, "combobox")
    visitor.type("teapot")
    visitor.expect("first result for teapot", _FIRST, "418")
    visitor.press("Enter")
    visitor.arrive("/status/418/")


def _escape(visitor: Visitor) -> None:
    visitor.open("status/404/")
    visitor.see("(window.before = document.querySelector('main a')).focus()")
    visitor.press("Control", "k")
    visitor.expect("focused role after Control+K", _FOCUS, "combobox")
    visitor.type("4xx")
    visitor.expect("first result for 4xx", _FIRST, "4xx")
    visitor.press("Escape")
    visitor.expect("open dialogs after Escape", _OPEN, 0)
    visitor.holds("Escape returns the focus", "document.activeElement === window.before")


def _theme(visitor: Visitor) -> None:
    visitor.open("")
    visitor.expect("default theme", _THEME, "auto")
    backgrounds = {}
    for theme in ("light", "dark"):
        visitor.click("#ui-theme")
        visitor.expect("theme after a click", _THEME, theme)
        backgrounds[theme] = visitor.see(_BACKGROUND)
    if backgrounds["light"] == backgrounds["dark"]:
        raise StepError(f"light and dark have the same background, {backgrounds['dark']}")
    visitor.open("status/404/")
    visitor.expect("theme of the next page", _THEME, "dark")
    visitor.expect("background of the next page", _BACKGROUND, backgrounds["dark"])
    visitor.click("#ui-theme")
    visitor.expect("theme after the last click", _THEME, "auto")


def _fact(visitor: Visitor) -> None:
    visitor.open("status/404/")
    shown = "[...document.querySelectorAll('main .facts [open] > :not(summary)')]"
    visitor.expect("open facts before a click", f"{shown}.length", 0)
    visitor.click("main .facts summary")
    visitor.holds("a click opens a fact", f"{shown}.some(part => part.checkVisibility())")


def _table(visitor: Visitor) -> None:
    visitor.open("tables/vendors/")
    visitor.click("table.rows thead button")
    order = "document.querySelector('table.rows thead th').ariaSort"
    visitor.expect("sort order after a click", order, "ascending")
    rising = f"{_NUMBERS}.every((number, at, all) => !at || all[at - 1] <= number)"
    visitor.holds("rows are sorted", rising)
    visitor.click("table.rows thead button")
    visitor.expect("sort order after another click", order, "descending")
    visitor.holds("rows are sorted in reverse", rising.replace("<=", ">="))
    count = visitor.see(f"{_ROWS}.length")
    visitor.click("main .filter input")
    visitor.type("nginx")
    fitting = f"{_ROWS}.every(row => row.textContent.toLowerCase().includes('nginx'))"
    visitor.holds("only rows with nginx are visible", fitting)
    visitor.holds(
        "the filter hides some rows, but not all", f"0 < {_ROWS}.length && {_ROWS}.length < {count}"
    )


def _copies(visitor: Visitor) -> None:
    """The fourth entry copies a text that is still loading when the click ends."""
    visitor.open("status/404/")
    opener = "document.querySelector('#ui-copy > button').textContent"
    for position in (1, 4):
        visitor.click("#ui-copy > button")
        visitor.click(f"#ui-copy [role=group] button:nth-child({position})")
        visitor.expect(f"button label after copying entry {position}", opener, "Copied")
        visitor.expect("button label afterward", opener, "Copy")


def _deferred(visitor: Visitor) -> None:
    """The style sheet hides tables and facts until they have loaded completely."""
    parts = "[...document.querySelectorAll('.table-scroll, .facts')]"
    hidden = f"{parts}.filter(part => getComputedStyle(part).visibility !== 'visible').length"
    for path in ("status/4xx/", "status/404/", "guides/all-facts/", "tables/constants/"):
        visitor.open(path)
        visitor.holds(f"/{path} has tables or facts", f"{parts}.length > 0")
        visitor.expect(f"hidden tables and facts on /{path}", hidden, 0)


def _query(visitor: Visitor) -> None:
    visitor.open("status/?q=teapot")
    visitor.expect("codes shown for teapot", _CODES, ["418"])


def _narrow(visitor: Visitor) -> None:
    visitor.engine.set_width(NARROW)
    try:
        for kind in KINDS:
            if kind.sample is not None:
                visitor.open(kind.sample)
                visitor.expect("width of the window", "innerWidth", NARROW)
                root = "document.documentElement"
                over = f"{root}.scrollWidth - {root}.clientWidth"
                visitor.expect(f"horizontal overflow in pixels on /{kind.sample}", over, 0)
    finally:
        visitor.engine.set_width(WIDTH)


STEPS: Mapping[str, Callable[[Visitor], None]] = {
    "home page": _home,
    "/ opens search": _search,
    "Escape closes search": _escape,
    "theme is remembered": _theme,
    "facts open": _fact,
    "tables are sorted and filtered": _table,
    "pages are copied": _copies,
    "deferred parts are shown": _deferred,
    "query in the URL": _query,
    f"{NARROW} pixels wide": _narrow,
}


def walk(visitor: Visitor) -> Iterator[str]:
    """Run all steps, and yield the findings. A failing step doesn't stop the next ones.

    Page errors that repeat in several steps are reported once. Raises EngineError if the engine
    stops responding.
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
