"""`make bench`: compare the builds of this program with those of other generators."""

from __future__ import annotations

import argparse
import compileall
import io
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.corpus import ROOT, Corpus, real_corpus, synthetic_corpus
from bench.generators.codebook import Codebook
from bench.generators.generator import Generator
from bench.generators.hugo import Hugo
from bench.measure import cost_of
from bench.results import Timing, table
from bench.scenarios import Scenario, Workspace

CORPORA = ("real", "68", "1000", "10000")
_URL = "https://codes.example.org/"


def main() -> int:
    """Run the comparison, and print it."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--only", default=",".join(CORPORA), help="the corpora (default: all)")
    parser.add_argument("--generators", help="the generators (default: all)")
    parser.add_argument("--scenarios", help="the scenarios, without the URL (default: all)")
    parser.add_argument("--rounds", type=int, default=7, help="how often to run each (default: 7)")
    parser.add_argument("--baseline", help="a folder or a commit with another version of codebook")
    parser.add_argument("--url", action="store_true", help="also build with a public URL")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="codebook-") as name:
        folder = Path(name)
        generators: list[Generator] = [Codebook("codebook", ROOT), Hugo("hugo")]
        if options.baseline:
            generators.append(
                Codebook("baseline", _checkout(options.baseline, folder / "checkout"))
            )
        for generator in generators:
            if isinstance(generator, Codebook):
                compileall.compile_dir(generator.checkout / "codebook", quiet=1)
        if options.generators:
            generators = [it for it in generators if it.name in options.generators.split(",")]
        scenarios = [
            it for it in Scenario if not options.scenarios or it in options.scenarios.split(",")
        ]
        for corpus_name in options.only.split(","):
            corpus = real_corpus() if corpus_name == "real" else synthetic_corpus(int(corpus_name))
            for url in ("", _URL) if options.url else ("",):
                workspaces = list(_workspaces(corpus, generators, url, folder / corpus_name))
                timings = list(_timings(workspaces, scenarios, options.rounds))
                sys.stdout.write("\n".join(table(timings, corpus.name, "hugo")) + "\n\n")
                sys.stdout.flush()
    return 0


def _workspaces(
    corpus: Corpus, generators: Sequence[Generator], url: str, folder: Path
) -> Iterator[Workspace]:
    """A folder for each generator, with the sources and a first build."""
    for generator in generators:
        place = folder / ("url" if url else "no-url") / generator.name
        place.mkdir(parents=True)
        generator.write(corpus, place, url)
        workspace = Workspace(generator, corpus, place, url)
        cost_of(generator.command(url), place)
        workspace.check_pages()
        yield workspace


def _timings(
    workspaces: Sequence[Workspace], scenarios: Sequence[Scenario], rounds: int
) -> Iterator[Timing]:
    """Run every scenario in every workspace, in another order each round."""
    for number in range(rounds):
        for scenario in scenarios:
            first = number % len(workspaces)
            for workspace in (*workspaces[first:], *workspaces[:first]):
                expected = workspace.prepare(scenario, number)
                generator, url = workspace.generator, workspace.url
                cost = cost_of(generator.command(url), workspace.folder)
                workspace.check(*expected)
                label = f"{scenario}, with a URL" if url else str(scenario)
                name = workspace.corpus.name
                yield Timing(name, label, generator.name, number, cost.wall, cost.cpu)


def _checkout(baseline: str, folder: Path) -> Path:
    """The folder with another version: a folder, or an archive of a commit."""
    if Path(baseline).is_dir():
        return Path(baseline).resolve()
    command = ["git", "archive", baseline]
    archive = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout  # noqa: S603 - Git
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")
    return folder


if __name__ == "__main__":
    sys.exit(main())
