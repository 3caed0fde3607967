"""The server of early hints: what it sends, in which order, and what it records."""

from __future__ import annotations

import asyncio
import ssl
from urllib.parse import urlsplit

import pytest
from h2.connection import H2Connection
from h2.events import DataReceived, InformationalResponseReceived, ResponseReceived, StreamEnded

from lab.certificates import authority
from lab.early_hints import HTTP2, PRECONNECT, PRELOAD, EarlyHints
from lab.scenario import Record, Report, Scenario
from lab.scenarios import SCENARIOS
from tests.coroutines import run_coroutine

PRELOAD_HTTP1 = SCENARIOS["early-hints-preload-http1"]
PRECONNECT_HTTP2 = SCENARIOS["early-hints-preconnect-http2"]


def outcome(scenario: Scenario, site: EarlyHints, report: Report) -> str:
    """What the scenario decides from the record of a site."""
    return scenario.judge(Record(scenario.request, site.record(), report))


async def connect_with_tls(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect as a client that trusts only the lab's authority."""
    context = ssl.create_default_context(cafile=authority())
    context.set_alpn_protocols([HTTP2])
    return await asyncio.open_connection("127.0.0.1", port, ssl=context)


async def request_early(site: EarlyHints, hint_after: str | None) -> list[str]:
    """Request the page over HTTP/1.1, and the hint after a status; the statuses."""
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write(b"GET /start?back HTTP/1.1\r\nHost: lab\r\n\r\n")
    statuses = []
    for _ in range(2):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
        statuses.append(head.split(" ")[1])
        if statuses[-1] == hint_after:
            _, other = await asyncio.open_connection("127.0.0.1", site.port)
            other.write(b"GET /hint HTTP/1.1\r\nHost: lab\r\n\r\n")
            await asyncio.sleep(0.1)
            other.close()
    writer.close()
    return statuses


@pytest.mark.parametrize(
    ("hint_after", "expected"), [("103", "early"), ("200", "late"), (None, "ignores")]
)
def test_the_order_of_the_record_decides(hint_after: str | None, expected: str) -> None:
    """Whatever a browser reports."""

    async def run() -> str:
        assert PRELOAD_HTTP1.serve
        async with PRELOAD_HTTP1.serve() as site:
            assert isinstance(site, EarlyHints)
            assert await request_early(site, hint_after) == ["103", "200"]
            return outcome(PRELOAD_HTTP1, site, Report("returned"))

    assert run_coroutine(run()) == expected


def test_a_page_that_is_never_requested_is_no_outcome() -> None:
    """Otherwise, a browser that can't connect would look like one that ignores the hints."""
    record = Record(PRELOAD_HTTP1.request, (), Report("raised"))
    assert PRELOAD_HTTP1.judge(record) == "error"


def test_a_preconnect_over_http2_is_recorded_without_a_request() -> None:
    """The hint arrives before the page, and a handshake with its origin is enough."""

    async def run() -> tuple[list[str], str, str]:
        assert PRECONNECT_HTTP2.serve
        async with PRECONNECT_HTTP2.serve() as site:
            assert isinstance(site, EarlyHints)
            client = H2Connection()
            client.initiate_connection()
            fields = {":method": "GET", ":path": "/start?back", ":scheme": "https"}
            client.send_headers(1, [*fields.items(), (":authority", "127.0.0.1")], end_stream=True)
            reader, writer = await connect_with_tls(site.port)
            writer.write(client.data_to_send())
            statuses, link, is_complete = [], "", False
            while not is_complete:
                for event in client.receive_data(await reader.read(65536)):
                    if isinstance(event, InformationalResponseReceived):
                        headers = dict(event.headers)
                        statuses.append(headers[b":status"].decode())
                        link = headers[b"link"].decode()
                        _, other = await connect_with_tls(site.hinted_port)
                        other.close()
                    elif isinstance(event, ResponseReceived):
                        statuses.append(dict(event.headers)[b":status"].decode())
                    elif isinstance(event, DataReceived):
                        assert b"location.search" in event.data
                    is_complete |= isinstance(event, StreamEnded)
                writer.write(client.data_to_send())
            writer.close()
            hinted = urlsplit(link.partition(">")[0].removeprefix("<"))
            assert hinted.port == site.hinted_port
            return statuses, link, outcome(PRECONNECT_HTTP2, site, Report("returned"))

    statuses, link, result = run_coroutine(run())
    assert statuses == ["103", "200"]
    assert link.endswith(f"rel={PRECONNECT}")
    assert result == "early"


def test_each_run_has_its_own_ports() -> None:
    """A browser could use a connection of an earlier run instead of a new one."""

    async def run() -> int:
        assert PRECONNECT_HTTP2.serve
        async with PRECONNECT_HTTP2.serve() as first, PRECONNECT_HTTP2.serve() as second:
            return len({urlsplit(site.url).port for site in (first, second)})

    assert run_coroutine(run()) == 2


def test_the_scenarios_cover_both_protocols_and_relations() -> None:
    """A row for each."""
    ids = {name for name in SCENARIOS if name.startswith("early-hints-")}
    assert ids == {
        f"early-hints-{relation}-http{version}"
        for relation in (PRELOAD, PRECONNECT)
        for version in "12"
    }
