"""A scenario: what to request, what the server sends, and what the standard says about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

BODY = "lab"
"""The body of every request that has one."""
BODY_METHODS = frozenset({"POST", "PUT"})
NOW, IN_3_SECONDS = "{now}", "{in 3 seconds}"
"""In a script, become dates (RFC 9110, Section 5.6.7), without fractions of a second."""
START, FINAL, NEXT = "start", "final", "next"
"""The last part of the URLs: the first request, where redirects lead, and the request after it."""


VALID_CODES = range(100, 600)
"""RFC 9110, Section 15."""
RELAYING = frozenset({"proxy", "cache"})
"""What a client can do only if it says so. Proxies and caches also send responses of their own."""


class Close:
    """Ends the connection."""


class Reset:
    """Resets the connection, so that what was not read yet is lost."""


class Verbatim(bytes):
    """Bytes with content that is sent even in a response to HEAD."""


Action = bytes | float | type[Close | Reset]
"""Bytes to send, or seconds to wait, or the end of the connection.

In bytes, `{base}` becomes the path of the test, `{port}` its URL on another port, `{host}` its
URL on another host, and `NOW` and `IN_3_SECONDS` dates.
"""
Script = tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """What the client is told to request."""

    method: str = "GET"
    headers: tuple[str, ...] = ()
    """Set by hand, as `Name: value`."""
    copies: int = 1
    """How often the body repeats the usual one."""
    credentials: str = ""
    """`user:password`, passed with the client's own option for it."""
    follow: bool = False
    """Whether to turn on redirects in clients that don't follow them by default."""
    step: str = START

    @property
    def body(self) -> str:
        """The body; empty if the method needs none."""
        return BODY * self.copies if self.method in BODY_METHODS else ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as the server received it."""

    connection: int
    """The number of the connection in this run of the server."""
    method: str
    step: str
    host: str
    """The value of `Host`."""
    headers: Mapping[str, str]
    """Lowercase names."""
    body: str
    time: float
    """Seconds on a monotonic clock."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the client says. Only the server's record decides what was requested."""

    kind: str
    """`returned`, `raised`, or `timeout`."""
    status: int | None = None
    text: str = ""
    """The response body, or the name of the error."""
    statuses: str = ""
    """The codes of all responses as received, interim ones first, if the adapter can see them."""


TIMEOUT = Report("timeout")


@dataclass(frozen=True, slots=True)
class Record:
    """Everything about one run of a scenario with one client."""

    request: Request
    seen: Sequence[Seen]
    report: Report
    after: Report | None = None
    """The report of the request after it, if the scenario has one."""


class Site(Protocol):
    """A server of one run, for what the lab's server can't do."""

    @property
    def url(self) -> str:
        """What the client requests."""

    def record(self) -> Sequence[Seen]:
        """What the server has seen so far."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A question about one code, and how to ask it."""

    id: str
    table: str
    """The table that has the row."""
    group: str
    """The matrix in which the table shows the row."""
    code: str
    """The code as the status line has it, which need not be a valid one."""
    section: str
    """The section of the standard that the question is about."""
    why: str
    """Why the answer matters to someone who chooses a code."""
    expected: tuple[str, ...]
    """The outcomes that the standard allows; empty if it says nothing."""
    request: Request
    steps: Mapping[str, tuple[Script, ...]]
    """What the server sends for each step; the last script also for later requests."""
    judge: Callable[[Record], str]
    """Decides the outcome."""
    after: Request | None = None
    pause: float = 0.0
    """Seconds between the end of the response and the request after it."""
    leaves_bytes: bool = False
    """Whether bytes stay on the connection, so that the client must be started again."""
    needs: frozenset[str] = field(default_factory=frozenset)
    """What the client must be able to do: as in the key `lacks` in `clients.toml`."""
    refuses: bool = False
    """Whether the server refuses connections during the run, so that it sees no request."""
    early: bool = False
    """Whether the server responds before it reads the request body."""
    limit: float = 2.0
    """Seconds until the run counts as a timeout."""
    serve: Callable[[], AbstractAsyncContextManager[Site]] | None = None
    """Serves each run instead of the lab's server, which then has no steps to send."""


def response(status: str, *headers: str, body: str = "") -> bytes:
    """A response with the length of its body."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", body]
    return "\r\n".join(lines).encode("ascii")


def head(status: str, *headers: str) -> bytes:
    """A response without a length: an interim response, or one that has no body."""
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode("ascii")


OK = response("200 OK", "Content-Type: text/plain", body=FINAL)
NEXT_OK = response("200 OK", "Content-Type: text/plain", body=NEXT)
