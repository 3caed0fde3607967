"""Every example in the book is a message that two HTTP parsers accept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree as ET

import h11
import httptools

from tests.book_files import ARTICLES, DOCUMENTS, REGISTRY, facts, front_matter, name
from tests.http_messages import Exchange, Message, exchanges, messages
from tests.offenders import assert_none

EXCHANGES = [exchange for path in DOCUMENTS for exchange in exchanges(path)]
MESSAGES = [message for path in DOCUMENTS for message in messages(path)]
RESPONSES = [message for message in MESSAGES if message.is_response]

NO_CONTENT = {204, 205, 304}
"""Final responses without content: RFC 9110, Sections 15.3.5, 15.3.6 and 15.4.5."""


def phrases() -> dict[int, str]:
    """The reason phrase of each code: from the registry, else from its article."""
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
    """The body that h11 parsed."""
    return b"".join(bytes(event.data) for event in received if isinstance(event, h11.Data))


def errors_by_h11(exchange: Exchange) -> Iterator[str]:
    """Parse the exchange with h11, as a server and as a client."""
    request = exchange.request
    server = h11.Connection(h11.SERVER)
    client = h11.Connection(h11.CLIENT)
    try:
        received = events(server, request)
        complete = isinstance(received[-1], h11.EndOfMessage)
        if not isinstance(received[0], h11.Request) or complete == request.awaits_permission:
            yield f"{request}: correct its Content-Length"
        if server.trailing_data[0]:
            yield f"{request}: more content than its Content-Length says"
        client.send(received[0])
        if complete:
            client.send(h11.Data(data=request.body))
            client.send(h11.EndOfMessage())
        for response in exchange.responses:
            received = events(client, response)
            interim = response.is_interim or response.code == 101
            kind = h11.InformationalResponse if interim else h11.Response
            if not isinstance(received[0], kind):
                yield f"{response}: h11 reads {received[0]}"
            last = kind if interim else h11.EndOfMessage
            if content_of(received) != response.body or not isinstance(received[-1], last):
                yield f"{response}: correct its Content-Length"
            if client.trailing_data[0]:
                yield f"{response}: more content than it announces"
    except h11.ProtocolError as error:
        yield f"{request} and its responses: {error}"


class Parsed:
    """What llhttp, used by httptools, reports while parsing."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.body = b""
        self.has_fields = False
        self.complete = False

    def on_header(self, key: bytes, value: bytes) -> None:
        """Store a header."""
        self.headers[key.decode().lower()] = value.decode()

    def on_headers_complete(self) -> None:
        """Note the end of the headers."""
        self.has_fields = True

    def on_body(self, body: bytes) -> None:
        """Store a part of the body."""
        self.body += body

    def on_message_complete(self) -> None:
        """Note the end of the message."""
        self.complete = True


def errors_by_llhttp(message: Message, *, to_head: bool) -> Iterator[str]:
    """Parse the message with llhttp, which gets a response without its request."""
    parsed = Parsed()
    make: Callable[[Parsed], Any] = (
        httptools.HttpResponseParser if message.is_response else httptools.HttpRequestParser
    )
    parser = make(parsed)
    try:
        parser.feed_data(message.wire)
    except httptools.HttpParserUpgrade:
        parsed.complete = True
    except httptools.HttpParserError as error:
        yield f"{message}: {error}"
        return
    if not parsed.has_fields or not (parsed.complete or to_head or message.awaits_permission):
        yield f"{message}: incomplete"
    if (parsed.headers, parsed.body) != (message.headers, message.body):
        yield f"{message}: llhttp reads {parsed.headers} and {parsed.body!r}"
    if message.is_response:
        if parser.get_status_code() != message.code:
            yield f"{message}: llhttp reads {parser.get_status_code()}"
    elif parser.get_method().decode() != message.start.split(" ")[0]:
        yield f"{message}: llhttp reads {parser.get_method()!r}"


def is_head(exchange: Exchange) -> bool:
    """Whether the responses have no body because the request method is HEAD."""
    return exchange.request.start.startswith("HEAD ")


def test_every_response_follows_its_request() -> None:
    """Show the request first, then interim responses, then the final one."""
    in_exchanges = [
        message for exchange in EXCHANGES for message in (exchange.request, *exchange.responses)
    ]
    assert EXCHANGES
    assert_none(message for message in MESSAGES if message not in in_exchanges)
    assert_none(
        exchange.request
        for exchange in EXCHANGES
        if [response.is_interim for response in exchange.responses]
        != [True] * (len(exchange.responses) - 1) + [False]
    )


def test_h11_parses_every_exchange() -> None:
    """It parses both as a client and as a server."""
    assert_none(error for exchange in EXCHANGES for error in errors_by_h11(exchange))


def test_llhttp_parses_every_message() -> None:
    """The parser of Node.js accepts every message, and reads the same headers and body."""
    assert_none(
        error
        for exchange in EXCHANGES
        for message in (exchange.request, *exchange.responses)
        for error in errors_by_llhttp(message, to_head=message.is_response and is_head(exchange))
    )


def length_error(message: Message, *, to_head: bool) -> str:
    """The error in the Content-Length of a message, or an empty text."""
    announced = message.headers.get("content-length")
    if message.body and message.is_response and message.code in NO_CONTENT:
        return "has no content"
    if message.body:
        right = announced == str(len(message.body))
    elif message.is_response and (message.code < 200 or message.code == 204):
        right = announced is None  # RFC 9110, Section 8.6
    elif to_head or message.awaits_permission or (message.is_response and message.code == 304):
        right = True
    else:
        right = announced in {None, "0"}
    return "" if right else f"Content-Length {announced}, not {len(message.body)}"


def test_every_body_has_its_content_length() -> None:
    """Count the bytes of the body, without the line break before the closing fence."""
    assert_none(
        f"{message}: {error}"
        for exchange in EXCHANGES
        for message in (exchange.request, *exchange.responses)
        if (error := length_error(message, to_head=is_head(exchange)))
    )


def is_of_its_type(message: Message) -> bool:
    """Whether the body matches its Content-Type."""
    kind = message.headers.get("content-type", "").partition(";")[0]
    is_form = kind == "application/x-www-form-urlencoded"
    if not message.body:
        return not is_form
    try:
        if kind == "application/json" or kind.endswith("+json"):
            return isinstance(json.loads(message.body), dict | list)
        if kind in {"application/xml", "text/xml"} or kind.endswith("+xml"):
            ET.fromstring(message.body)  # noqa: S314 - ours
        if is_form:
            parse_qsl(message.body.decode(), strict_parsing=True)
    except (ValueError, ET.ParseError):
        return False
    is_page = re.match(rb"<!doctype html>.*<title>", message.body, re.DOTALL)
    return bool(kind) and (kind != "text/html" or bool(is_page))


def test_every_body_has_its_content_type() -> None:
    """JSON and XML must be valid, forms have pairs, and HTML has a doctype."""
    assert any(message.body for message in MESSAGES)
    assert_none(message for message in MESSAGES if not is_of_its_type(message))


def test_problem_details_repeat_the_code_of_the_response() -> None:
    """RFC 9457, Section 3.1.2: the member "status" is the code that was sent."""
    problems = [
        message
        for message in MESSAGES
        if message.headers.get("content-type") == "application/problem+json"
    ]
    assert problems
    assert_none(
        message
        for message in problems
        if json.loads(message.body).get("status", message.code) != message.code
    )


def test_every_response_has_the_name_of_its_code() -> None:
    """Use the name in the registry, or for an unofficial code that in its article."""
    names = phrases()
    assert_none(
        f'{message}: the name is "{names[message.code]}"'
        for message in RESPONSES
        if message.start != f"HTTP/1.1 {message.code} {names[message.code]}".rstrip()
    )


def test_every_request_has_the_host_of_an_example() -> None:
    """Use a domain that is reserved for examples."""
    requests = [message for message in MESSAGES if not message.is_response]
    domain = r"([a-z0-9-]+\.)*example\.(com|org|net)"
    assert_none(
        message
        for message in requests
        if not re.fullmatch(domain, message.headers.get("host", "").partition(":")[0])
    )


def test_every_final_response_has_a_valid_date() -> None:
    """The day of the week must be right."""
    final = [message for message in RESPONSES if message.code >= 200]
    assert_none(message for message in final if not is_date(message.headers.get("date", "")))


def is_date(text: str) -> bool:
    """Whether the text is an HTTP date."""
    try:
        return format_datetime(parsedate_to_datetime(text), usegmt=True) == text
    except ValueError:
        return False


def test_an_article_shows_its_code() -> None:
    """A response in one of its examples has the code of the page, as its status or in its body."""
    shown = {path: messages(path) for path in ARTICLES if messages(path)}
    assert_none(
        name(path)
        for path, examples in shown.items()
        if not any(
            message.code == int(path.stem)
            or re.search(rf"HTTP/1\.1 {path.stem}\b".encode(), message.body)
            for message in examples
            if message.is_response
        )
    )


def test_a_response_has_the_headers_that_its_facts_require() -> None:
    """This applies to responses with the code on every page, for the headers under `must`."""
    demanded = {
        int(file.stem): re.findall(r"[A-Z][\w-]+", facts(file).get("must", {}).get("value", ""))
        for file in ARTICLES
    }
    assert any(demanded.values())
    assert_none(
        f"{message}: add {field}"
        for message in RESPONSES
        for field in demanded.get(message.code, [])
        if field.lower() not in message.headers
    )
