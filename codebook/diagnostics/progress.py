"""The interface for progress reports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

_T = TypeVar("_T")


class Progress(Protocol):
    """Reports the progress of an iteration."""

    def __call__(self, items: Iterable[_T], task: str) -> Iterable[_T]:
        """Yield the items one by one; `task` names the operation, such as `rendering`."""


def no_progress(items: Iterable[_T], task: str) -> Iterable[_T]:  # noqa: ARG001 - a `Progress`
    """Return the items without reporting progress."""
    return items
