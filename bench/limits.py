"""What a run must show. Every limit is a ratio of figures from the same run, never a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.plan import BASELINE, OURS
from bench.results import Growth, Ratio, Results, difference, ratio
from bench.scenarios import Scenario, with_url

FASTEST = "hugo"

_HUGO: Mapping[Scenario, Mapping[str, float]] = {
    Scenario.CLEAN: {"real": 4, "68": 3, "1000": 4, "10000": 5},
    Scenario.NOTHING: {"real": 0.5, "68": 0.6, "1000": 0.2, "10000": 0.12},
    Scenario.ARTICLE: {"real": 1.5, "68": 1.8, "1000": 0.6, "10000": 0.3},
    Scenario.TEMPLATE: {"real": 3, "68": 3, "1000": 3},
}
_OTHERS: Mapping[Scenario, Mapping[str, float]] = {
    Scenario.CLEAN: {"eleventy": 1, "pelican": 0.7, "zensical": 0.5, "material": 0.4},
    Scenario.NOTHING: dict.fromkeys(("eleventy", "pelican", "zensical", "material"), 0.3),
    Scenario.ARTICLE: dict.fromkeys(("eleventy", "pelican", "zensical", "material"), 0.6),
}
"""With the repository's book."""
_PREVIEW: Mapping[str, float] = {"zensical": 0.7, "eleventy": 0.3}
PREVIEW = "preview"
"""The scenario of an edit that a preview shows."""
_URL_CLEAN = 0.45
"""The extra time of a build with a public URL, compared with that of the baseline."""
_URL_NOTHING = 1.15
"""A build with nothing to do takes as long with a public URL as without, apart from noise."""


_DOUBLING = 2.5
"""The cost of twice as many things."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A ratio that must not be exceeded."""

    name: str
    most: float
    measure: Callable[[Results], Ratio | None]
    """Returns None if the run didn't include what the limit is about."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A limit, and what a run measured."""

    limit: Limit
    measured: Ratio

    @property
    def is_kept(self) -> bool:
        """Whether the median is within the limit."""
        return self.measured.median <= self.limit.most


def verdicts(results: Results) -> Sequence[Verdict]:
    """The limits that the run says something about."""
    limits = [*_limits(), *map(_growth, results.growths)]
    measured = [(limit, limit.measure(results)) for limit in limits]
    return [Verdict(limit, ratio) for limit, ratio in measured if ratio]


def exit_status(found: Sequence[Verdict]) -> int:
    """1 if a limit is exceeded, otherwise 0."""
    return 0 if all(verdict.is_kept for verdict in found) else 1


def _limits() -> Iterator[Limit]:
    for scenario, by_corpus in _HUGO.items():
        for corpus, most in by_corpus.items():
            yield _against(FASTEST, corpus, scenario, most)
    for scenario, by_generator in _OTHERS.items():
        for generator, most in by_generator.items():
            yield _against(generator, "real", scenario, most)
    for corpus in ("real", "1000"):
        for generator, most in _PREVIEW.items():
            yield _against(generator, corpus, PREVIEW, most)
    yield Limit(
        "10000, clean: memory, to hugo",
        1,
        lambda results: ratio(results.memory("10000", OURS), results.memory("10000", FASTEST)),
    )
    for corpus in ("real", "68"):
        yield _url_clean(corpus)
        yield _url_nothing(corpus)


def _against(generator: str, corpus: str, scenario: str, most: float) -> Limit:
    def measure(results: Results) -> Ratio | None:
        return ratio(
            results.wall(corpus, scenario, OURS), results.wall(corpus, scenario, generator)
        )

    return Limit(f"{corpus}, {scenario}: to {generator}", most, measure)


def _url_clean(corpus: str) -> Limit:
    def extra(results: Results, generator: str) -> Mapping[int, float]:
        return difference(
            results.wall(corpus, with_url(Scenario.CLEAN), generator),
            results.wall(corpus, Scenario.CLEAN, generator),
        )

    def measure(results: Results) -> Ratio | None:
        return ratio(extra(results, OURS), extra(results, BASELINE))

    name = f"{corpus}, clean: extra time of a URL, to baseline"
    return Limit(name, _URL_CLEAN, measure)


def _url_nothing(corpus: str) -> Limit:
    def measure(results: Results) -> Ratio | None:
        return ratio(
            results.wall(corpus, with_url(Scenario.NOTHING), OURS),
            results.wall(corpus, Scenario.NOTHING, OURS),
        )

    return Limit(f"{corpus}, nothing changed: with a URL, to without", _URL_NOTHING, measure)


def _growth(growth: Growth) -> Limit:
    """The worse of two doublings, because each says how the cost grows."""
    low, high = sorted(growth.doublings)
    measured = Ratio(high, low, high) if growth.is_measurable else None
    return Limit(f"twice as many {growth.thing}", _DOUBLING, lambda _: measured)
