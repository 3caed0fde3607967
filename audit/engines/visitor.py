"""Drives an engine through the site with keys and a mouse, and checks what is visible."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from audit.engines.engine import Action, CommandError, Engine
from audit.engines.monitor import CLEAR_ERRORS, READ_ERRORS

TIMEOUT = 10.0
"""Seconds that a page has to reach an expected state."""
_MAX_LENGTH = 100
"""Characters of a value that a finding shows."""
_KEYS: Mapping[str, str] = {"Control": "\ue009", "Enter": "\ue007", "Escape": "\ue00c"}
_CENTER = """(() => {
  const element = document.querySelector(%s);
  element.scrollIntoView({ block: "center", behavior: "instant" });
  const { x, y, width, height } = element.getBoundingClientRect();
  return [Math.round(x + width / 2), Math.round(y + height / 2)];
})()"""


class StepError(Exception):
    """The page is not in the state that a step expects."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """One visitor in front of one engine."""

    engine: Engine
    origin: str

    def open(self, path: str) -> None:
        """Go to a page of the site, and wait for it."""
        self.engine.open(f"{self.origin}/{path}")
        self.arrive(f"/{path.partition('?')[0]}")

    def arrive(self, path: str) -> None:
        """Wait until the page at a path is there, and its scripts have run."""
        self.expect("the address", "location.pathname", path)
        self.expect(f"the state of {path}", "document.readyState", "complete")

    def press(self, *names: str) -> None:
        """Hold these keys together, and let them go."""
        keys = [_KEYS.get(name, name) for name in names]
        down = [{"type": "keyDown", "value": key} for key in keys]
        self._type([*down, *({"type": "keyUp", "value": key} for key in reversed(keys))])

    def type(self, text: str) -> None:
        """Press one key after the other."""
        kinds = ("keyDown", "keyUp")
        self._type([{"type": kind, "value": letter} for letter in text for kind in kinds])

    def click(self, selector: str) -> None:
        """Press the mouse's first button in the middle of the first element that fits."""
        quoted = json.dumps(selector)
        self.holds(f"there is a {selector}", f"Boolean(document.querySelector({quoted}))")
        x, y = msgspec.convert(self.see(_CENTER % quoted), tuple[int, int])
        steps: list[Action] = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self.engine.act([{"type": "pointer", "id": "mouse", "actions": steps}])

    def see(self, expression: str) -> object:
        """The value of a JavaScript expression now."""
        value = self._wait_for(expression, lambda value: not isinstance(value, CommandError))
        if isinstance(value, CommandError):
            raise value
        return value

    def expect(self, what: str, expression: str, value: object) -> None:
        """Wait until a JavaScript expression has a value."""
        actual = self._wait_for(expression, lambda actual: actual == value)
        if actual != value:
            raise StepError(f"{what}: {_display(actual)}, not {_display(value)}")

    def holds(self, claim: str, expression: str) -> None:
        """Wait until a JavaScript expression is true."""
        value = self._wait_for(expression, lambda value: value is True)
        if value is not True:
            reason = "" if value is False else f" ({_display(value)})"
            raise StepError(f"not so: {claim}{reason}")

    def page_errors(self) -> tuple[str, ...]:
        """The errors of the pages since the last call."""
        errors = msgspec.convert(self.see(READ_ERRORS), tuple[str, ...])
        self.see(CLEAR_ERRORS)
        return errors

    def _type(self, steps: list[Action]) -> None:
        self.engine.act([{"type": "key", "id": "keyboard", "actions": steps}])

    def _wait_for(self, expression: str, is_wanted: Callable[[object], bool]) -> object:
        """The value as soon as it is wanted, or the last one at the timeout."""
        deadline = time.monotonic() + TIMEOUT
        while True:
            value: object
            try:
                value = self.engine.run(expression)
            except CommandError as error:
                # While one page replaces another, neither evaluates expressions.
                value = error
            if is_wanted(value) or time.monotonic() > deadline:
                return value
            time.sleep(0.05)


def _display(value: object) -> str:
    is_error = isinstance(value, CommandError)
    text = str(value) if is_error else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _MAX_LENGTH else f"{text[:_MAX_LENGTH]} …"
