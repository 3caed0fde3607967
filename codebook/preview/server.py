"""The server that runs until it is stopped, and builds anew when a file changes.

The one module that knows uvicorn.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import uvicorn

from codebook.preview.application import Application
from codebook.preview.showing import PreviewState
from codebook.preview.stage import Stage
from codebook.preview.watching import changes

_LARGEST_HEAD = 16 * 1024
"""Bytes of a request's head at most."""
_MOMENT = 0.03
"""Seconds in which open pages ask for what is new."""
_LAST_WORDS = 1
"""Seconds that answers under way are given at the end."""

Build = Callable[[frozenset[Path], PreviewState], tuple[PreviewState, Callable[[], None]]]
"""What is shown after these paths have changed, at first after none; and what says so to the person
once it is shown. Both are called in another thread."""


def serve(
    listener: socket.socket,
    app: Application,
    stage: Stage,
    folders: Sequence[Path],
    build: Build,
) -> None:
    """Serve what is on the stage until a signal comes, which is then raised as everywhere.

    Builds at first and after each change in the folders; what changes while a build runs is built
    next. Whatever a build raises ends the server, and is raised.
    """
    asyncio.run(_serve(listener, app, stage, folders, build))


async def _serve(
    listener: socket.socket,
    app: Application,
    stage: Stage,
    folders: Sequence[Path],
    build: Build,
) -> None:
    server = _Server(_config(app), stage)
    found: asyncio.Queue[frozenset[Path]] = asyncio.Queue()
    # In this order: what changes during the first build is noticed.
    tasks = [
        asyncio.ensure_future(_watch(folders, found)),
        asyncio.ensure_future(_build(stage, found, build)),
    ]
    for task in tasks:
        task.add_done_callback(lambda _: server.leave())
    try:
        await server.serve(sockets=[listener])
    finally:
        for task in tasks:
            if task.done():
                task.result()
            task.cancel()


async def _watch(folders: Sequence[Path], found: asyncio.Queue[frozenset[Path]]) -> None:
    async for changed in changes(folders):
        found.put_nowait(changed)


async def _build(stage: Stage, found: asyncio.Queue[frozenset[Path]], build: Build) -> None:
    changed = frozenset[Path]()
    while True:
        showing, say = await asyncio.to_thread(build, changed, stage.showing)
        stage.show(showing)
        # Whoever looks at a page comes first.
        await asyncio.sleep(_MOMENT)
        await asyncio.to_thread(say)
        changed = await found.get()
        while not found.empty():
            changed |= found.get_nowait()


def _config(app: Application) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        interface="asgi3",
        # What is said to the person is said by the command.
        log_config=None,
        log_level="error",
        access_log=False,
        # Nobody in front of it may say where a request comes from.
        proxy_headers=False,
        server_header=False,
        h11_max_incomplete_event_size=_LARGEST_HEAD,
        timeout_graceful_shutdown=_LAST_WORDS,
    )


class _Server(uvicorn.Server):
    """Ends the streams before it waits for the last answers."""

    def __init__(self, config: uvicorn.Config, stage: Stage) -> None:
        super().__init__(config)
        self._stage = stage

    def leave(self) -> None:
        """End as after a signal."""
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close what is open."""
        self._stage.end()
        await super().shutdown(sockets)
