"""Somebody who goes through the site with keys, a mouse and two eyes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from audit.engines.engine import Action, Engine, RefusalError
from audit.engines.watch import FAULTS, FORGET

PATIENCE = 10.0
"""Seconds that a page may take to become what is expected of it."""
_SHOWN = 100
"""Characters of a value that a finding shows."""
_KEYS: Mapping[str, str] = {"Control": "\ue009", "Enter": "\ue007", "Escape": "\ue00c"}
_CENTRE = """(() => {
  const element = document.querySelector(%s);
  element.scrollIntoView({ block: "center", behavior: "instant" });
  const { x, y, width, height } = element.getBoundingClientRect();
  return [Math.round(x + width / 2), Math.round(y + height / 2)];
})()"""


class StepError(Exception):
    """What is seen is not what a step promises."""


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
        words = json.dumps(selector)
        self.holds(f"there is a {selector}", f"Boolean(document.querySelector({words}))")
        x, y = msgspec.convert(self.see(_CENTRE % words), tuple[int, int])
        steps: list[Action] = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self.engine.act([{"type": "pointer", "id": "mouse", "actions": steps}])

    def see(self, expression: str) -> object:
        """The value of a JavaScript expression now."""
        found = self._last(expression, lambda found: not isinstance(found, RefusalError))
        if isinstance(found, RefusalError):
            raise found
        return found

    def expect(self, what: str, expression: str, value: object) -> None:
        """Wait until a JavaScript expression has a value."""
        found = self._last(expression, lambda found: found == value)
        if found != value:
            raise StepError(f"{what}: {_shown(found)}, not {_shown(value)}")

    def holds(self, claim: str, expression: str) -> None:
        """Wait until a JavaScript expression is true."""
        found = self._last(expression, lambda found: found is True)
        if found is not True:
            why = "" if found is False else f" ({_shown(found)})"
            raise StepError(f"not so: {claim}{why}")

    def faults(self) -> tuple[str, ...]:
        """What the pages have done since the last time that no page may do."""
        found = msgspec.convert(self.see(FAULTS), tuple[str, ...])
        self.see(FORGET)
        return found

    def _type(self, steps: list[Action]) -> None:
        self.engine.act([{"type": "key", "id": "keyboard", "actions": steps}])

    def _last(self, expression: str, is_wanted: Callable[[object], bool]) -> object:
        """What is seen when it is what is wanted, or when the patience is over."""
        until = time.monotonic() + PATIENCE
        while True:
            found: object
            try:
                found = self.engine.run(expression)
            except RefusalError as refusal:
                # While one page gives way to another, neither can be asked.
                found = refusal
            if is_wanted(found) or time.monotonic() > until:
                return found
            time.sleep(0.05)


def _shown(value: object) -> str:
    refused = isinstance(value, RefusalError)
    words = str(value) if refused else json.dumps(value, ensure_ascii=False)
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]} …"
