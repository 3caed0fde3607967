"""The benchmark runs real commands in turns, and fails if they don't build what they should."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from bench.corpus import Corpus, Page, synthetic_corpus
from bench.generators.generator import Generator, write_text
from bench.measure import CommandError, cost_of, peak_memory_of
from bench.results import Timing
from bench.rounds import footprint, timings, workspaces
from bench.scenarios import OutputError, Scenario

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc"),
]
CORPUS = synthetic_corpus(5)
COPY = "import shutil; shutil.copytree('in', 'out', dirs_exist_ok=True)"


@dataclass(frozen=True, slots=True)
class Copier(Generator):
    """A generator that copies its sources, or runs any other program."""

    program: str = COPY

    output: ClassVar[str] = "out"
    caches: ClassVar[Sequence[str]] = ("cache",)
    style_sheet: ClassVar[str] = "in/style.css"
    template: ClassVar[str] = "in/footer.html"

    def write(self, corpus: Corpus, folder: Path, url: str) -> None:
        """The template is a part of each page."""
        del url
        write_text(folder / self.style_sheet, ":root {}\n")
        write_text(folder / self.template, "</footer>")
        for page in corpus.pages:
            write_text(folder / self.source(page), page.markdown(page.relative_url))

    def command(self, url: str) -> Sequence[str]:
        """A program in Python."""
        del url
        return [sys.executable, "-c", self.program]

    def source(self, page: Page) -> str:
        """The sources have the names of the built files."""
        return f"in/{page.html}"


class Eager(Copier):
    """A slow generator that takes part in every round."""

    is_in_every_round: ClassVar[bool] = True


SCENARIOS = [it for it in Scenario if it is not Scenario.TEMPLATE]


def run(tmp_path: Path, *generators: Generator, rounds: int = 3) -> list[Timing]:
    """The timings of generators with all scenarios but that of the template."""
    entrants = list(workspaces(CORPUS, generators, "", tmp_path))
    return list(timings(entrants, SCENARIOS, rounds))


def test_every_generator_runs_each_scenario_in_every_round(tmp_path: Path) -> None:
    """They take turns, and each round begins with another one."""
    measured = run(tmp_path, Copier("a"), Copier("b"), rounds=2)
    order = [(it.round, it.scenario, it.generator) for it in measured]
    assert order == [
        (number, scenario, generator)
        for number, turn in enumerate(["ab", "ba"])
        for scenario in SCENARIOS
        for generator in turn
    ]
    assert all(it.wall >= it.cpu * 0.5 > 0 for it in measured)


def test_a_slow_generator_takes_part_in_fewer_rounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that have limits take part in all of them."""
    monkeypatch.setattr("bench.rounds._PATIENCE", 0.001)
    measured = run(tmp_path, Copier("slow"), Eager("ours"))
    assert {it.round for it in measured if it.generator == "slow"} == {0}
    assert {it.round for it in measured if it.generator == "ours"} == {0, 1, 2}


def test_a_missing_page_is_an_error(tmp_path: Path) -> None:
    """A generator can't be fast by building less."""
    with pytest.raises(OutputError, match="lazy built no"):
        run(tmp_path, Copier("lazy", "import os; os.makedirs('out')"))


def test_a_missed_edit_is_an_error(tmp_path: Path) -> None:
    """A generator can't be fast by not noticing a change."""
    once = f"import os\nif not os.path.exists('out'): {COPY}"
    with pytest.raises(OutputError, match="zq0x"):
        run(tmp_path, Copier("blind", once))


def test_a_clean_build_begins_without_output_and_caches(tmp_path: Path) -> None:
    """Both are removed before, and not measured."""
    program = f"import os; {COPY}; os.makedirs('cache')"
    (workspace,) = workspaces(CORPUS, [Copier("a", program)], "", tmp_path)
    workspace.prepare(Scenario.CLEAN, 0)
    assert not (workspace.folder / "out").exists()
    assert not (workspace.folder / "cache").exists()


def test_a_footprint_counts_the_files(tmp_path: Path) -> None:
    """Of the output, and not of the sources."""
    (workspace,) = workspaces(CORPUS, [Copier("a")], "", tmp_path)
    found = footprint(workspace)
    assert found.files == len(CORPUS.pages) + 2
    assert found.bytes == sum(it.stat().st_size for it in (tmp_path / "a/in").rglob("*.*"))
    assert found.memory > 1_000_000


def test_a_failed_command_shows_its_output(tmp_path: Path) -> None:
    """Otherwise no one would know why it failed."""
    with pytest.raises(CommandError, match="out of lanterns"):
        cost_of([sys.executable, "-c", "raise SystemExit('out of lanterns')"], tmp_path)


def test_settings_of_python_in_the_shell_do_not_apply(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without bytecode, generators in Python would start slowly."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    code = "import sys; sys.exit(sys.dont_write_bytecode)"
    cost_of([sys.executable, "-c", code], tmp_path)


HOLDING = "data = bytearray(b'x') * 40_000_000"
CHILD = f"{HOLDING}; print(flush=True); input()"
PARENT = f"""
import subprocess, sys, time
command = [sys.executable, "-c", {CHILD!r}]
with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
    child.stdout.readline()
    {HOLDING}
    time.sleep(0.5)
    child.stdin.write(b"\\n")
"""


def test_memory_includes_that_of_other_processes(tmp_path: Path) -> None:
    """Here two processes hold 40 MB each at the same time."""
    peak = peak_memory_of([sys.executable, "-c", PARENT], tmp_path)
    assert 80_000_000 <= peak < 120_000_000
