"""Run scenarios with a client several times, and decide the outcomes from the server's record."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, nullcontext
from dataclasses import dataclass, replace
from functools import partial

from lab.clients import AdapterError, Client, Driver, start
from lab.pages import DriverPages
from lab.programs import Program
from lab.scenario import RELAYING, TIMEOUT, VALID_CODES, Record, Report, Request, Scenario, Seen
from lab.second_server import SecondServer, serving_with_threads
from lab.server import Server, serving

REPEATS = 3
UNSTABLE = "unstable"
"""The outcome if the runs differ."""
_RECOVERY = 0.5
"""Seconds after which proxies try a server again that refused a connection."""
_GRACE = 1.0
"""Seconds that a client has to end after the server has reset its connections."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run, and how."""

    scenarios: Mapping[str, Scenario]
    repeats: int = REPEATS
    uses_second: bool = False
    """Whether the second server serves the scenarios."""

    def asked_of(self, client: Client) -> tuple[Scenario, ...]:
        """The scenarios that the client can run."""
        return tuple(each for each in self.scenarios.values() if client.can_run(each))


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What one client did."""

    version: str
    runs: Mapping[str, tuple[str, ...]]
    """The outcome of each run of each scenario."""


async def run_client(
    client: Client, program: Program, plan: Plan, progress: Callable[[], None] = lambda: None
) -> Outcomes:
    """Run all scenarios that the client can run; `progress` is called after each run.

    Raises AdapterError if the adapter doesn't start, or lies about what it received.
    """
    asked = plan.asked_of(client)
    runs: dict[str, list[str]] = {scenario.id: [] for scenario in asked}
    names = (f"r{number}" for number in itertools.count(1))
    async with AsyncExitStack() as stack:
        server: Server | SecondServer
        pages = DriverPages()
        if plan.uses_second:
            server = stack.enter_context(serving_with_threads(plan.scenarios, pages))
        else:
            server = await stack.enter_async_context(serving(plan.scenarios, pages))
        session = _Session(program, server)
        stack.push_async_callback(session.stop)
        # Repeats of one scenario are far apart, so that they don't share a passing disturbance.
        for _ in range(plan.repeats):
            for scenario in asked:
                record = await _run(next(names), scenario, session)
                runs[scenario.id].append(scenario.judge(record))
                if scenario.leaves_bytes and "reuse" not in client.lacks:
                    if client.group == "browser":
                        # It takes seconds to start, and notices that its idle connections ended.
                        server.abort()
                    else:
                        await session.stop()
                progress()
        version = session.version
    return Outcomes(version, {name: tuple(outcomes) for name, outcomes in runs.items()})


def settled(runs: Sequence[str]) -> str:
    """The outcome of all runs, or `unstable`."""
    return runs[0] if len(set(runs)) == 1 else UNSTABLE


_Source = Callable[[], Sequence[Seen]]


@dataclass(slots=True)
class _Session:
    """The adapter's process, which is replaced if it hangs."""

    program: Program
    server: Server | SecondServer
    driver: Driver | None = None
    version: str = ""

    async def started(self) -> Driver:
        if self.driver is None:
            environment = {**self.program.environment, "LAB_PORT": str(self.server.port)}
            self.driver = await start(self.program.command, environment, self.program.adapter)
            self.version = self.driver.version
        return self.driver

    async def send(
        self, source: _Source, url: str, request: Request, limit: float
    ) -> tuple[Report, Sequence[Seen]]:
        """The report, and what the source had recorded by then."""
        driver = await self.started()
        sending = asyncio.ensure_future(driver.send(url, request))
        try:
            done, _ = await asyncio.wait([sending], timeout=limit)
            if done:
                return await self._report(sending), source()
            # Clients may send the request again after the reset, which says nothing about them.
            seen = source()
            self.server.abort()
            done, _ = await asyncio.wait([sending], timeout=_GRACE)
        finally:
            sending.cancel()
        if not done:
            await self.stop()
        return TIMEOUT, seen

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


async def _run(name: str, scenario: Scenario, session: _Session) -> Record:
    request, limit = scenario.request, scenario.limit
    if scenario.serve:
        async with scenario.serve() as site:
            report, seen = await session.send(site.record, site.url, request, limit)
        return Record(request, seen, report)
    server = session.server
    source = partial(server.record, name)
    url = server.url(name, scenario.id, request.step)
    await session.started()  # while the server accepts connections, as some proxies try that first
    async with server.refusing() if scenario.refuses else nullcontext():
        report, seen = await session.send(source, url, request, limit)
    if scenario.refuses:
        await asyncio.sleep(_RECOVERY)
    record = Record(request, seen, report)
    if report.kind == "returned":
        _check(scenario, record, server.codes_sent(name))
    if scenario.after:
        await asyncio.sleep(scenario.pause)
        before = len(source())
        after_url = server.url(name, scenario.id, scenario.after.step)
        after, later = await session.send(source, after_url, scenario.after, limit)
        record = replace(record, seen=(*seen, *later[before:]), after=after)
    return record


def _check(scenario: Scenario, record: Record, codes: frozenset[int]) -> None:
    """Raise AdapterError if the report of a response contradicts the server's record."""
    if not (record.seen or scenario.refuses):
        raise AdapterError(f"{scenario.id}: it reports a response, but requested nothing")
    if scenario.needs & RELAYING:
        return
    # Clients may read an invalid code differently, and a page doesn't know its own status.
    is_valid = all(code in VALID_CODES for code in codes)
    if is_valid and record.report.status is not None and record.report.status not in codes:
        raise AdapterError(f"{scenario.id}: it reports a {record.report.status} that was not sent")
