"""What a browser engine is to the journey."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

START = 60.0
"""Seconds that an engine may take until it can be driven."""
ANSWER = 30.0
"""Seconds that it may take to carry out one order; to load a page is one."""
WIDTH, HEIGHT = 1000, 800
"""The window in CSS pixels."""

Action: TypeAlias = Mapping[str, object]
"""One input source and what it does, in the terms that WebDriver and WebDriver BiDi share."""


class EngineError(Exception):
    """An engine does not start, or carries out no more orders."""


class RefusalError(Exception):
    """An engine refuses one order: there is no such element, the page is just being left."""


class Engine(Protocol):
    """A window of a running browser."""

    @property
    def version(self) -> str:
        """The version as the engine tells it."""

    def open(self, address: str) -> None:
        """Go to an address, and come back when the page has loaded."""

    def run(self, expression: str) -> object:
        """The value of a JavaScript expression in the page, as far as JSON can say it."""

    def act(self, actions: Sequence[Action]) -> None:
        """Press keys and buttons as a person would: the page sees no difference."""

    def set_width(self, width: int) -> None:
        """Make the page this wide, or as near to it as the engine can."""


@dataclass(frozen=True, slots=True)
class Known:
    """An engine that can be driven where it is installed."""

    name: str
    missing: Callable[[], Sequence[str]]
    """The programs that it needs and the machine does not have."""
    driven: Callable[[], AbstractContextManager[Engine]]
    """A fresh one without a past, until the end of the block."""
