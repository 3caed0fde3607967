"""Use the site in an engine with keyboard and mouse, and check what is visible."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from audit.engines.engine import Action, CommandError, Engine
from audit.engines.monitor import CLEAR_ERRORS, READ_ERRORS

TIMEOUT = 10.0
"""Seconds to wait for an expected state."""
_MAX_LENGTH = 100
"""The maximum length of a value in a finding."""
_KEYS: Mapping[str, str] = {"Control": "\ue009", "Enter": "\ue007", "Escape": "\ue00c"}
_CENTER = """(() => {
  const element = document.querySelector(%s);
  element.scrollIntoView({ block: "center", behavior: "instant" });
  const { x, y, width, height } = element.getBoundingClientRect();
  return [Math.round(x + width / 2), Math.round(y + height / 2)];
})()"""


class StepError(Exception):
    """The page isn't in the state that a step expects."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A visitor of the site in one engine."""

    engine: Engine
    origin: str

    def open(self, path: str) -> None:
        """Open a page of the site, and wait until it has loaded."""
        self.engine.open(f"{self.origin}/{path}")
        self.arrive(f"/{path.partition('?')[0]}")

    def arrive(self, path: str) -> None:
        """Wait until the page at a path has loaded and its scripts have run."""
        self.expect("path of the page", "location.pathname", path)
        self.expect(f"state of {path}", "document.readyState", "complete")

    def press(self, *names: str) -> None:
        """Press these keys together, and release them."""
        keys = [_KEYS.get(name, name) for name in names]
        down = [{"type": "keyDown", "value": key} for key in keys]
        self._type([*down, *({"type": "keyUp", "value": key} for key in reversed(keys))])

    def type(self, text: str) -> None:
        """Type a text."""
        kinds = ("keyDown", "keyUp")
        self._type([{"type": kind, "value": letter} for letter in text for kind in kinds])

    def click(self, selector: str) -> None:
        """Click in the middle of the first matching element."""
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
        """Evaluate a JavaScript expression."""
        value = self._wait_for(expression, lambda value: not isinstance(value, CommandError))
        if isinstance(value, CommandError):
            raise value
        return value

    def expect(self, what: str, expression: str, value: object) -> None:
        """Wait until a JavaScript expression has a value."""
        actual = self._wait_for(expression, lambda actual: actual == value)
        if actual != value:
            raise StepError(f"{what}: {_display(actual)}, expected {_display(value)}")

    def holds(self, claim: str, expression: str) -> None:
        """Wait until a JavaScript expression is true."""
        value = self._wait_for(expression, lambda value: value is True)
        if value is not True:
            reason = "" if value is False else f" ({_display(value)})"
            raise StepError(f"not true: {claim}{reason}")

    def page_errors(self) -> tuple[str, ...]:
        """The page errors since the last call."""
        errors = msgspec.convert(self.see(READ_ERRORS), tuple[str, ...])
        self.see(CLEAR_ERRORS)
        return errors

    def _type(self, steps: list[Action]) -> None:
        self.engine.act([{"type": "key", "id": "keyboard", "actions": steps}])

    def _wait_for(self, expression: str, is_wanted: Callable[[object], bool]) -> object:
        """Evaluate an expression until its value is wanted or the time is up."""
        deadline = time.monotonic() + TIMEOUT
        while True:
            value: object
            try:
                value = self.engine.run(expression)
            except CommandError as error:
                # Expressions fail during navigation.
                value = error
            if is_wanted(value) or time.monotonic() > deadline:
                return value
            time.sleep(0.05)


def _display(value: object) -> str:
    is_error = isinstance(value, CommandError)
    text = str(value) if is_error else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _MAX_LENGTH else f"{text[:_MAX_LENGTH]} …"
