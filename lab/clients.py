"""The clients that the lab knows, and the processes that drive them."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from lab.scenario import RELAYING, Report, Request, Scenario

LAB = Path(__file__).resolve().parent
ADAPTERS = LAB / "adapters"
_START_TIMEOUT = 60.0
_STOP_TIMEOUT = 5.0
_LINE_LIMIT = 1 << 20
_SPECIAL = frozenset({"tab"}) | RELAYING
"""What only those clients can do that say so."""
_NEEDS = {
    "DELETE": frozenset({"methods"}),
    "HEAD": frozenset({"head"}),
    "POST": frozenset({"post"}),
    "PUT": frozenset({"methods"}),
}
"""What a client must be able to do to send a request with a method."""


class Client(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A client as `clients.toml` describes it."""

    name: str
    """As the tables show it."""
    adapter: str
    """The path of the adapter, in `adapters/`."""
    settings: str
    """How the client is used."""
    follow: str = ""
    """The option that turns on redirects; empty if the client follows them by default, or never."""
    lacks: frozenset[str] = frozenset()
    """What the client can't do."""
    packages: tuple[str, ...] = ()
    """The Debian packages that it needs."""
    can: frozenset[str] = frozenset()
    """What the client can do, unlike most clients."""
    only: frozenset[str] = frozenset()
    """If not empty, the client runs only scenarios that need all of this."""
    argument: str = ""
    """Passed to the adapter as `LAB_ARGUMENT`, if it drives several clients."""
    environment: str = "python"
    """The virtual environment of a Python adapter, in `.lab/`."""
    group: str = "client"
    """`client`, `browser`, or `proxy`."""

    def can_run(self, scenario: Scenario) -> bool:
        """Whether the scenario is a question for this client."""
        needs = scenario.needs | _NEEDS.get(scenario.request.method, frozenset())
        lacks = self.lacks | (_SPECIAL - self.can)
        return not needs & lacks and self.only <= scenario.needs


class AdapterError(Exception):
    """An adapter doesn't start, doesn't end, or reports what the server did not send."""


def clients() -> Mapping[str, Client]:
    """All clients by their keys."""
    return msgspec.convert(
        tomllib.loads((LAB / "clients.toml").read_text(encoding="utf-8")), dict[str, Client]
    )


@dataclass(slots=True)
class Driver:
    """A running adapter."""

    process: asyncio.subprocess.Process
    version: str

    async def send(self, url: str, request: Request) -> Report:
        """Have the client send a request, and wait for what it reports."""
        follow = "follow" if request.follow else ""
        fields = (request.method, url, request.body, request.credentials, follow, *request.headers)
        assert self.process.stdin  # noqa: S101 - it was started with a pipe
        self.process.stdin.write(("\t".join(fields) + "\n").encode())
        await self.process.stdin.drain()
        kind, status, text, *statuses = await _fields(self.process, 3, 4)
        return Report(kind, int(status) if status else None, text, "".join(statuses))

    async def stop(self) -> None:
        """End the adapter, which can first end what it started in another group."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        with suppress(TimeoutError):
            async with asyncio.timeout(_STOP_TIMEOUT):
                await self.process.wait()
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        # Reads what is left, because an unread pipe is closed later than its event loop.
        await self.process.communicate()


async def start(command: list[str], environment: Mapping[str, str], adapter: Path) -> Driver:
    """Start an adapter; raises AdapterError if it can't be used."""
    # A file, because a client that warns a lot would fill a pipe, and wait forever.
    with tempfile.TemporaryFile() as errors:
        process = await asyncio.create_subprocess_exec(
            *command,
            str(adapter),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            env=environment,
            cwd=adapter.parent,
            start_new_session=True,
            limit=_LINE_LIMIT,
        )
        driver = Driver(process, "")
        try:
            async with asyncio.timeout(_START_TIMEOUT):
                _, driver.version = await _fields(process, 2)
        except (TimeoutError, AdapterError) as error:
            await driver.stop()
            errors.seek(0)
            lines = errors.read().decode(errors="replace").split("\n")
            # The last line of a traceback is the error.
            reason = next(filter(None, reversed(lines)), str(error) or "it does not start")
            raise AdapterError(reason) from None
        except asyncio.CancelledError:
            await driver.stop()
            raise
        return driver


async def _fields(process: asyncio.subprocess.Process, *counts: int) -> list[str]:
    assert process.stdout  # noqa: S101 - it was started with a pipe
    line = (await process.stdout.readline()).decode(errors="replace")
    if not line.endswith("\n"):
        raise AdapterError("the adapter ended")
    fields = line.rstrip("\n").split("\t")
    if len(fields) not in counts:
        raise AdapterError(f"the adapter printed {line!r}")
    return fields
