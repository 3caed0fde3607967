"""What is shown now, and who waits for what comes next. Used by one event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from codebook.preview.showing import PreviewState


class Stage:
    """Holds one `Showing` at a time."""

    def __init__(self, showing: PreviewState) -> None:
        self._showing = showing
        self._changed = asyncio.Event()
        self._is_over = False

    async def begun(self) -> None:
        """Wait for the first build."""
        while not self._showing.build and not self._is_over:
            await self._changed.wait()

    @property
    def showing(self) -> PreviewState:
        """What is shown now."""
        return self._showing

    def show(self, showing: PreviewState) -> None:
        """Show this from now on; whoever waits gets it at once."""
        self._showing = showing
        self._wake()

    def end(self) -> None:
        """Let nobody wait any longer."""
        self._is_over = True
        self._wake()

    async def showings(self) -> AsyncIterator[PreviewState]:
        """What is shown now, then whatever is shown next, until the end.

        Who is slow misses what was replaced meanwhile, and never the newest.
        """
        while not self._is_over:
            changed = self._changed
            yield self._showing
            await changed.wait()

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
