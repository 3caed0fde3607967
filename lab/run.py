"""Run scenarios with a client several times, and decide the outcomes from the server's record."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

from lab.clients import AdapterError, Client, Driver, start
from lab.programs import Program
from lab.scenario import TIMEOUT, Record, Report, Request, Scenario
from lab.server import Server, serving

REPEATS = 3
UNSTABLE = "unstable"
"""The outcome if the runs differ."""
_GRACE = 2.0
"""Seconds that a client has to end after the server has reset its connections."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What one client did."""

    version: str
    runs: Mapping[str, tuple[str, ...]]
    """The outcome of each run of each scenario."""


async def run_client(
    client: Client,
    program: Program,
    scenarios: Mapping[str, Scenario],
    *,
    repeats: int = REPEATS,
    progress: Callable[[], None] = lambda: None,
) -> Outcomes:
    """Run all scenarios that the client can run; `progress` is called after each run.

    Raises AdapterError if the adapter doesn't start, or lies about what it received.
    """
    asked = [scenario for scenario in scenarios.values() if client.can_run(scenario)]
    runs: dict[str, list[str]] = {scenario.id: [] for scenario in asked}
    names = (f"r{number}" for number in itertools.count(1))
    async with serving(scenarios) as server, AsyncExitStack() as stack:
        session = _Session(program, server)
        stack.push_async_callback(session.stop)
        # Repeats of one scenario are far apart, so that they don't share a passing disturbance.
        for _ in range(repeats):
            for scenario in asked:
                record = await _run(next(names), scenario, server, session)
                runs[scenario.id].append(scenario.judge(record))
                progress()
        version = session.version
    return Outcomes(version, {name: tuple(outcomes) for name, outcomes in runs.items()})


def settled(runs: Sequence[str]) -> str:
    """The outcome of all runs, or `unstable`."""
    return runs[0] if len(set(runs)) == 1 else UNSTABLE


@dataclass(slots=True)
class _Session:
    """The adapter's process, which is replaced if it hangs."""

    program: Program
    server: Server
    driver: Driver | None = None
    version: str = ""

    async def send(self, url: str, request: Request, limit: float) -> Report:
        if self.driver is None:
            environment = {**self.program.environment, "LAB_PORT": str(self.server.port)}
            self.driver = await start(self.program.command, environment, self.program.adapter)
            self.version = self.driver.version
        sending = asyncio.ensure_future(self.driver.send(url, request))
        done, _ = await asyncio.wait([sending], timeout=limit)
        if done:
            return await self._report(sending)
        self.server.abort()
        done, _ = await asyncio.wait([sending], timeout=_GRACE)
        if not done:
            sending.cancel()
            await self.stop()
        return TIMEOUT

    async def stop(self) -> None:
        if self.driver:
            await self.driver.stop()
        self.driver = None

    async def _report(self, sending: asyncio.Future[Report]) -> Report:
        try:
            return sending.result()
        except AdapterError:
            # It crashed, which is an outcome: the client raised an error that nothing could catch.
            await self.stop()
            return Report("raised", None, "crash")


async def _run(name: str, scenario: Scenario, server: Server, session: _Session) -> Record:
    url = server.url(name, scenario.id, scenario.request.step)
    report = await session.send(url, scenario.request, scenario.limit)
    record = Record(scenario.request, server.record(name), report)
    if not record.seen and report.kind == "returned":
        raise AdapterError(f"{scenario.id}: the client reports a response, but requested nothing")
    if scenario.after:
        await asyncio.sleep(scenario.pause)
        after_url = server.url(name, scenario.id, scenario.after.step)
        after = await session.send(after_url, scenario.after, scenario.limit)
        record = replace(record, seen=server.record(name), after=after)
    return record
