"""The state of the preview: immutable values, of which one is current."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import PurePosixPath

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from codebook.preview.overlay import OverlayItem
from codebook.site.words import Words, direction, keys

_MAX_ITEMS = 50
"""The maximum number of diagnostics to show: one error in a template can cause thousands."""


class PreviewState(Struct, frozen=True):
    """The site of the last successful build, and the result of the newest build."""

    version: int
    """The version of the site. It is never reused, even after a restart."""
    build: int
    """The number of the newest build, which may have failed."""
    files: Mapping[PurePosixPath, bytes] | None = None
    """The site of the last successful build; None before the first one."""
    base_path: str = "/"
    """The base path of the published site. Links on the error page begin with it."""
    style_sheets: tuple[str, ...] = ()
    """The URLs of the style sheets that are new in this version."""
    is_good: bool = False
    """Whether the newest build succeeded."""
    items: tuple[OverlayItem, ...] = ()
    """The diagnostics of the newest build, errors first."""
    omitted: int = 0
    """The number of diagnostics that aren't in `items`."""
    words: Words = msgspec.field(default_factory=keys)
    """The words of the overlay, from the newest build whose words are valid."""


def next_state(
    state: PreviewState,
    files: Mapping[PurePosixPath, bytes] | None,
    items: Sequence[OverlayItem],
    base_path: str = "/",
    words: Words | None = None,
) -> PreviewState:
    """The state after another build, which failed if `files` is None."""
    ordered = sorted(items, key=lambda item: item.severity)
    built = replace(
        state,
        build=state.build + 1,
        is_good=files is not None,
        items=tuple(ordered[:_MAX_ITEMS]),
        omitted=len(ordered[_MAX_ITEMS:]),
        words=words or state.words,
    )
    if files is None or files == state.files:
        return built
    new = files.keys() - state.files.keys() if state.files else frozenset[PurePosixPath]()
    return replace(
        built,
        files=files,
        version=state.version + 1,
        style_sheets=tuple(sorted(f"/{path}" for path in new if path.suffix == ".css")),
        base_path=base_path,
    )


def changed_files(before: PreviewState, after: PreviewState) -> tuple[PurePosixPath, ...]:
    """The files that a build changed, added, or removed."""
    old, new = before.files or {}, after.files or {}
    if old is new:
        return ()
    changed = (path for path in old.keys() | new.keys() if old.get(path) is not new.get(path))
    return tuple(sorted(path for path in changed if old.get(path) != new.get(path)))


def event_json(state: PreviewState) -> str:
    """The data of the event that is sent to open pages, as JSON on one line."""
    return json.dumps(
        {
            "version": str(state.version),
            "build": str(state.build),
            "isGood": state.is_good,
            "hasSite": state.files is not None,
            "styleSheets": state.style_sheets,
            "diagnostics": [msgspec.to_builtins(item) for item in state.items],
            "omitted": state.omitted,
            "words": msgspec.to_builtins(state.words.preview),
            "language": state.words.language,
            "direction": direction(state.words.language),
        }
    )


class LiveState:
    """The current state, and a way to wait for the next one. Used by one event loop."""

    def __init__(self, state: PreviewState) -> None:
        self._current = state
        self._changed = asyncio.Event()
        self._is_closed = False

    @property
    def current(self) -> PreviewState:
        """The newest state."""
        return self._current

    def update(self, state: PreviewState) -> None:
        """Replace the state and wake all waiters."""
        self._current = state
        self._wake()

    def close(self) -> None:
        """Wake all waiters, and end their iteration."""
        self._is_closed = True
        self._wake()

    async def wait_for_first_build(self) -> None:
        """Wait until the first build has finished, or until closed."""
        while not self._current.build and not self._is_closed:
            await self._changed.wait()

    async def states(self) -> AsyncIterator[PreviewState]:
        """The current state, then each new one, until closed.

        A slow reader skips states that were replaced in the meantime, but always gets the newest.
        """
        while not self._is_closed:
            changed = self._changed
            yield self._current
            await changed.wait()

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
