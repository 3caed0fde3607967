"""`python -m audit.together`: run the checks that don't measure time, two at once.

Most of them wait for servers and browsers for much of their time. The output of a check is printed
when it ends, so that lines of two checks are never mixed.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

from audit.command import exit_on_signals
from audit.supervised_process import supervised

Check = Sequence[str]
"""A module to run, and its arguments."""

_FRESH = (
    "lab",
    "--check",
    *("--repeats", "1"),
    *("--client", "curl", "--client", "requests", "--client", "httpx"),
    *("--client", "node-fetch-builtin", "--client", "chromium-fetch"),
    *("--scenario", "redirect-*", "--scenario", "error-40*", "--scenario", "interim-*"),
    *("--scenario", "stray-*", "--scenario", "unassigned-*", "--scenario", "invalid-*"),
)
"""The published outcomes of common clients, except what takes long to wait for."""

LANES: Sequence[Sequence[Check]] = (
    # Engines come after the type checker, because the recipes on the other lane start many servers.
    (("ruff", "check"), ("ruff", "format", "--check"), ("mypy",), ("audit.engines",), _FRESH),
    (("audit",), ("audit.hosts",), ("audit.crawl",)),
)
"""Lanes run at the same time, and the checks of a lane one after the other."""


def main(lanes: Sequence[Sequence[Check]] = LANES) -> int:
    """Run every check, even after one fails. Return 1 if any fails."""
    exit_on_signals()
    return 1 if asyncio.run(_run_lanes(lanes)) else 0


async def _run_lanes(lanes: Sequence[Sequence[Check]]) -> int:
    """Return the number of checks that failed."""
    return sum(await asyncio.gather(*map(_run_lane, lanes)))


async def _run_lane(lane: Sequence[Check]) -> int:
    return sum([await _fails(check) for check in lane])


async def _fails(check: Check) -> bool:
    process = await asyncio.create_subprocess_exec(
        *supervised([sys.executable, "-m", *check]),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _ = await process.communicate()
    finally:
        # After a signal, the check cleans up before this process ends.
        if process.returncode is None:
            process.terminate()
            await process.wait()
    sys.stdout.buffer.write(output)
    sys.stdout.buffer.flush()
    return process.returncode != 0


if __name__ == "__main__":
    sys.exit(main())
