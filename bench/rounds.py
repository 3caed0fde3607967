"""Runs the generators in turns, so that whatever else the machine does affects all of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.corpus import Corpus
from bench.generators.generator import Generator
from bench.measure import cost_of, peak_memory_of
from bench.results import Footprint, Timing
from bench.scenarios import Scenario, Workspace, with_url

_WITH_URL = (Scenario.CLEAN, Scenario.NOTHING, Scenario.ARTICLE)
"""The scenarios in which a public URL makes a difference."""
_PATIENCE = 15.0
"""Seconds of one scenario after which a slow generator doesn't take part in more rounds."""


def workspaces(
    corpus: Corpus, generators: Sequence[Generator], url: str, folder: Path
) -> Iterator[Workspace]:
    """A folder for each generator, with the sources and a first build, which isn't measured."""
    for generator in generators:
        place = folder / f"{generator.name}{'-url' if url else ''}"
        place.mkdir(parents=True)
        generator.write(corpus, place, url)
        first = cost_of(generator.command(url), place)
        workspace = Workspace(generator, corpus, place, url, first.wall)
        workspace.check_pages()
        yield workspace


def timings(
    entrants: Sequence[Workspace], scenarios: Sequence[Scenario], rounds: int
) -> Iterator[Timing]:
    """Run every scenario in every workspace, in another order each round."""
    for number in range(rounds):
        sys.stderr.write(f"{entrants[0].corpus.name}: round {number + 1} of {rounds}\n")
        first = number % len(entrants)
        for scenario in scenarios:
            for workspace in (*entrants[first:], *entrants[:first]):
                is_skipped = workspace.url and scenario not in _WITH_URL
                if not is_skipped and number < _rounds_of(workspace, rounds):
                    yield _timing(workspace, scenario, number)


def _rounds_of(workspace: Workspace, rounds: int) -> int:
    """How many rounds a generator takes part in."""
    if workspace.generator.is_in_every_round:
        return rounds
    return max(1, min(rounds, int(_PATIENCE / workspace.seconds)))


def _timing(workspace: Workspace, scenario: Scenario, number: int) -> Timing:
    generator, url = workspace.generator, workspace.url
    expected = workspace.prepare(scenario, number)
    cost = cost_of(generator.command(url), workspace.folder)
    workspace.check(*expected)
    if scenario is Scenario.CLEAN:
        workspace.check_pages()
    name = with_url(scenario) if url else str(scenario)
    return Timing(workspace.corpus.name, name, generator.name, number, cost.wall, cost.cpu)


def footprint(workspace: Workspace) -> Footprint:
    """What a clean build needs and leaves, in a run whose time isn't measured."""
    generator = workspace.generator
    workspace.prepare(Scenario.CLEAN, 0)
    memory = peak_memory_of(generator.command(workspace.url), workspace.folder)
    sizes = [path.stat().st_size for path in workspace.output.rglob("*") if path.is_file()]
    return Footprint(workspace.corpus.name, generator.name, memory, len(sizes), sum(sizes))
