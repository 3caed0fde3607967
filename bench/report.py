"""Tables of the results in Markdown, for the terminal and for `RESULTS.md`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import inf
from statistics import median, quantiles

from bench.limits import FASTEST, PREVIEW, Verdict
from bench.painting import BUDGETS
from bench.plan import OURS
from bench.results import Growth, Painting, Results, Series, ratio

_MEGABYTE = 1_000_000


def report(results: Results, verdicts: Sequence[Verdict]) -> str:
    """Everything that was measured."""
    return "\n".join(line for section in _sections(results, verdicts) for line in (*section, ""))


def _sections(results: Results, verdicts: Sequence[Verdict]) -> Iterator[Iterable[str]]:
    corpora = dict.fromkeys(timing.corpus for timing in results.timings)
    for corpus in corpora:
        if any(footprint.corpus == corpus for footprint in results.footprints):
            yield _times(results, corpus)
            yield _footprints(results, corpus)
    if previewed := [it for it in corpora if results.wall(it, PREVIEW, OURS)]:
        yield _previews(results, previewed)
    if results.paintings:
        yield _paintings(results.paintings)
    if results.growths:
        yield _growths(results.growths)
    if verdicts:
        yield _verdicts(verdicts)


def _times(results: Results, corpus: str) -> Iterator[str]:
    """A row for each scenario, and a column for each generator."""
    timings = [it for it in results.timings if it.corpus == corpus and it.scenario != PREVIEW]
    generators = list(dict.fromkeys(timing.generator for timing in timings))
    yield f"## {title_of(corpus)}"
    yield ""
    yield _row("median, and ratio to Hugo (lowest–highest)", *generators)
    yield _row(*["---"] * (len(generators) + 1))
    for scenario in dict.fromkeys(timing.scenario for timing in timings):
        reference = results.wall(corpus, scenario, FASTEST)
        series = [results.wall(corpus, scenario, generator) for generator in generators]
        cells = (
            _time(each) if generator == FASTEST else _time(each, reference)
            for generator, each in zip(generators, series, strict=True)
        )
        yield _row(scenario, *cells)


def _time(series: Series, reference: Mapping[int, float] | None = None) -> str:
    if not series:
        return ""
    compared = ratio(series, reference or {})
    return f"{_seconds(median(series.values()))}{f', {compared}' if compared else ''}"


def _seconds(value: float) -> str:
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.0f} ms"


def _footprints(results: Results, corpus: str) -> Iterator[str]:
    """A row for each generator."""
    yield _row("clean build", "processor time", "memory", "files", "size")
    yield _row(*["---"] * 5)
    for footprint in results.footprints:
        if footprint.corpus == corpus:
            cpu = results.cpu(corpus, "clean", footprint.generator).values()
            yield _row(
                footprint.generator,
                _seconds(median(cpu)) if cpu else "",
                f"{footprint.memory / _MEGABYTE:.0f} MB",
                f"{footprint.files:,}",
                f"{footprint.bytes / _MEGABYTE:.1f} MB",
            )


def _previews(results: Results, corpora: Sequence[str]) -> Iterator[str]:
    """A row for each generator, and a column for each corpus."""
    yield "## Previews"
    yield ""
    yield "From a saved article to the page that the server sends, and the ratio of codebook to it."
    yield ""
    yield _row("", *map(title_of, corpora))
    yield _row(*["---"] * (len(corpora) + 1))
    previews = [timing for timing in results.timings if timing.scenario == PREVIEW]
    for generator in dict.fromkeys(timing.generator for timing in previews):
        cells = []
        for corpus in corpora:
            series = results.wall(corpus, PREVIEW, generator)
            compared = ratio(results.wall(corpus, PREVIEW, OURS), series)
            ratios = f", {compared}" if compared and generator != OURS else ""
            cells.append(f"{_seconds(median(series.values()))}{ratios}" if series else "")
        yield _row(generator, *cells)


def _paintings(paintings: Sequence[Painting]) -> Iterator[str]:
    """A row for each kind of edit."""
    yield "From a saved file to the page that Chromium has painted, in the preview of codebook."
    yield ""
    yield _row("edit", "edits", "median", "95th percentile", "longest", "goal for a fast machine")
    yield _row(*["---"] * 6)
    for kind in dict.fromkeys(painting.kind for painting in paintings):
        times = [painting.milliseconds for painting in paintings if painting.kind == kind]
        figures = (median(times), quantiles(times, n=20, method="inclusive")[-1], max(times))
        budget = BUDGETS[kind]
        goal = f"{budget.median:g} ms" + (f", {budget.p95:g} ms" if budget.p95 < inf else "")
        yield _row(kind, str(len(times)), *(f"{figure:.0f} ms" for figure in figures), goal)


def _growths(growths: Sequence[Growth]) -> Iterator[str]:
    yield "## How the cost grows"
    yield ""
    yield "Processor time beyond that of an empty book, which should about double with the number."
    yield ""
    yield _row("", "n", "n", "2n", "4n", "2n / n", "4n / 2n")
    yield _row(*["---"] * 7)
    for growth in growths:
        times = map(_seconds, growth.seconds)
        doublings = (f"{doubling:.2f}" for doubling in growth.doublings)
        unclear = "" if growth.is_measurable else " (too fast to measure)"
        yield _row(f"{growth.thing}{unclear}", f"{growth.count:,}", *times, *doublings)


def _verdicts(verdicts: Sequence[Verdict]) -> Iterator[str]:
    yield "## Limits"
    yield ""
    yield _row("", "limit", "measured", "")
    yield _row(*["---"] * 4)
    for verdict in verdicts:
        mark = "" if verdict.is_kept else "**exceeded**"
        yield _row(verdict.limit.name, f"{verdict.limit.most:g}", str(verdict.measured), mark)


def title_of(corpus: str) -> str:
    """The corpus as a heading."""
    return "The repository's book" if corpus == "real" else f"{int(corpus):,} codes"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
