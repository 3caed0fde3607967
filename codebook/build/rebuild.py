"""A book that is built again after each change: of what is read and made, only what has changed."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from codebook import io
from codebook.book import urls
from codebook.book.history import History
from codebook.build.options import Options
from codebook.build.pipeline import BuildResult, build_site
from codebook.cache.memory import Cache
from codebook.io import display_path, git


class Rebuild:
    """Remembers the sources and what was made of them; gives what a build from nothing would."""

    def __init__(self, told: Options) -> None:
        """Read the sources. Raises `TroubleError` where they cannot be read."""
        self._told = told
        self._content = io.read_folder(told.content, display_path(told.content))
        self._templates = io.read_folder(told.templates, display_path(told.templates))
        self._kept = io.read_built(told.site, urls.CARDS, ".png")
        # What is committed meanwhile is dated by the next start.
        self._past = git.read_commit_log(told.content)
        self._memory = Cache()
        self._unread: frozenset[Path] = frozenset()

    def __call__(self, changed: frozenset[Path]) -> BuildResult:
        """The book after the files and folders at these paths have changed.

        Raises `TroubleError` where one of them cannot be read.
        """
        # What cannot be read now is tried again with whatever changes next.
        self._unread |= changed
        self._content = io.reread_changed(self._content, self._unread)
        self._templates = io.reread_changed(self._templates, self._unread)
        self._unread = frozenset()
        with _uncollected():
            outcome = build_site(
                self._content,
                self._templates,
                display_path(self._told.site),
                self._told.url,
                target=self._told.target,
                history=self._history(),
                kept=self._kept,
                memory=self._memory,
            )
        if not changed:
            # The book stays: whoever collects garbage need not look through it again.
            gc.freeze()
        return outcome

    def _history(self) -> History | None:
        return self._past.history(self._content.files, self._memory) if self._past else None


@contextmanager
def _uncollected() -> Iterator[None]:
    """Leave the garbage of a build until it is done: somebody waits for it."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
