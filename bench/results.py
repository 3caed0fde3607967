"""The figures of a run: medians, and ratios of pairs from the same round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Self

Series = Mapping[int, float]
"""Seconds by round."""
MEASURABLE = 0.25
"""Seconds that the smallest size of a thing must cost: less than that is mostly noise."""


@dataclass(frozen=True, slots=True)
class Timing:
    """One run of a generator."""

    corpus: str
    scenario: str
    generator: str
    round: int
    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a clean build needs and leaves."""

    corpus: str
    generator: str
    memory: int
    """The most bytes of memory at a time."""
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Painting:
    """How long Chromium took to paint an edit in the preview."""

    kind: str
    """What was edited."""
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Ratio:
    """The median of the ratios in each round, and the lowest and the highest."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        """Such as `2.10 (1.90–2.40)`."""
        return f"{self.median:.2f} ({self.low:.2f}–{self.high:.2f})"


@dataclass(frozen=True, slots=True)
class Growth:
    """The seconds that n, 2n, and 4n of a thing cost."""

    thing: str
    count: int
    seconds: tuple[float, float, float]

    @property
    def doublings(self) -> tuple[float, float]:
        """How much more each doubling costs."""
        first, second, third = self.seconds
        return second / first, third / second

    @property
    def is_measurable(self) -> bool:
        """Whether the smallest size costs more than the noise."""
        return self.seconds[0] >= MEASURABLE


Measurement = Timing | Footprint | Painting | Growth


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that a run measured."""

    timings: Sequence[Timing]
    footprints: Sequence[Footprint]
    paintings: Sequence[Painting]
    growths: Sequence[Growth]

    @classmethod
    def of(cls, measurements: Iterable[Measurement]) -> Self:
        """The results with these measurements."""
        every = tuple(measurements)
        return cls(
            [it for it in every if isinstance(it, Timing)],
            [it for it in every if isinstance(it, Footprint)],
            [it for it in every if isinstance(it, Painting)],
            [it for it in every if isinstance(it, Growth)],
        )

    def wall(self, corpus: str, scenario: str, generator: str) -> Series:
        """The seconds that a generator took in each round; empty if it didn't run."""
        return {timing.round: timing.wall for timing in self._select(corpus, scenario, generator)}

    def cpu(self, corpus: str, scenario: str, generator: str) -> Series:
        """The seconds on all processors in each round; empty if it didn't run."""
        return {timing.round: timing.cpu for timing in self._select(corpus, scenario, generator)}

    def memory(self, corpus: str, generator: str) -> Series:
        """The most bytes of memory, as a series of one round; empty if it wasn't measured."""
        found = [
            footprint.memory
            for footprint in self.footprints
            if (footprint.corpus, footprint.generator) == (corpus, generator)
        ]
        return dict(enumerate(found))

    def _select(self, corpus: str, scenario: str, generator: str) -> Sequence[Timing]:
        return [
            timing
            for timing in self.timings
            if (timing.corpus, timing.scenario, timing.generator) == (corpus, scenario, generator)
        ]


def ratio(series: Series, reference: Series) -> Ratio | None:
    """The ratio of two series; None if they have no round in common."""
    ratios = [value / reference[at] for at, value in series.items() if at in reference]
    return Ratio(median(ratios), min(ratios), max(ratios)) if ratios else None


def difference(series: Series, other: Series) -> Series:
    """How much more each round took, for the rounds that both have."""
    return {at: value - other[at] for at, value in series.items() if at in other}
