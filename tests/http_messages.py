"""HTTP messages as a document shows them: one in each `http` fence, requests before responses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from tests.book_files import Fence, fences


@dataclass(frozen=True)
class Message:
    """One request or response."""

    fence: Fence

    @cached_property
    def _halves(self) -> tuple[str, str]:
        before, _, body = self.fence.text.partition("\n\n")
        return before.rstrip("\n"), body.removesuffix("\n")

    @property
    def start(self) -> str:
        """The start line."""
        return self._halves[0].split("\n")[0]

    @property
    def headers(self) -> Mapping[str, str]:
        """Its headers by their names in lower case; of two with the same name, the second."""
        lines = self._halves[0].split("\n")[1:]
        pairs = (line.partition(":") for line in lines)
        return {key.lower(): value.strip() for key, _, value in pairs}

    @property
    def body(self) -> bytes:
        """The body, without the line break that ends the fence."""
        return self._halves[1].encode()

    @property
    def wire(self) -> bytes:
        """The message as it is sent: HTTP/1.1 ends its lines with CR and LF."""
        return self._halves[0].replace("\n", "\r\n").encode() + b"\r\n\r\n" + self.body

    @property
    def is_response(self) -> bool:
        """Whether it is a response; else it is a request."""
        return self.start.startswith("HTTP/")

    @property
    def code(self) -> int:
        """The status code of a response."""
        return int(self.start.split(" ")[1])

    @property
    def is_interim(self) -> bool:
        """Whether another response to the same request follows: RFC 9110, Section 15.2."""
        return self.is_response and self.code < 200 and self.code != 101

    @property
    def awaits_permission(self) -> bool:
        """Whether it is a request that withholds its body: RFC 9110, Section 10.1.1."""
        return self.headers.get("expect") == "100-continue" and not self.body

    def __str__(self) -> str:
        """Its location, as the messages of tests name it."""
        return f"{self.fence}: {self.start}"


@dataclass(frozen=True)
class Exchange:
    """A request and the responses to it, the last of which is final."""

    request: Message
    responses: Sequence[Message]


def messages(path: Path) -> Sequence[Message]:
    """The messages of a document, in their order."""
    return [Message(fence) for fence in fences(path, "http")]


def exchanges(path: Path) -> Iterator[Exchange]:
    """The messages of a document, each response with the request before it."""
    all_messages = messages(path)
    starts = [index for index, message in enumerate(all_messages) if not message.is_response]
    for first, end in pairwise([*starts, len(all_messages)]):
        yield Exchange(all_messages[first], all_messages[first + 1 : end])
