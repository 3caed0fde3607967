"""A port to listen at: the one that was asked for, or the next that is free."""

from __future__ import annotations

import errno
import socket

from codebook.io import AccessError

_TRIES = 20
_LAST = 65535


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to the port, or to one of the next that is free; 0 is any.

    Raises `TroubleError` where there is none, or the host is none of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    last = min(port + _TRIES - 1, _LAST) if port else 0
    for each in range(port, last + 1):
        try:
            listener = socket.create_server((host, each), family=family)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                what = (error.strerror or str(error)).lower()
                raise AccessError(f"cannot listen at {host} port {each}: {what}") from None
        else:
            # Inherited by each connection: a body is not to wait until its head has been confirmed.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return listener
    raise AccessError(f"the ports {port} to {last} are all taken: choose another with --port")
