"""Both servers send what a scenario says, and record what they received."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace

import pytest

from lab.scenario import (
    IN_3_SECONDS,
    NOW,
    OK,
    START,
    Close,
    Record,
    Request,
    Reset,
    Scenario,
    Script,
    Verbatim,
    head,
    response,
)
from lab.second_server import SecondServer, serving_with_threads
from lab.server import Server, serving
from tests.coroutines import run_coroutine

AnyServer = Server | SecondServer
Serving = Callable[[Mapping[str, Scenario]], AbstractAsyncContextManager[AnyServer]]
_GET = b"GET /run/asked/start HTTP/1.1\r\nHost: lab\r\n\r\n"


@asynccontextmanager
async def _second(scenarios: Mapping[str, Scenario]) -> AsyncIterator[AnyServer]:
    with serving_with_threads(scenarios) as server:
        yield server


@pytest.fixture(params=[serving, _second], ids=["first", "second"])
def start(request: pytest.FixtureRequest) -> Serving:
    """Start one of the servers."""
    started: Serving = request.param
    return started


def asked(*scripts: Script) -> Mapping[str, Scenario]:
    """A scenario whose first step sends the scripts."""

    def judge(record: Record) -> str:
        return str(len(record.seen))

    request = Request()
    scenario = Scenario(
        "asked", "table", "GET", "200", "section", "why", (), request, {START: scripts}, judge
    )
    return {"asked": scenario}


def exchange(start: Serving, scenarios: Mapping[str, Scenario], *requests: bytes) -> list[bytes]:
    """Send each request on its own connection until the server is silent; what it sent."""

    async def run() -> list[bytes]:
        async with start(scenarios) as server:
            return [await asyncio.to_thread(_received, server.port, data) for data in requests]

    return run_coroutine(run())


def _received(port: int, data: bytes) -> bytes:
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=0.5) as connection:
        connection.sendall(data)
        try:
            while part := connection.recv(65536):
                received += part
        except ConnectionResetError:
            received += b"<reset>"
        except TimeoutError:
            received += b"<open>"
    return received


def without_cors(data: bytes) -> bytes:
    """The response as the script has it."""
    lines = data.split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.startswith(b"Access-Control-"))


@pytest.mark.parametrize(
    "line", ["42 Invalid", "1000 Invalid", "099 Invalid", "200", "200 ", "999 Ünknown"]
)
def test_a_status_line_is_sent_as_it_is(start: Serving, line: str) -> None:
    """It may be one that no library would send."""
    data = f"HTTP/1.1 {line}\r\nContent-Length: 0\r\n\r\n".encode("latin-1")
    (received,) = exchange(start, asked((data, Close)), _GET)
    assert without_cors(received) == data


def test_the_connection_ends_if_the_client_asks_for_it(start: Serving) -> None:
    """Some clients read until the end of the connection, whatever the length of the content."""
    close = _GET.replace(b"Host:", b"Connection: TE, close\r\nHost:")
    ended, open_ = exchange(start, asked((OK,)), close, _GET)
    assert without_cors(ended) == OK
    assert without_cors(open_) == OK + b"<open>"


def test_interim_responses_are_sent_unchanged(start: Serving) -> None:
    """Nothing is added to them, and the final response follows."""
    early = head("103 Early Hints") + head("199 Unassigned")
    (received,) = exchange(start, asked((early, 0.01, OK, Close)), _GET)
    assert received.startswith(early + b"HTTP/1.1 200 OK\r\n")
    assert without_cors(received) == early + OK


def test_a_response_to_head_has_no_content_unless_the_script_insists(start: Serving) -> None:
    """Content there is a scenario of its own."""
    request = _GET.replace(b"GET", b"HEAD")
    stray = Verbatim(OK)
    (usual,) = exchange(start, asked((OK, Close)), request)
    (verbatim,) = exchange(start, asked((stray, Close)), request)
    assert usual.endswith(b"\r\n\r\n")
    assert without_cors(verbatim) == OK


def test_later_visits_get_later_scripts(start: Serving) -> None:
    """The last script is for all later requests."""
    scripts = ((response("503 Busy"), Close), (OK, Close))
    received = exchange(start, asked(*scripts), _GET, _GET, _GET)
    assert [data[9:12] for data in received] == [b"503", b"200", b"200"]


def test_a_reset_is_not_an_end(start: Serving) -> None:
    """Clients see a difference."""
    assert exchange(start, asked((Reset,)), _GET) == [b"<reset>"]
    assert exchange(start, asked((Close,)), _GET) == [b""]


def test_the_connection_stays_open_for_the_next_request(start: Serving) -> None:
    """Otherwise no scenario could ask about reused connections."""
    (received,) = exchange(start, asked((OK,)), _GET + _GET)
    assert received.count(b"HTTP/1.1 200 OK") == 2
    assert received.endswith(b"<open>")


def test_a_redirect_can_lead_to_the_same_origin_another_port_or_another_host(
    start: Serving,
) -> None:
    """No name has to be looked up in DNS."""
    script = (response("302 Found", "A: {base}/x", "B: {port}/x", "C: {host}/x"), Close)

    async def run() -> tuple[AnyServer, bytes]:
        async with start(asked(script)) as server:
            return server, await asyncio.to_thread(_received, server.port, _GET)

    server, received = run_coroutine(run())
    text = received.decode("ascii")
    assert "A: /run/asked/x\r\n" in text
    assert f"B: http://127.0.0.1:{server.other_port}/run/asked/x\r\n" in text
    assert f"C: http://localhost:{server.port}/run/asked/x\r\n" in text
    assert server.port != server.other_port


@pytest.mark.parametrize("place", [NOW, IN_3_SECONDS])
def test_a_date_becomes_an_http_date(start: Serving, place: str) -> None:
    """Retry-After can be a date, and caches read Date."""
    script = (response("503 Busy", f"Retry-After: {place}"), Close)
    (received,) = exchange(start, asked(script), _GET)
    assert b" GMT\r\n" in received.split(b"Retry-After: ")[1]


def test_a_server_can_refuse_connections_and_accept_them_again(start: Serving) -> None:
    """On the same port, which is all that a proxy knows."""

    async def run() -> bytes:
        async with start(asked((OK, Close))) as server:
            async with server.refusing():
                with pytest.raises(ConnectionRefusedError):
                    await asyncio.to_thread(_received, server.port, _GET)
            return await asyncio.to_thread(_received, server.port, _GET)

    assert without_cors(run_coroutine(run())) == OK


def test_an_early_response_comes_before_the_body(start: Serving) -> None:
    """So that a proxy is still sending it."""
    request = _GET.replace(b"GET", b"POST").replace(b"\r\n\r\n", b"\r\nContent-Length: 3\r\n\r\n")
    usual = asked((OK, Close))
    early = {"asked": replace(usual["asked"], early=True)}
    (waiting,) = exchange(start, usual, request)
    (received,) = exchange(start, early, request)
    assert waiting == b"<open>"
    assert without_cors(received) == OK


@pytest.mark.parametrize(
    "framing",
    [b"Content-Length: 3\r\n\r\nlab", b"Transfer-Encoding: chunked\r\n\r\n3\r\nlab\r\n0\r\n\r\n"],
)
def test_the_record_has_what_the_client_sent(start: Serving, framing: bytes) -> None:
    """Also if the body is chunked, and if requests share a connection."""
    request = b"PUT /run/asked/start HTTP/1.1\r\nHost: lab\r\nCookie: a=b\r\n" + framing

    async def run() -> AnyServer:
        async with start(asked((OK,))) as server:
            await asyncio.to_thread(_received, server.port, request + _GET)
            return server

    server = run_coroutine(run())
    first, second = server.record("run")
    assert (first.method, first.body, first.headers["cookie"]) == ("PUT", "lab", "a=b")
    assert (second.method, second.body) == ("GET", "")
    assert first.connection == second.connection
    assert first.time <= second.time
    assert server.codes_sent("run") == {200}


def test_pages_of_other_origins_can_read_final_responses(start: Serving) -> None:
    """A browser would hide them otherwise."""
    preflight = _GET.replace(b"GET", b"OPTIONS")
    received = exchange(start, asked((OK, Close)), _GET, preflight)
    assert all(b"\r\nAccess-Control-Allow-Origin: *\r\n" in data for data in received)
