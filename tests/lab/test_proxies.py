"""What a proxy sends is reported exactly, and decides the outcome."""

from __future__ import annotations

import os
import re
import socket
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from lab import proxies
from lab.clients import Client, clients
from lab.proxies.client import Result, parse, send
from lab.proxies.start import own_folder
from lab.scenario import START, Record, Report, Request, Seen
from lab.scenarios import SCENARIOS
from lab.scenarios.proxies import outcome

CONFIGURATIONS = Path(proxies.__file__).parent
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nlab"
_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("received", "statuses", "content", "error"),
    [
        (_OK, ("200",), b"lab", ""),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n" + _OK, ("103", "200"), b"lab", ""),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n", ("103",), b"", "connection closed"),
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\nlab", ("101",), b"lab", ""),
        (b"HTTP/1.1 099 Low\r\n\r\nlab", ("099",), b"lab", ""),
        (b"HTTP/1.1 1000 High\r\n\r\nlab", ("1000",), b"lab", ""),
        (b"HTTP/1.1 200\r\n\r\nlab", ("200",), b"lab", ""),
        (_OK[:-1], ("200",), b"la", "incomplete"),
        (b"HTTP/1.1 200 OK\r\nContent-", ("200",), b"", "incomplete headers"),
        (_CHUNKED + b"3\r\nlab\r\n0\r\n\r\n", ("200",), b"lab", ""),
        (_CHUNKED + b"3;a=b\r\nlab\r\n", ("200",), b"lab", "incomplete"),
        (_CHUNKED + b"3\r\nlab\r\nlab\r\n", ("200",), b"lab", "incomplete"),
        (b"HTTP/1.1 204 No Content\r\n\r\nlab", ("204",), b"lab", ""),
        (b"lab\r\n\r\n", (), b"lab", "no status line"),
        (b"", (), b"", "connection closed"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\ncontent-length: 5\r\n\r\nlab",
            ("200",),
            b"lab",
            "different lengths",
        ),
    ],
)
def test_every_status_line_and_the_end_of_the_response_are_reported(
    received: bytes, statuses: tuple[str, ...], content: bytes, error: str
) -> None:
    """Even if no HTTP library would accept them."""
    assert parse(received, "GET") == Result(statuses, content, error)


def test_a_response_to_head_needs_no_content() -> None:
    """Its Content-Length is that of a response to GET."""
    assert parse(_OK[:-3], "HEAD") == Result(("200",), b"", "")


def test_a_response_is_read_although_the_proxy_does_not_read_the_request() -> None:
    """A proxy may respond with 413, and close the connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def respond() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n")
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass

        thread = threading.Thread(target=respond)
        thread.start()
        body = b"lab" * 10_000_000
        result = send(listener.getsockname()[1], "POST", "/", {"X-Lab": "1"}, body)
        thread.join()
    assert result == Result(("413",), b"", "")


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (Report("returned", 502, "error", "502"), "502"),
        (Report("returned", 200, "final", "103 200"), "103, 200"),
        (Report("returned", 99, "final", "099"), "099"),
        (Report("returned", 204, "final", "204"), "204 with content"),
        (Report("returned", 204, "", "204"), "204"),
        (Report("raised", 200, "200, incomplete"), "200, incomplete"),
        (Report("timeout"), "no response"),
    ],
)
def test_the_outcome_of_a_proxy_is_what_its_client_receives(report: Report, expected: str) -> None:
    """The table shows it as it is."""
    assert outcome(Record(Request(), (), report)) == expected


def _caching(seen: Sequence[dict[str, str]], after: Report | None) -> str:
    requests = [
        Seen(1, "GET", START, "lab", headers, "", float(number))
        for number, headers in enumerate(seen)
    ]
    record = Record(Request(), requests, Report("returned", 200, "final"), after)
    return SCENARIOS["cache-explicit-200"].judge(record)


def test_only_a_second_request_to_the_server_counts_as_fetched() -> None:
    """A conditional one shows that the response was stored."""
    returned = Report("returned", 200, "final")
    assert _caching([{}], returned) == "stored"
    assert _caching([{}, {}], returned) == "fetched"
    assert _caching([{}, {"if-modified-since": "…"}], returned) == "revalidated"
    assert _caching([{}, {"if-none-match": "…"}], returned) == "revalidated"


def test_a_request_that_failed_shows_nothing_about_the_cache() -> None:
    """It may not have reached the server for another reason."""
    assert _caching([{}], Report("raised", None, "connection closed")) == "error"
    assert _caching([{}], Report("timeout")) == "timeout"


def test_a_cache_may_always_decide_not_to_store() -> None:
    """The standard only forbids storing."""
    asked = [each for each in SCENARIOS.values() if each.table == "clients-caching"]
    assert all("fetched" in each.expected for each in asked)
    assert SCENARIOS["cache-explicit-429"].expected == ("fetched",)
    assert SCENARIOS["cache-heuristic-302"].expected == ("fetched",)
    assert "stored" in SCENARIOS["cache-explicit-302"].expected
    assert "stored" in SCENARIOS["cache-nothing-404"].expected


def _ids(client: Client) -> set[str]:
    return {each.id for each in SCENARIOS.values() if client.can_run(each)}


def test_only_proxies_and_caches_run_the_scenarios_about_them() -> None:
    """A browser also has a cache, but can do everything else as well."""
    usual = Client("usual", "usual.py", "")
    browser = Client("browser", "browser.py", "", can=frozenset({"cache"}))
    proxy, cache = clients()["nginx"], clients()["nginx-cache"]
    tables = {each.id: each.table for each in SCENARIOS.values()}
    assert {tables[each] for each in _ids(proxy)} == {"proxies-failures"}
    assert {tables[each] for each in _ids(cache)} == {"clients-caching"}
    assert _ids(browser) == _ids(usual) | _ids(cache)
    assert not _ids(usual) & (_ids(proxy) | _ids(cache))


def test_each_proxy_has_one_configuration_that_listens_on_loopback() -> None:
    """Only ports, folders, and users depend on the machine."""
    places = {"folder", "port", "upstream", "user", "modules"}
    names = {each.argument for each in clients().values() if each.group in {"proxy", "cache"}}
    paths = [path for path in CONFIGURATIONS.iterdir() if path.suffix not in {".py", ".pyc", ""}]
    assert sorted(path.stem for path in paths) == sorted(names)
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r"@(\w+)@", text)) <= places
        assert set(re.findall(r"\d+\.\d+\.\d+\.\d+", text)) == {"127.0.0.1"}


def test_folders_of_processes_that_ended_are_removed(tmp_path: Path) -> None:
    """A killed adapter can't clean up."""
    (tmp_path / "999999999" / "cache").mkdir(parents=True)
    (tmp_path / "1").mkdir()
    own = own_folder(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"1", str(os.getpid())}
    assert own.name == str(os.getpid())
