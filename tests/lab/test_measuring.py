"""The server's record decides the outcomes, whatever a client reports."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lab.clients import AdapterError, Client
from lab.programs import Program
from lab.run import Outcomes, Plan, run_client, settled
from lab.scenarios import SCENARIOS
from tests.coroutines import run_coroutine

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
_SOME = ("redirect-301-post", "redirect-307-put", "error-404", "stray-204", "stray-204-next")
_PRELUDE = """
import http.client, socket, sys, urllib.parse
sys.path.insert(0, {folder!r})
import driver

def fetch(method, url, body=None):
    place = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname, place.port)
    connection.request(method, place.path, body)
    return connection.getresponse()
"""
_HONEST = """
def send(request):
    response = fetch(request.method, request.url, request.body)
    return response.status, response.read()
driver.serve(send, "1.0")
"""
_CLAIMS_TO_FOLLOW = """
def send(request):
    fetch(request.method, request.url, request.body).read()
    return 301, b"final"
driver.serve(send, "1.0")
"""
_CLAIMS_ANOTHER_STATUS = """
def send(request):
    fetch(request.method, request.url, request.body).read()
    return 200, b"final"
driver.serve(send, "1.0")
"""
_REQUESTS_NOTHING = """
driver.serve(lambda request: (200, b"final"), "1.0")
"""
_READS_ONE_RESPONSE = """
connections = []
def send(request):
    place = urllib.parse.urlsplit(request.url)
    if not connections:
        connections.append(socket.create_connection((place.hostname, place.port)))
    head = f"{request.method} {place.path} HTTP/1.1\\r\\nHost: lab\\r\\n\\r\\n"
    connections[0].sendall(head.encode())
    received = b""
    while not received.endswith(b"\\r\\n\\r\\n"):
        received += connections[0].recv(1)
    if not received.startswith(b"HTTP/1.1 "):
        raise ValueError
    return int(received.split()[1]), b""
driver.serve(send, "1.0")
"""
_RELAYS = """
def send(request):
    try:
        fetch(request.method, request.url, request.body).read()
    except http.client.RemoteDisconnected:
        return 502, b"", "502"
    except ConnectionRefusedError:
        return 503, b"", "103 503"
    except http.client.IncompleteRead:
        raise driver.HttpStatusError("200, incomplete", 200)
driver.serve(send, "1.0")
"""
_HANGS_ONCE = """
import time
def send(request):
    fetch("GET", request.url)
    time.sleep(60)
driver.serve(send, "1.0")
"""
_DOES_NOT_START = "raise SystemExit('no library')\n"
Measure = Callable[..., Outcomes]


@pytest.fixture
def measure(tmp_path: Path) -> Measure:
    """Measure a client whose adapter is the given script."""

    def measure(script: str, *names: str, repeats: int = 1, uses_second: bool = False) -> Outcomes:
        adapter = tmp_path / "adapter.py"
        folder = str(ROOT / "lab" / "adapters" / "python")
        adapter.write_text(_PRELUDE.format(folder=folder) + script, encoding="utf-8")
        program = Program([sys.executable], adapter, {"PATH": os.environ["PATH"]})
        client = Client("stub", "adapter.py", "a test", can=frozenset({"proxy"}))
        plan = Plan({name: SCENARIOS[name] for name in names or _SOME}, repeats, uses_second)
        return run_coroutine(run_client(client, program, plan))

    return measure


def test_two_measurements_are_the_same_with_either_server(measure: Measure) -> None:
    """The servers share no code, so their bugs would differ."""
    first = measure(_HONEST, repeats=2)
    assert first == measure(_HONEST, repeats=2)
    assert first == measure(_HONEST, repeats=2, uses_second=True)
    assert first.version == "1.0"
    assert settled(first.runs["redirect-301-post"]) == "stop"


def test_a_client_that_claims_to_have_followed_has_not(measure: Measure) -> None:
    """Only a second request counts."""
    outcomes = measure(_CLAIMS_TO_FOLLOW, "redirect-301-post")
    assert outcomes.runs == {"redirect-301-post": ("stop",)}


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (_CLAIMS_ANOTHER_STATUS, "error-404: it reports a 200 that was not sent"),
        (_REQUESTS_NOTHING, "error-404: it reports a response, but requested nothing"),
        (_DOES_NOT_START, "no library"),
    ],
)
def test_an_adapter_that_contradicts_the_record_is_caught(
    measure: Measure, script: str, message: str
) -> None:
    """Its results must not get into a table."""
    with pytest.raises(AdapterError, match=message):
        measure(script, "error-404")


def test_stray_bytes_do_not_reach_the_next_scenario(measure: Measure) -> None:
    """Otherwise, outcomes would depend on the order of the scenarios."""
    outcomes = measure(_READS_ONE_RESPONSE, "stray-204", "error-404", repeats=2)
    assert outcomes.runs["error-404"] == ("returns", "returns")


@pytest.mark.parametrize("uses_second", [False, True])
def test_a_proxy_may_respond_with_codes_that_the_server_did_not_send(
    measure: Measure, uses_second: bool
) -> None:
    """That is the question."""
    names = ("proxy-refuses", "proxy-closes", "proxy-short-content")
    outcomes = measure(_RELAYS, *names, uses_second=uses_second)
    assert outcomes.runs == {
        "proxy-refuses": ("103, 503",),
        "proxy-closes": ("502",),
        "proxy-short-content": ("200, incomplete",),
    }


def test_a_proxy_that_responds_without_asking_an_available_server_is_caught(
    measure: Measure,
) -> None:
    """Otherwise its memory of an earlier failure would pass for an outcome."""
    with pytest.raises(AdapterError, match="proxy-closes: it reports a response, but requested"):
        measure(_REQUESTS_NOTHING, "proxy-closes")


def test_a_client_that_hangs_is_restarted(measure: Measure) -> None:
    """The scenarios after it are measured."""
    outcomes = measure(_HANGS_ONCE, "stray-204", repeats=2)
    assert outcomes.runs == {"stray-204": ("timeout", "timeout")}


def test_runs_that_differ_are_unstable() -> None:
    """A table shows no outcome that was only frequent."""
    assert settled(("stop", "stop", "stop")) == "stop"
    assert settled(("stop", "get", "stop")) == "unstable"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_measurement(number: signal.Signals) -> None:
    """The clients are stopped, and there is no traceback."""
    command = [sys.executable, "-m", "lab", "--check", "--client=http-client", "--client=urllib"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as lab:
        assert lab.stderr
        # The packages are installed, one client has been measured, and the other takes longer.
        assert any(line.startswith("urllib ") for line in lab.stderr)
        (adapter,) = Path(f"/proc/{lab.pid}/task/{lab.pid}/children").read_text("utf-8").split()
        lab.send_signal(number)
        assert lab.stderr.read() == "stopped\n"
    assert lab.returncode == 128 + signal.SIGINT
    assert not Path("/proc", adapter).exists()
