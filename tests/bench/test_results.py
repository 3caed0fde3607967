"""The figures of the benchmark, what they must show, and how they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

import pytest

from bench.limits import exit_status, verdicts
from bench.plan import BUILDS, CORPORA, Plan, read_plan
from bench.plot import plot
from bench.report import report
from bench.results import (
    Footprint,
    Growth,
    Measurement,
    Painting,
    Ratio,
    Results,
    Timing,
    difference,
    ratio,
)
from bench.scenarios import Scenario


def timings(scenario: str, generator: str, *walls: float, corpus: str = "real") -> list[Timing]:
    """A timing for each round."""
    return [
        Timing(corpus, scenario, generator, number, wall, wall) for number, wall in enumerate(walls)
    ]


def results(*series: Iterable[Measurement]) -> Results:
    """The results of a run."""
    return Results.of(it for each in series for it in each)


def measured(results: Results) -> dict[str, tuple[float, bool]]:
    """The measured ratio for each limit, and whether it's kept."""
    return {it.limit.name: (it.measured.median, it.is_kept) for it in verdicts(results)}


def test_a_ratio_is_the_median_of_the_ratios_of_each_round() -> None:
    """A round in which the machine is slow affects both generators, and so not their ratio."""
    assert ratio({0: 2, 1: 20, 2: 9}, {0: 1, 1: 10, 2: 3}) == Ratio(2, 2, 3)


def test_only_rounds_with_both_generators_are_compared() -> None:
    """Slow generators take part in fewer rounds."""
    assert ratio({0: 2, 1: 3}, {1: 1, 2: 1}) == Ratio(3, 3, 3)
    assert ratio({0: 2}, {1: 1}) is None
    assert difference({0: 5, 1: 7}, {1: 4}) == {1: 3}


def test_a_limit_is_exceeded_by_the_median() -> None:
    """A single slow round isn't enough."""
    hugo = timings("clean", "hugo", 1, 1, 1)
    assert measured(results(timings("clean", "codebook", 3, 4, 9), hugo)) == {
        "real, clean: to hugo": (4, True)
    }
    assert measured(results(timings("clean", "codebook", 3, 4.1, 9), hugo)) == {
        "real, clean: to hugo": (4.1, False)
    }


@pytest.mark.parametrize(("clean", "status"), [(4, 0), (4.1, 1)])
def test_the_exit_status_depends_on_the_ratios(clean: float, status: int) -> None:
    """It doesn't depend on the times: a machine that is a thousand times slower changes nothing."""
    for speed in (1, 1000):
        ours = timings("clean", "codebook", clean * speed)
        assert exit_status(verdicts(results(ours, timings("clean", "hugo", speed)))) == status


def test_one_exceeded_limit_is_enough() -> None:
    """The others are kept."""
    run = results(
        timings("clean", "codebook", 1),
        timings("clean", "hugo", 1),
        timings("nothing changed", "codebook", 1),
        timings("nothing changed", "hugo", 1),
    )
    assert measured(run)["real, clean: to hugo"] == (1, True)
    assert exit_status(verdicts(run)) == 1


def test_a_run_without_limits_succeeds() -> None:
    """The run selected other generators."""
    assert exit_status(verdicts(results(timings("clean", "codebook", 100)))) == 0


def test_the_extra_time_of_a_url_is_compared_with_the_baseline() -> None:
    """It's the difference between two builds of the same version in the same round."""
    run = results(
        timings("clean", "codebook", 1),
        timings("clean, with a URL", "codebook", 5),
        timings("clean", "baseline", 2),
        timings("clean, with a URL", "baseline", 12),
    )
    assert measured(run) == {"real, clean: extra time of a URL, to baseline": (0.4, True)}


def test_a_build_with_nothing_to_do_takes_as_long_with_a_url() -> None:
    """Apart from a little noise."""
    name = "real, nothing changed: with a URL, to without"
    for wall, is_kept in ((1.1, True), (1.2, False)):
        run = results(
            timings("nothing changed", "codebook", 1),
            timings("nothing changed, with a URL", "codebook", wall),
        )
        assert measured(run) == {name: (wall, is_kept)}


def test_the_memory_of_the_largest_corpus_is_limited() -> None:
    """Other corpora aren't."""
    footprints = [
        Footprint(corpus, generator, memory, 1, 1)
        for corpus in CORPORA
        for generator, memory in (("codebook", 150), ("hugo", 100))
    ]
    assert measured(results(footprints)) == {"10000, clean: memory, to hugo": (1.5, False)}


def test_the_worse_doubling_counts() -> None:
    """Each doubling says how the cost grows."""
    growths = [Growth("codes", 50, (1, 2, 4)), Growth("links", 50, (1, 3, 6))]
    assert measured(results(growths)) == {
        "twice as many codes": (2, True),
        "twice as many links": (3, False),
    }


def test_what_costs_too_little_has_no_verdict() -> None:
    """The figures would be noise."""
    assert measured(results([Growth("keywords", 50, (0.01, 0.04, 0.16))])) == {}


def test_a_limit_compares_with_each_of_the_other_generators() -> None:
    """All of them have a limit with the repository's book."""
    others = ("hugo", "eleventy", "pelican", "zensical", "material")
    run = results(*(timings("clean", it, 1) for it in ("codebook", *others)))
    assert set(measured(run)) == {f"real, clean: to {other}" for other in others}


def a_run() -> Results:
    """Results with something in each table."""
    return results(
        timings("clean", "codebook", 2, 3),
        timings("clean", "hugo", 1, 1),
        timings("preview", "codebook", 0.1),
        timings("preview", "zensical", 0.4),
        [Footprint("real", "codebook", 70_000_000, 616, 6_700_000)],
        [Growth("codes", 50, (1, 2, 5))],
        [Painting("text", each) for each in (30, 50, 90)],
    )


def test_the_report_has_times_and_ratios() -> None:
    """The fastest generator has no ratio, because the others are compared with it."""
    run = a_run()
    lines = report(run, verdicts(run)).splitlines()
    assert "| clean | 2.50 s, 2.50 (2.00–3.00) | 1.00 s |" in lines
    assert "| codebook | 2.50 s | 70 MB | 616 | 6.7 MB |" in lines
    assert "| zensical | 400 ms, 0.25 (0.25–0.25) |" in lines
    assert "| text | 3 | 50 ms | 86 ms | 90 ms | 50 ms, 120 ms |" in lines
    assert "| codes | 50 | 1.00 s | 2.00 s | 5.00 s | 2.00 | 2.50 |" in lines
    assert "| real, clean: to hugo | 4 | 2.50 (2.00–3.00) |  |" in lines


def test_what_a_generator_did_not_take_part_in_is_empty() -> None:
    """The baseline is only compared with the smaller corpora, and a URL only with itself."""
    run = results(
        *(
            timings(scenario, generator, 2 if "URL" in scenario else 1, corpus=corpus)
            for corpus in CORPORA
            for scenario in (*Scenario, "clean, with a URL", "preview")
            for generator in ("codebook", "hugo", "baseline")
            if corpus in {"real", "68"} or generator != "baseline"
            if "URL" not in scenario or generator != "hugo"
        ),
        [
            Footprint(corpus, generator, 1, 1, 1)
            for corpus in CORPORA
            for generator in ("codebook", "hugo")
        ],
    )
    lines = report(run, verdicts(run)).splitlines()
    cell = "1.00 s, 1.00 (1.00–1.00)"
    assert f"| baseline | {cell} | {cell} |  |  |" in lines
    assert "baseline" in plot(run)


def test_the_report_marks_limits_that_are_exceeded() -> None:
    """The others have no mark."""
    run = results(timings("clean", "codebook", 9), timings("clean", "hugo", 1))
    line = "| real, clean: to hugo | 4 | 9.00 (9.00–9.00) | **exceeded** |"
    assert line in report(run, verdicts(run)).splitlines()


def test_the_plot_is_an_image() -> None:
    """It has a point for each generator."""
    root = ET.fromstring(plot(a_run()))  # noqa: S314 - our own text
    names = {element.text for element in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"codebook", "hugo", "The repository's book"} <= names


def test_everything_is_measured_and_written_by_default() -> None:
    """This is the run whose results are in the repository."""
    plan = read_plan([])
    assert plan.is_written
    assert plan.corpora == CORPORA
    assert BUILDS in plan.parts
    assert plan.rounds_of("1000") == 7
    assert plan.rounds_of("10000") == 3


@pytest.mark.parametrize("argument", ["quick", "builds", "--only=real", "--rounds=2"])
def test_a_selection_is_not_written(argument: str) -> None:
    """Unless `--write` asks for it."""
    assert not read_plan([argument]).is_written
    assert read_plan([argument, "--write"]).is_written


def test_a_baseline_is_written() -> None:
    """It adds to the run, but doesn't select a part of it."""
    plan = read_plan(["--baseline", "main"])
    assert (plan.baseline, plan.is_written) == ("main", True)


def test_a_quick_run_compares_a_few_builds() -> None:
    """Other options still apply."""
    plan = read_plan(["quick"])
    assert (plan.parts, plan.corpora, plan.rounds) == ([BUILDS], ("real", "68"), 3)
    assert plan.generators == ("codebook", "hugo", "eleventy")
    assert read_plan(["quick", "--only=1000", "--rounds=1"]).corpora == ["1000"]


def test_large_corpora_have_fewer_scenarios() -> None:
    """Each build takes long."""
    plan: Plan = read_plan([])
    assert Scenario.TEMPLATE in plan.scenarios_of("1000")
    assert plan.scenarios_of("10000") == ["clean", "nothing changed", "one article"]


@pytest.mark.parametrize("argument", ["slow", "--only=real,69", "--generators=jekyll"])
def test_an_unknown_value_is_an_error(argument: str) -> None:
    """The message lists the values."""
    with pytest.raises(SystemExit):
        read_plan([argument])
