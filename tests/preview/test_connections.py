"""Connections to the preview: how long they wait, and what happens if there are too many."""

from __future__ import annotations

import asyncio
import resource
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from msgspec.structs import replace

from codebook.preview import LiveState, application
from codebook.preview.connections import Connection, accept
from codebook.preview.guard import LOOPBACK, ListenAddress
from codebook.preview.state import PreviewState
from tests.coroutines import run_coroutine
from tests.preview_process import EVENTS, PAGE, TIMEOUT, running_preview

SHORT = 0.05
"""Seconds for a request, in tests that wait for its end."""
MANY = 1000
"""Connections, more than a test opens."""
GET = f"GET / HTTP/1.1\r\nHost: {LOOPBACK}\r\n\r\n".encode()
LISTEN = f"GET {EVENTS} HTTP/1.1\r\nHost: {LOOPBACK}\r\n\r\n".encode()
UNFINISHED = {
    "half a line": b"GET / HT",
    "half a head": b"GET / HTTP/1.1\r\nHost: ",
    "half a body": f"POST / HTTP/1.1\r\nHost: {LOOPBACK}\r\nContent-Length: 9999\r\n\r\n".encode(),
    "a second request": GET + b"GET / HT",
}
WARNING = (
    "the limit of open files is reached (ulimit -n); closing connections that wait for a request"
)
ARTICLE = "codes/1010.md"


@dataclass(frozen=True)
class Client:
    """A connection to the preview."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def is_closed(self) -> bool:
        """Read the responses, and wait until the server closes the connection."""
        with suppress(ConnectionResetError):
            await self.reader.read()
        return True

    async def event(self) -> bytes:
        """The next event of a stream."""
        return await self.reader.readuntil(b"\n\n")


@dataclass(frozen=True)
class Service:
    """A preview without a book in this process."""

    port: int
    live_state: LiveState
    server: uvicorn.Server
    warnings: list[str]
    clients: list[Client]

    async def connect(self, data: bytes = b"") -> Client:
        """Open a connection, and send something."""
        client = Client(*await asyncio.open_connection(LOOPBACK, self.port))
        self.clients.append(client)
        client.writer.write(data)
        return client

    def update(self) -> None:
        """Announce a new state."""
        self.live_state.update(replace(self.live_state.current, build=2))


@asynccontextmanager
async def serving(*, time_limit: float = TIMEOUT, maximum: int = MANY) -> AsyncIterator[Service]:
    """A preview that accepts connections."""
    live_state = LiveState(PreviewState(version=1, build=1))
    with socket.create_server((LOOPBACK, 0)) as listener:
        port = listener.getsockname()[1]
        app = application(live_state, ListenAddress(LOOPBACK, port), {})
        server = uvicorn.Server(uvicorn.Config(app, http="h11", lifespan="off", log_config=None))
        service = Service(port, live_state, server, warnings=[], clients=[])
        accepting = asyncio.ensure_future(
            accept(
                listener, server, service.warnings.append, time_limit=time_limit, maximum=maximum
            )
        )
        try:
            yield service
        finally:
            accepting.cancel()
            live_state.close()
            for connection in server.server_state.connections:
                connection.transport.abort()
            for client in service.clients:
                client.writer.transport.abort()
            await asyncio.gather(*server.server_state.tasks)


def run(test: Callable[[], Coroutine[None, None, None]]) -> None:
    """Run a test that must not wait forever."""

    async def limited() -> None:
        async with asyncio.timeout(TIMEOUT):
            await test()

    run_coroutine(limited())


@pytest.mark.parametrize("data", UNFINISHED.values(), ids=UNFINISHED)
def test_a_request_that_never_ends_is_closed(data: bytes) -> None:
    """Sending more of it doesn't extend the time."""

    async def test() -> None:
        async with serving(time_limit=SHORT) as service:
            client = await service.connect(data)
            closed = asyncio.ensure_future(client.is_closed())
            for _ in range(100):
                if not closed.done():
                    client.writer.write(b"a")
                    await asyncio.sleep(SHORT / 10)
            assert closed.done()

    run(test)


def test_each_request_of_a_connection_has_the_whole_time() -> None:
    """The time begins when the connection opens, and again after each response."""

    async def test() -> None:
        async with serving() as service:
            client = await service.connect(GET)
            times = []
            for _ in range(2):
                await client.reader.readuntil(b"</html>\n")
                (connection,) = service.server.server_state.connections
                assert isinstance(connection, Connection)
                times.append(connection.waiting_since)
                client.writer.write(GET)
            assert times[0] < times[1] <= asyncio.get_running_loop().time()

    run(test)


def test_an_event_stream_lasts_longer_than_a_request_may() -> None:
    """A connection that was opened later is closed before."""

    async def test() -> None:
        async with serving(time_limit=SHORT) as service:
            stream = await service.connect(LISTEN)
            assert b'"build": "1"' in await stream.event()
            assert await (await service.connect()).is_closed()
            service.update()
            assert b'"build": "2"' in await stream.event()

    run(test)


def test_if_there_are_too_many_connections_the_one_that_waits_longest_is_closed() -> None:
    """Pages are served, and event streams stay open. This is said once."""

    async def test() -> None:
        async with serving(maximum=3) as service:
            stream = await service.connect(LISTEN)
            await stream.event()
            first, second = await service.connect(b"GET"), await service.connect(b"GET")
            assert await first.is_closed()
            assert not second.reader.at_eof()
            page = await service.connect(GET)
            assert await page.reader.readuntil(b"</html>\n")
            assert await second.is_closed()
            service.update()
            assert b'"build": "2"' in await stream.event()
            assert service.warnings == [WARNING]

    run(test)


@pytest.mark.slow
def test_pages_and_saves_appear_while_a_hundred_clients_send_nothing(tmp_path: Path) -> None:
    """With fewer file descriptors than clients, one line says so."""
    with running_preview(tmp_path, open_files=64) as preview, ExitStack() as clients:
        for _ in range(100):
            clients.enter_context(preview.connect()).sendall(b"GET")
        page = clients.enter_context(preview.connect())
        page.sendall(f"GET {PAGE} HTTP/1.1\r\nHost: {LOOPBACK}\r\n\r\n".encode())
        assert page.recv(100).startswith(b"HTTP/1.1 200 ")
        assert preview.next_line() == f"warning: {WARNING}"
        # Watching a folder anew needs several descriptors.
        away = preview.content.rename(tmp_path / "away")
        assert preview.next_line().endswith(" does not exist")
        away.rename(preview.content)
        assert preview.next_line().startswith(f"{preview.content} changed: ")
        preview.edit(ARTICLE, "one ship at a time", "two ships at a time")
        preview.wait_for(PAGE, "two ships at a time")
        assert preview.next_line().startswith(f"{preview.content / ARTICLE} changed: ")


@pytest.mark.slow
@pytest.mark.skipif(
    not hasattr(resource, "prlimit"), reason="only Linux can change the limits of another process"
)
def test_what_is_saved_without_file_descriptors_appears_when_there_are_some(tmp_path: Path) -> None:
    """No second save is necessary, and a client that waits is served."""
    kind = resource.RLIMIT_NOFILE
    with running_preview(tmp_path) as preview:
        _, most = before = resource.prlimit(preview.process.pid, kind)
        resource.prlimit(preview.process.pid, kind, (1, most))
        with preview.connect():
            assert preview.next_line() == f"warning: {WARNING}"
            preview.edit(ARTICLE, "one ship at a time", "two ships at a time")
            assert preview.next_line().endswith("too many open files")
            resource.prlimit(preview.process.pid, kind, before)
            preview.wait_for(PAGE, "two ships at a time")
            assert preview.next_line().startswith(f"{preview.content / ARTICLE} changed: ")
