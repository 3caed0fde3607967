"""Watching without notifications: why, how it is said, and what is seen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from codebook.preview import file_watcher
from tests.coroutines import run_coroutine
from tests.preview_process import TIMEOUT, save

INSTANCES = RuntimeError(
    "Error creating recommended watcher: Too many open files (os error 24)",
)
WATCHES = OSError(
    'OS file watch limit reached. about ["/b/codes"] '
    '(Error { kind: MaxFilesWatch, paths: ["/b/codes"] })',
)
LATER_WATCHES = RuntimeError(
    'error in underlying watcher: OS file watch limit reached. about ["/b/codes"]',
)
NAME = RuntimeError(r'Unable to decode path "/b/codes/\xFF.md" to string')
OTHER = OSError(
    "Input/output error (os error 5) (Error { kind: Io(Os { code: 5, kind: Uncategorized }) })"
)
"""The errors of watchfiles 1.3, from `src/lib.rs` and from the crate notify, as they are raised."""

REASONS = {
    INSTANCES: "the limit of inotify instances is reached (fs.inotify.max_user_instances)",
    WATCHES: "the limit of inotify watches is reached (fs.inotify.max_user_watches)",
    LATER_WATCHES: "the limit of inotify watches is reached (fs.inotify.max_user_watches)",
    NAME: "the name of a changed file is not valid UTF-8",
    OTHER: "no notifications of changes: Input/output error (os error 5)",
}


def watch_with_error(folder: Path, error: Exception, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Save a file twice, and rename the folder; the sentences about an error in watching it."""

    async def awatch(*_: object, **__: object) -> AsyncIterator[set[tuple[int, str]]]:
        for step in (error,):
            raise step
        yield set()

    warnings: list[str] = []

    async def follow() -> None:
        document = folder / "a.md"
        following = asyncio.ensure_future(anext(changes))
        await asyncio.sleep(0)
        # Both versions have the same size.
        for text in ("1", "2"):
            save(document, text)
            assert await following == {document}
            following = asyncio.ensure_future(anext(changes))
            await asyncio.sleep(0)
        await asyncio.to_thread(folder.rename, folder.with_name("away"))
        assert await following == {folder, document}
        await asyncio.to_thread(folder.with_name("away").rename, folder)
        assert await anext(changes) == {folder, document}

    async def run() -> None:
        await asyncio.wait_for(follow(), TIMEOUT)

    monkeypatch.setattr(file_watcher, "awatch", awatch)
    changes = file_watcher.changed_paths([folder], warnings.append)
    run_coroutine(run())
    return warnings


@pytest.mark.parametrize("error", REASONS, ids=lambda error: str(error)[:30])
def test_without_notifications_every_save_is_still_seen(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence names the limit that is reached, without the debugging text of a library."""
    folder = tmp_path / "book"
    folder.mkdir()
    (warning,) = watch_with_error(folder, error, monkeypatch)
    assert warning == f"{REASONS[error]}; looking for changed files every 0.25 s instead"
