"""How far long work is, for whoever waits for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

_T = TypeVar("_T")


class Progress(Protocol):
    """Follows long work while it goes on."""

    def __call__(self, items: Iterable[_T], task: str) -> Iterable[_T]:
        """Hand on the items one by one; `task` says in a word what is done with them."""


def no_progress(items: Iterable[_T], task: str) -> Iterable[_T]:  # noqa: ARG001 - a `Progress`
    """Hand on the items, and follow nothing."""
    return items
