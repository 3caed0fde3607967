"""Read requests from standard input, and print what the client did, one line each.

A request is `METHOD`, URL, body, credentials, `follow` or nothing, and headers, separated by tabs.
A result is `returned`, the status, and the body, or `raised`, the status if the error has one, and
the name of the error.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field

_SHOWN = 60


@dataclass(frozen=True)
class Request:
    """A line of input."""

    method: str
    url: str
    body: bytes | None
    user: str
    password: str
    follow: bool
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def run(self) -> str:
        """The name of the run. Each has its own session, so that none disturbs the next."""
        return self.url.split("/")[3]

    @property
    def auth(self) -> tuple[str, str] | None:
        """The credentials as libraries expect them."""
        return (self.user, self.password) if self.user else None


class HttpStatusError(Exception):
    """Stands for the error of a client that ends with a status, such as a command."""

    def __init__(self, name: str, status: int | None = None) -> None:
        super().__init__(name)
        self.name, self.status = name, status


def serve(
    send: Callable[[Request], tuple[int, bytes] | tuple[int, bytes, str]], version: str
) -> None:
    """Pass each request to `send`, which returns the status and the body, or raises.

    The status is 0 if the client doesn't tell it.
    """
    _write("ready", version)
    for line in sys.stdin:
        method, url, body, credentials, follow, *headers = line.rstrip("\n").split("\t")
        user, _, password = credentials.partition(":")
        pairs = (header.split(": ", 1) for header in headers)
        request = Request(
            method, url, body.encode() or None, user, password, follow == "follow", dict(pairs)
        )
        try:
            status, content, *statuses = send(request)
        except HttpStatusError as error:
            _write("raised", error.status or "", error.name)
        except Exception as error:  # noqa: BLE001 - any error of the client is a result
            response = getattr(error, "response", error)
            names = ("status_code", "status", "code")
            statuses = [getattr(part, name, None) for part in (response, error) for name in names]
            status = next((item for item in statuses if item and isinstance(item, int)), "")
            _write("raised", status, type(error).__name__)
        else:
            _write("returned", status or "", content[:_SHOWN].decode("latin-1"), *statuses)


def _write(*fields: object) -> None:
    line = "\t".join(" ".join(str(field).split()) for field in fields)
    sys.__stdout__.write(line + "\n")
    sys.__stdout__.flush()
