"""The benchmark edits articles in real previews, and fails if they don't show the edits."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from bench.corpus import Corpus, Page, synthetic_corpus
from bench.generators.generator import Generator, write_text
from bench.previews import PreviewError, preview_timings
from bench.scenarios import Workspace

pytestmark = pytest.mark.slow
CORPUS = synthetic_corpus(5)


@dataclass(frozen=True, slots=True)
class Server(Generator):
    """A preview that serves a folder, without building anything."""

    folder: str = "pages"

    output: ClassVar[str] = "pages"

    def write(self, corpus: Corpus, folder: Path, url: str) -> None:
        """The sources are the pages."""
        del url
        for page in corpus.pages:
            write_text(folder / self.source(page), page.title)

    def command(self, url: str) -> Sequence[str]:
        """Nothing is built."""
        del url
        return ()

    def preview(self, port: int) -> Sequence[str]:
        """The server of Python."""
        options = ("--bind", "127.0.0.1", "--directory", self.folder)
        return [sys.executable, "-m", "http.server", str(port), *options]

    def source(self, page: Page) -> str:
        """The built file of the page."""
        return f"pages/{page.html}"


def workspace(generator: Generator, folder: Path) -> Workspace:
    """A workspace with the pages of the corpus."""
    generator.write(CORPUS, folder / generator.name, "")
    return Workspace(generator, CORPUS, folder / generator.name, "", 0)


def test_each_preview_shows_each_edit(tmp_path: Path) -> None:
    """They take turns."""
    workspaces = [workspace(Server(name), tmp_path) for name in "ab"]
    found = [(it.scenario, it.generator, it.round) for it in preview_timings(workspaces, 2)]
    assert found == [("preview", name, number) for number in (0, 1) for name in "ab"]


def test_a_preview_that_shows_no_edit_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the benchmark would never end."""
    monkeypatch.setattr("bench.previews._STARTS", 2)
    monkeypatch.setattr("bench.previews._START_TIMEOUT", 0.1)
    (tmp_path / "stale" / "other").mkdir(parents=True)
    stale = workspace(Server("stale", "other"), tmp_path)
    with pytest.raises(PreviewError, match="the preview of stale doesn't start"):
        list(preview_timings([stale], 1))
