"""The figures of a run: medians, and ratios of pairs from the same round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median


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
class Ratio:
    """The median of the ratios in each round, and the lowest and the highest."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        """Such as `2.1 (1.9–2.4)`."""
        return f"{self.median:.2f} ({self.low:.2f}–{self.high:.2f})"


def ratio(timings: Sequence[Timing], reference: Sequence[Timing]) -> Ratio | None:
    """The ratio of two series of the same scenario; None if they have no round in common."""
    walls = {timing.round: timing.wall for timing in reference}
    ratios = [timing.wall / walls[timing.round] for timing in timings if timing.round in walls]
    return Ratio(median(ratios), min(ratios), max(ratios)) if ratios else None


def select(
    timings: Sequence[Timing], corpus: str, scenario: str, generator: str
) -> Sequence[Timing]:
    """The timings of one generator in one scenario."""
    return [
        timing
        for timing in timings
        if (timing.corpus, timing.scenario, timing.generator) == (corpus, scenario, generator)
    ]


def table(timings: Sequence[Timing], corpus: str, reference: str) -> Iterator[str]:
    """The lines of a table in Markdown: scenarios, and a column for each generator."""
    ours = [timing for timing in timings if timing.corpus == corpus]
    generators = list(dict.fromkeys(timing.generator for timing in ours))
    yield f"| {corpus} | {' | '.join(generators)} |"
    yield f"|---|{'---|' * len(generators)}"
    for scenario in dict.fromkeys(timing.scenario for timing in ours):
        cells = [_cell(ours, corpus, scenario, generator, reference) for generator in generators]
        yield f"| {scenario} | {' | '.join(cells)} |"


def _cell(
    timings: Sequence[Timing], corpus: str, scenario: str, generator: str, reference: str
) -> str:
    own = select(timings, corpus, scenario, generator)
    if not own:
        return ""
    seconds = f"{median(timing.wall for timing in own):.3f} s"
    compared = ratio(own, select(timings, corpus, scenario, reference))
    return f"{seconds}, {compared}" if compared and generator != reference else seconds
