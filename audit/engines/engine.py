"""The interface of a browser engine that can be driven."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

START_TIMEOUT = 60.0
"""Seconds until an engine must accept commands."""
COMMAND_TIMEOUT = 30.0
"""Seconds for one command, such as loading a page."""
WIDTH, HEIGHT = 1000, 800
"""The window in CSS pixels."""

Action: TypeAlias = Mapping[str, object]
"""One input source and what it does, in the terms that WebDriver and WebDriver BiDi share."""


class EngineError(Exception):
    """An engine does not start, or no longer accepts commands."""


class CommandError(Exception):
    """An engine rejects one command: there is no such element, or the page is being left."""


class Engine(Protocol):
    """A window of a running browser."""

    @property
    def version(self) -> str:
        """The version as the engine tells it."""

    def open(self, url: str) -> None:
        """Open a URL, and return when the page has loaded."""

    def run(self, expression: str) -> object:
        """The value of a JavaScript expression in the page, as JSON."""

    def act(self, actions: Sequence[Action]) -> None:
        """Press keys and buttons with trusted events, as a person does."""

    def set_width(self, width: int) -> None:
        """Make the page this wide, or as close to it as the engine can."""


@dataclass(frozen=True, slots=True)
class EngineDriver:
    """Starts an engine, where it is installed."""

    name: str
    missing: Callable[[], Sequence[str]]
    """The programs that it needs and that are not installed."""
    start: Callable[[], AbstractContextManager[Engine]]
    """A new instance with an empty profile, until the end of the block."""
