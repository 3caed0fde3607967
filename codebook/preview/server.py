"""The server: runs until a signal stops it, and rebuilds when a file changes.

The one module that knows uvicorn.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import uvicorn

from codebook.io import AccessError
from codebook.preview.application import Application
from codebook.preview.file_watcher import changed_paths
from codebook.preview.state import LiveState, PreviewState

_PORTS_TO_TRY = 20
_LAST_PORT = 65535
_MAX_HEADER_SIZE = 16 * 1024
"""Bytes that the request line and the headers may take."""
_REPORT_DELAY = 0.03
"""Seconds in which open pages request the new site."""
_SHUTDOWN_TIMEOUT = 1
"""Seconds that responses in progress are given at the end."""

Build = Callable[[frozenset[Path], PreviewState], tuple[PreviewState, Callable[[], None]]]
"""The state after these paths have changed (none for the first build), and what reports it on the
command line once it is served. Both are called in another thread."""


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to the port, or to the next free one; with 0, to any.

    Raises `AccessError` if none of the ports is free, or the host does not belong to this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    last = min(port + _PORTS_TO_TRY - 1, _LAST_PORT) if port else 0
    for candidate in range(port, last + 1):
        try:
            listener = socket.create_server((host, candidate), family=family)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                reason = (error.strerror or str(error)).lower()
                message = f"cannot listen at {host} port {candidate}: {reason}"
                raise AccessError(message) from None
        else:
            # Inherited by each connection: a body must not wait until the head was acknowledged.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return listener
    raise AccessError(f"the ports {port} to {last} are all taken: choose another with --port")


def serve(
    listener: socket.socket,
    app: Application,
    live_state: LiveState,
    folders: Sequence[Path],
    build: Build,
) -> None:
    """Serve until a signal arrives, which is then raised as usual.

    Builds at the start and after each change in the folders; changes during a build are built next.
    An exception of `build` ends the server, and is raised.
    """
    asyncio.run(_serve(listener, app, live_state, folders, build))


async def _serve(
    listener: socket.socket,
    app: Application,
    live_state: LiveState,
    folders: Sequence[Path],
    build: Build,
) -> None:
    server = _Server(_config(app), live_state)
    changes: asyncio.Queue[frozenset[Path]] = asyncio.Queue()
    # In this order, so that changes during the first build are noticed.
    tasks = [
        asyncio.ensure_future(_watch(folders, changes)),
        asyncio.ensure_future(_build(live_state, changes, build)),
    ]
    for task in tasks:
        task.add_done_callback(lambda _: server.stop())
    try:
        await server.serve(sockets=[listener])
    finally:
        for task in tasks:
            if task.done():
                task.result()
            task.cancel()


async def _watch(folders: Sequence[Path], changes: asyncio.Queue[frozenset[Path]]) -> None:
    async for paths in changed_paths(folders):
        changes.put_nowait(paths)


async def _build(
    live_state: LiveState, changes: asyncio.Queue[frozenset[Path]], build: Build
) -> None:
    paths = frozenset[Path]()
    while True:
        state, report = await asyncio.to_thread(build, paths, live_state.current)
        live_state.update(state)
        # Open pages come first.
        await asyncio.sleep(_REPORT_DELAY)
        await asyncio.to_thread(report)
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
        # The command prints what there is to say.
        log_config=None,
        log_level="error",
        access_log=False,
        # No proxy may say where a request comes from.
        proxy_headers=False,
        server_header=False,
        h11_max_incomplete_event_size=_MAX_HEADER_SIZE,
        timeout_graceful_shutdown=_SHUTDOWN_TIMEOUT,
    )


class _Server(uvicorn.Server):
    """Ends the event streams before it waits for the last responses."""

    def __init__(self, config: uvicorn.Config, live_state: LiveState) -> None:
        super().__init__(config)
        self._live_state = live_state

    def stop(self) -> None:
        """Shut down as after a signal."""
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close all connections."""
        self._live_state.close()
        await super().shutdown(sockets)
