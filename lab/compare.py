"""Compare a new measurement with the stored results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lab.results import Result
from lab.run import UNSTABLE, settled


@dataclass(frozen=True, slots=True)
class Difference:
    """A scenario with another outcome than before."""

    scenario: str
    now: str
    before: str
    """Empty if it wasn't measured before."""


def differences(result: Result, stored: Result | None) -> Iterator[Difference]:
    """Yield each scenario whose outcome isn't the stored one.

    An outcome that was unstable before can be any now.
    """
    for scenario, runs in result.runs.items():
        before = stored.runs.get(scenario) if stored else None
        was = settled(before) if before else ""
        if settled(runs) != was and was != UNSTABLE:
            yield Difference(scenario, settled(runs), was)


def is_outdated(result: Result, stored: Result | None) -> bool:
    """Whether the stored results are of another version, so that they may differ."""
    return stored is None or stored.version != result.version
