"""Accepts connections, and closes those that wait too long for a request.

If no file descriptor is left, asyncio's own servers log thousands of errors per second, and respond
to no one until a client disconnects. So this module accepts connections itself, one at a time, and
leaves descriptors for builds.
"""

from __future__ import annotations

import asyncio
import errno
import math
import socket
import sys
from collections.abc import Callable

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

if sys.platform != "win32":
    import resource

_RESERVED = 32
"""File descriptors that aren't for connections: the process itself and builds need them."""
_GRACE = 0.05
"""Seconds that a connection can wait for a request even if there are too many."""
_SHORTAGE = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_WARNING = (
    "the limit of open files is reached (ulimit -n); closing connections that wait for a request"
)


def max_connections() -> int:
    """The number of connections that the limit of open files allows."""
    if sys.platform == "win32":
        return sys.maxsize
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return sys.maxsize if limit == resource.RLIM_INFINITY else limit - min(limit // 2, _RESERVED)


class Connection(H11Protocol):
    """A connection that is closed if a request isn't complete in time.

    A response can take any time: the event stream lasts as long as a page is open.
    """

    def __init__(self, config: uvicorn.Config, state: ServerState, time_limit: float) -> None:
        super().__init__(config, state, app_state={})
        self._time_limit = time_limit
        self._closing: asyncio.TimerHandle | None = None

    @property
    def waiting_since(self) -> float:
        """When it began to wait for a request, in the time of the loop; infinite if it doesn't."""
        return self._closing.when() - self._time_limit if self._closing else math.inf

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request."""
        super().connection_made(transport)
        self._update_timer()

    def data_received(self, data: bytes) -> None:
        """Wait for the rest of a request, if there is one, but not for longer."""
        super().data_received(data)
        self._update_timer()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._update_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        super().connection_lost(exc)
        self._stop_waiting()

    def _update_timer(self) -> None:
        if self.cycle and not self.cycle.response_complete:
            self._stop_waiting()
        elif not self._closing:
            # Unlike `close`, this doesn't wait until the client has read everything.
            self._closing = self.loop.call_later(self._time_limit, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._closing:
            self._closing.cancel()
            self._closing = None


async def accept(
    listener: socket.socket,
    server: uvicorn.Server,
    warn: Callable[[str], None],
    *,
    time_limit: float,
    maximum: int,
) -> None:
    """Accept connections until canceled.

    A request must be complete within `time_limit` seconds. If there are more than `maximum`
    connections, or no file descriptor is left, those that have waited longest for a request are
    closed. The first time, `warn` is called with a sentence.
    """
    loop = asyncio.get_running_loop()
    listener.settimeout(0)
    has_warned = False
    while True:
        is_full = len(server.server_state.connections) >= maximum
        if not is_full:
            try:
                accepted, _ = await loop.sock_accept(listener)
                await loop.connect_accepted_socket(
                    lambda: Connection(server.config, server.server_state, time_limit), accepted
                )
            except OSError as error:
                # Other errors mean that the client has already disconnected.
                is_full = error.errno in _SHORTAGE
                await asyncio.sleep(0)
        if is_full:
            if not has_warned:
                warn(_WARNING)
                has_warned = True
            await _close_one(server.server_state)


async def _close_one(state: ServerState) -> None:
    """Close the connection that has waited longest, or wait a moment if none has waited long."""
    connections = (it for it in state.connections if isinstance(it, Connection))
    oldest = min(connections, key=lambda it: it.waiting_since, default=None)
    if oldest and oldest.loop.time() - oldest.waiting_since >= _GRACE:
        oldest.transport.abort()
        # It is closed in the next iteration of the event loop.
        await asyncio.sleep(0)
    else:
        await asyncio.sleep(_GRACE)
