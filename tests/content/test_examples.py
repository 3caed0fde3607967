"""Every example of the book is a message that two parsers of HTTP understand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree as ET

import h11
import httptools
import pytest

from tests.book_files import ARTICLES, DOCUMENTS, REGISTRY, facts, front_matter, name
from tests.http_messages import Exchange, Message, exchanges, messages

WITH_EXAMPLES = pytest.mark.parametrize(
    "path", [path for path in DOCUMENTS if messages(path)], ids=name
)

NO_CONTENT = {204, 205, 304}
"""Final responses without content: RFC 9110, Sections 15.3.5, 15.3.6 and 15.4.5."""


def phrases() -> dict[int, str]:
    """What each code is called: by the registry, else by its article."""
    names = {int(path.stem): front_matter(path).get("name", "") for path in ARTICLES}
    return names | {code: row["phrase"] for code, row in REGISTRY.items()}


def events(connection: h11.Connection, message: Message) -> list[Any]:
    """The events of h11 for a complete message."""
    connection.receive_data(message.wire)
    received: list[Any] = []
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA or event is h11.PAUSED:
            return received
        received.append(event)
        if isinstance(event, h11.EndOfMessage | h11.InformationalResponse):
            return received


def content_of(received: Sequence[Any]) -> bytes:
    """The content that h11 read."""
    return b"".join(bytes(event.data) for event in received if isinstance(event, h11.Data))


def by_h11(exchange: Exchange) -> None:
    """Parse the exchange with h11, as a server and as a client; it raises errors."""
    request = exchange.request
    server = h11.Connection(h11.SERVER)
    received = events(server, request)
    assert isinstance(received[0], h11.Request), request
    assert content_of(received) == request.body, request
    complete = isinstance(received[-1], h11.EndOfMessage)
    assert complete != request.awaits_permission, f"{request}: correct its Content-Length"
    assert not server.trailing_data[0], f"{request}: more content than its Content-Length says"
    client = h11.Connection(h11.CLIENT)
    client.send(received[0])
    if complete:
        client.send(h11.Data(data=request.body))
        client.send(h11.EndOfMessage())
    for response in exchange.responses:
        received = events(client, response)
        interim = response.is_interim or response.code == 101
        kind = h11.InformationalResponse if interim else h11.Response
        assert isinstance(received[0], kind), response
        assert content_of(received) == response.body, f"{response}: correct its Content-Length"
        last = kind if interim else h11.EndOfMessage
        assert isinstance(received[-1], last), f"{response}: correct its Content-Length"
        assert not client.trailing_data[0], f"{response}: more content than it announces"


class Parsed:
    """What llhttp, used by httptools, reports while it parses."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.body = b""
        self.has_fields = False
        self.complete = False

    def on_header(self, key: bytes, value: bytes) -> None:
        """One field."""
        self.headers[key.decode().lower()] = value.decode()

    def on_headers_complete(self) -> None:
        """The end of the fields."""
        self.has_fields = True

    def on_body(self, body: bytes) -> None:
        """A part of the content."""
        self.body += body

    def on_message_complete(self) -> None:
        """The end of the message."""
        self.complete = True


def by_llhttp(message: Message, *, to_head: bool) -> None:
    """Parse the message with llhttp, without the request of a response."""
    parsed = Parsed()
    make: Callable[[Parsed], Any] = (
        httptools.HttpResponseParser if message.is_response else httptools.HttpRequestParser
    )
    parser = make(parsed)
    try:
        parser.feed_data(message.wire)
    except httptools.HttpParserUpgrade:
        parsed.complete = True
    assert parsed.has_fields, message
    assert parsed.complete or to_head or message.awaits_permission, message
    assert parsed.headers == message.headers, message
    assert parsed.body == message.body, message
    if message.is_response:
        assert parser.get_status_code() == message.code
    else:
        assert parser.get_method().decode() == message.start.split(" ")[0]


@WITH_EXAMPLES
def test_every_response_follows_its_request(path: Path) -> None:
    """Show the request first, then its responses: interim ones, and one that is final."""
    assert not messages(path)[0].is_response, path
    for exchange in exchanges(path):
        *before, last = exchange.responses
        assert all(response.is_interim for response in before), exchange.request
        assert not last.is_interim, exchange.request


@WITH_EXAMPLES
def test_h11_understands_every_exchange(path: Path) -> None:
    """As a client and as a server."""
    for exchange in exchanges(path):
        by_h11(exchange)


@WITH_EXAMPLES
def test_llhttp_understands_every_message(path: Path) -> None:
    """The parser of Node.js accepts each, and reads the same headers and body."""
    for exchange in exchanges(path):
        to_head = exchange.request.start.startswith("HEAD ")
        by_llhttp(exchange.request, to_head=False)
        for response in exchange.responses:
            by_llhttp(response, to_head=to_head)


@WITH_EXAMPLES
def test_every_content_has_the_length_that_is_announced(path: Path) -> None:
    """Count the bytes of the content, without the line break before the closing fence."""
    for exchange in exchanges(path):
        to_head = exchange.request.start.startswith("HEAD ")
        for message in (exchange.request, *exchange.responses):
            announced = message.headers.get("content-length")
            if message.body:
                assert announced == str(len(message.body)), message
            elif message.is_response and (message.code < 200 or message.code == 204):
                assert announced is None, f"{message}: forbidden by RFC 9110, Section 8.6"
            elif not (to_head or message.awaits_permission):
                assert announced in {None, "0"} or message.code == 304, message
            if message.is_response and message.code in NO_CONTENT:
                assert not message.body, message


@WITH_EXAMPLES
def test_every_content_is_of_the_type_that_is_announced(path: Path) -> None:
    """JSON and XML can be read, a form has its pairs, an HTML page has a doctype."""
    for message in messages(path):
        kind = message.headers.get("content-type", "").partition(";")[0]
        assert not message.body or kind, f"{message}: name the type of the content"
        if kind == "application/json" or kind.endswith("+json"):
            assert not message.body or isinstance(json.loads(message.body), dict | list), message
        elif kind in {"application/xml", "text/xml"} or kind.endswith("+xml"):
            assert not message.body or ET.fromstring(message.body) is not None  # noqa: S314 - ours
        elif kind == "application/x-www-form-urlencoded":
            assert parse_qsl(message.body.decode(), strict_parsing=True), message
        elif kind == "text/html" and message.body:
            assert re.match(rb"<!doctype html>.*<title>", message.body, re.DOTALL), message


@WITH_EXAMPLES
def test_problem_details_repeat_the_code_of_the_response(path: Path) -> None:
    """RFC 9457, Section 3.1.2: the member "status" is the code that was sent."""
    for message in messages(path):
        if message.headers.get("content-type") == "application/problem+json":
            assert json.loads(message.body).get("status", message.code) == message.code, message


@WITH_EXAMPLES
def test_every_response_calls_its_code_by_name(path: Path) -> None:
    """The registry's name; for an unofficial code that of its article."""
    for message in messages(path):
        if message.is_response:
            assert message.start == f"HTTP/1.1 {message.code} {phrases()[message.code]}".rstrip()


@WITH_EXAMPLES
def test_every_message_carries_the_fields_of_its_kind(path: Path) -> None:
    """A request its Host, in a domain kept for examples; a final response its right Date."""
    for message in messages(path):
        if not message.is_response:
            host = message.headers["host"].partition(":")[0]
            assert re.fullmatch(r"([a-z0-9-]+\.)*example\.(com|org|net)", host), message
        elif message.code >= 200:
            date = message.headers["date"]
            assert format_datetime(parsedate_to_datetime(date), usegmt=True) == date, message


@pytest.mark.parametrize("path", [path for path in ARTICLES if messages(path)], ids=name)
def test_an_article_shows_its_code(path: Path) -> None:
    """One of its examples is a response with the code of the page, or has it in its body."""
    responses = [message for message in messages(path) if message.is_response]
    inside = rf"HTTP/1\.1 {path.stem}\b".encode()
    assert any(
        message.code == int(path.stem) or re.search(inside, message.body) for message in responses
    )


@WITH_EXAMPLES
def test_a_response_carries_what_the_facts_of_its_code_demand(path: Path) -> None:
    """Each field under `must` is in every response with that code, on every page."""
    demanded = {
        int(file.stem): re.findall(r"[A-Z][\w-]+", facts(file).get("must", {}).get("value", ""))
        for file in ARTICLES
    }
    for message in messages(path):
        for field in demanded.get(message.code, []) if message.is_response else ():
            assert field.lower() in message.headers, f"{message}: add {field}"
