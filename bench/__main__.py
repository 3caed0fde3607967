"""`make bench`: compare this program with other generators on the same pages.

The exit status is 1 if a ratio exceeds its limit. It never depends on a time.
"""

from __future__ import annotations

import compileall
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import plan as plans
from bench.corpus import Corpus, real_corpus, synthetic_corpus
from bench.generators.codebook import Codebook
from bench.generators.eleventy import Eleventy
from bench.generators.generator import Generator
from bench.generators.hugo import Hugo
from bench.generators.mkdocs import Material, Zensical
from bench.generators.pelican import Pelican
from bench.generators.sphinx import Sphinx
from bench.growth import growths
from bench.install import ROOT, checkout, site_python
from bench.limits import exit_status, verdicts
from bench.machine import conditions
from bench.measure import CommandError
from bench.painting import paintings
from bench.plan import Plan, read_plan
from bench.plot import plot
from bench.previews import PreviewError, preview_timings
from bench.report import report
from bench.results import Measurement, Results
from bench.rounds import footprint, timings, workspaces
from bench.scenarios import OutputError, Workspace

_URL = "https://codes.example.org/"
_EDITS = 15
"""How many edits each preview shows."""
_PAINTED_EDITS = 50
"""How many edits of each kind Chromium shows."""
_OTHERS: Sequence[Generator] = (
    Hugo("hugo"),
    Eleventy("eleventy"),
    Pelican("pelican"),
    Zensical("zensical"),
    Material("material"),
    Sphinx("sphinx"),
)


def main() -> int:
    """Measure what the arguments select, and print it, even if something fails in between."""
    plan = read_plan()
    measured: list[Measurement] = []
    failure = ""
    with tempfile.TemporaryDirectory(prefix="codebook-") as name:
        try:
            for measurement in _measurements(plan, Path(name)):
                measured.append(measurement)  # noqa: PERF402 - an error keeps them
        except (CommandError, OutputError, PreviewError) as error:
            failure = f"error: {error}\n"
        except KeyboardInterrupt:
            failure = "stopped\n"
    results = Results.of(measured)
    found = verdicts(results)
    text = report(results, found)
    sys.stdout.write(text)
    sys.stderr.write(failure)
    if plan.is_written and not failure:
        _write(text, plan, results)
    return 1 if failure else exit_status(found)


def _measurements(plan: Plan, folder: Path) -> Iterator[Measurement]:
    programs = list(_programs(plan, folder))
    every: Sequence[Generator] = (*programs, *_OTHERS)
    selected = [it for it in every if it.name in (*plan.generators, plans.BASELINE)]
    for name in plan.corpora if {plans.BUILDS, plans.PREVIEWS} & set(plan.parts) else ():
        corpus = real_corpus() if name == "real" else synthetic_corpus(int(name))
        # Larger corpora would take the baseline more time than everything else takes.
        is_small = plan.has_url(name)
        generators = [
            it for it in selected if name in it.corpora and (is_small or it.name != plans.BASELINE)
        ]
        entrants = list(_entrants(plan, corpus, generators, folder / name))
        if plans.BUILDS in plan.parts:
            yield from timings(entrants, plan.scenarios_of(name), plan.rounds_of(name))
            yield from (footprint(workspace) for workspace in entrants if not workspace.url)
        if plan.has_preview(name):
            previewed = [it for it in entrants if it.generator.preview(0) and not it.url]
            yield from preview_timings(previewed, _EDITS)
    if plans.PREVIEWS in plan.parts:
        yield from paintings(_PAINTED_EDITS)
    if plans.GROWTH in plan.parts:
        place = folder / plans.GROWTH
        place.mkdir()
        yield from growths(programs[0], place)


def _programs(plan: Plan, folder: Path) -> Iterator[Codebook]:
    """This program, and the version to compare it with."""
    versions = {plans.OURS: ROOT}
    if plan.baseline:
        versions[plans.BASELINE] = checkout(plan.baseline, folder / plans.BASELINE)
    for name, version in versions.items():
        # As after the first build of any clone.
        compileall.compile_dir(version / "codebook", quiet=1)
        yield Codebook(name, version, site_python(version))


def _entrants(
    plan: Plan, corpus: Corpus, generators: Sequence[Generator], folder: Path
) -> Iterator[Workspace]:
    yield from workspaces(corpus, generators, "", folder)
    if plan.has_url(corpus.name):
        with_url = [generator for generator in generators if generator.is_in_every_round]
        yield from workspaces(corpus, with_url, _URL, folder)


def _write(text: str, plan: Plan, results: Results) -> None:
    """Write `RESULTS.md` and its plot."""
    image = "![The time of each build as a multiple of Hugo's, as in the tables below](results.svg)"
    head = ["# Results of the benchmark", "", *conditions(plan.baseline), "", image, "", ""]
    folder = ROOT / "bench"
    (folder / "RESULTS.md").write_text("\n".join(head) + text, encoding="utf-8")
    (folder / "results.svg").write_text(plot(results), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
