"""The interface to an automated browser engine."""

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
"""An input source and its actions, in the format that WebDriver and WebDriver BiDi share."""


class EngineError(Exception):
    """An engine can't be started, or it stops accepting commands."""


class CommandError(Exception):
    """An engine rejects a command, for example because an element is missing."""


class Engine(Protocol):
    """A window of a running browser."""

    @property
    def version(self) -> str:
        """The version that the engine reports."""

    def open(self, url: str) -> None:
        """Open a URL, and wait until the page has loaded."""

    def run(self, expression: str) -> object:
        """The value of a JavaScript expression in the page, as JSON."""

    def act(self, actions: Sequence[Action]) -> None:
        """Press keys and buttons with trusted events."""

    def set_width(self, width: int) -> None:
        """Make the page this wide, or as close to it as possible."""


@dataclass(frozen=True, slots=True)
class EngineDriver:
    """How to detect and start an engine."""

    name: str
    missing: Callable[[], Sequence[str]]
    """Required programs that aren't installed."""
    start: Callable[[], AbstractContextManager[Engine]]
    """Starts an instance with an empty profile until the end of the block."""
