"""The server, which runs until a signal stops it, and rebuilds when a file changes.

Only this module and `connections.py` use Uvicorn.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import uvicorn
from msgspec import Struct

from codebook.preview.application import Application
from codebook.preview.connections import accept, max_connections
from codebook.preview.file_watcher import changed_paths
from codebook.preview.state import LiveState, PreviewState

_MAX_HEADER_SIZE = 16 * 1024
"""The maximum size of the request line and the headers, in bytes."""
_REPORT_DELAY = 0.03
"""Seconds to wait before reporting, so that open pages can load the new site first."""
_REPEAT_DELAY = 1
"""Seconds after which a build whose sources could not be read is repeated."""
_REQUEST_TIMEOUT = 20
"""Seconds in which a request must be complete."""
_SHUTDOWN_TIMEOUT = 1
"""Seconds to wait for responses in progress at shutdown."""


class Built(Struct, frozen=True):
    """The result of a build."""

    state: PreviewState
    report: Callable[[], None]
    """Reports it on the command line once it is served. Runs in another thread."""
    is_final: bool = True
    """If not, the build is repeated until it is, even if nothing else changes."""


Build = Callable[[frozenset[Path], PreviewState], Built]
"""Builds after these paths have changed (none for the first build), in another thread."""


class Sources(Struct, frozen=True):
    """The folders of the book, and what happens when something in them changes."""

    folders: Sequence[Path]
    build: Build
    warn: Callable[[str], None]
    """Called with a sentence if the system can't notify of changes, or no descriptor is left."""


def serve(
    listener: socket.socket,
    app: Application,
    live_state: LiveState,
    sources: Sources,
) -> None:
    """Serve until a signal arrives, which is then raised as usual.

    Builds at the start and after each change in the folders; changes during a build trigger the
    next one. An exception in the build stops the server, and is raised.
    """
    asyncio.run(_serve(listener, app, live_state, sources))


async def _serve(
    listener: socket.socket,
    app: Application,
    live_state: LiveState,
    sources: Sources,
) -> None:
    server = _Server(_config(app), live_state)
    changes: asyncio.Queue[frozenset[Path]] = asyncio.Queue()
    # Watching starts first, so that changes during the first build are noticed.
    tasks = [
        server.start_accepting(listener, sources.warn),
        asyncio.ensure_future(_watch(sources, changes)),
        asyncio.ensure_future(_build(live_state, changes, sources.build)),
    ]
    for task in tasks:
        task.add_done_callback(lambda _: server.stop())
    try:
        await server.serve(sockets=[])
    finally:
        for task in tasks:
            if task.done():
                with suppress(asyncio.CancelledError):
                    task.result()
            task.cancel()


async def _watch(sources: Sources, changes: asyncio.Queue[frozenset[Path]]) -> None:
    async for paths in changed_paths(sources.folders, sources.warn):
        changes.put_nowait(paths)


async def _build(
    live_state: LiveState, changes: asyncio.Queue[frozenset[Path]], build: Build
) -> None:
    paths = frozenset[Path]()
    while True:
        built = await asyncio.to_thread(build, paths, live_state.current)
        if built.state is not live_state.current:
            live_state.update(built.state)
        # Let open pages load first.
        await asyncio.sleep(_REPORT_DELAY)
        await asyncio.to_thread(built.report)
        delay = None if built.is_final else _REPEAT_DELAY
        # What failed is read again without another save: it may have been no one's mistake, such
        # as too many open files.
        with suppress(TimeoutError):
            async with asyncio.timeout(delay):
                paths = await changes.get()
        while not changes.empty():
            paths |= changes.get_nowait()


def _config(app: Application) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        interface="asgi3",
        # The command prints its own messages.
        log_config=None,
        log_level="error",
        access_log=False,
        # Don't trust forwarding headers.
        proxy_headers=False,
        server_header=False,
        h11_max_incomplete_event_size=_MAX_HEADER_SIZE,
        timeout_graceful_shutdown=_SHUTDOWN_TIMEOUT,
    )


class _Server(uvicorn.Server):
    """Accepts connections, and closes the event streams before waiting for other responses."""

    def __init__(self, config: uvicorn.Config, live_state: LiveState) -> None:
        super().__init__(config)
        self._live_state = live_state
        self._accepting: asyncio.Future[None] | None = None

    def start_accepting(
        self, listener: socket.socket, warn: Callable[[str], None]
    ) -> asyncio.Future[None]:
        """Start a task that accepts connections until the server shuts down."""
        self._accepting = asyncio.ensure_future(
            accept(listener, self, warn, time_limit=_REQUEST_TIMEOUT, maximum=max_connections())
        )
        return self._accepting

    def stop(self) -> None:
        """Shut down as if a signal had arrived."""
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close all connections, and accept no more."""
        if self._accepting:
            self._accepting.cancel()
        self._live_state.close()
        await super().shutdown(sockets)
