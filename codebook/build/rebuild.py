"""Rebuild a book after each change, repeating only the work that the change affects."""

from __future__ import annotations

import gc
from pathlib import Path

from codebook.book.history import History
from codebook.build.garbage_collection import paused_garbage_collection
from codebook.build.options import Options
from codebook.build.pipeline import BuildResult, build_site
from codebook.cache import Cache
from codebook.io import git
from codebook.io.disk import display_path
from codebook.io.sources import read_folder, reread_changed


class Rebuild:
    """The sources and a cache. The result of a rebuild always equals that of a full build."""

    def __init__(self, options: Options) -> None:
        """Read the sources. Raises `AccessError` if they cannot be read."""
        self._options = options
        self._content = read_folder(options.content, display_path(options.content))
        self._templates = read_folder(options.templates, display_path(options.templates))
        # Read once: commits made while the preview runs show up after a restart.
        self._commit_log = git.read_commit_log(options.content)
        self._cache = Cache()
        self._pending: frozenset[Path] = frozenset()

    def __call__(self, changed: frozenset[Path]) -> BuildResult:
        """Rebuild the book after the files and folders at these paths have changed.

        Raises `AccessError` if one of them cannot be read.
        """
        # If reading fails, these paths are read again with the next change.
        self._pending |= changed
        self._content = reread_changed(self._content, self._pending)
        self._templates = reread_changed(self._templates, self._pending)
        self._pending = frozenset()
        with paused_garbage_collection():
            result = build_site(
                self._content,
                self._templates,
                display_path(self._options.site),
                self._options.url,
                host=self._options.host,
                history=self._history(),
                cache=self._cache,
            )
        if not changed:
            # The book stays in memory, so exempt it from garbage collection.
            gc.freeze()
        return result

    def _history(self) -> History | None:
        log = self._commit_log
        return log.history(self._cache, self._content.files) if log else None
