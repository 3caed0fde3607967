"""What the benchmark needs to know about a generator."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from bench.corpus import Corpus, Page

THEMES = Path(__file__).resolve().parent.parent / "themes"
"""The bare themes, for generators that have no default theme."""
FACT = re.compile(r"(?<=\n)\| [^|\n]+ \| [^|\n]+ \| [^|\n]+(?= \|\n)")
"""A row of the table of facts up to the end of its source, where an edit adds a word."""


@dataclass(frozen=True, slots=True)
class Generator(ABC):
    """A generator with everything it needs to build a corpus.

    A folder is the workspace of one generator for one corpus; all paths are relative to it.
    """

    name: str

    corpora: ClassVar[Sequence[str]] = ("real", "68", "1000", "10000")
    """The corpora that the generator can build in a reasonable time."""
    is_in_every_round: ClassVar[bool] = False
    """Whether it takes part in every round, even if it's slow."""
    output: ClassVar[str]
    """The folder of the built site."""
    caches: ClassVar[Sequence[str]] = ()
    """What else a build leaves, and a clean build begins without."""
    style_sheet: ClassVar[str]
    template: ClassVar[str]
    """A template of every page that contains `</footer>`."""
    fact: ClassVar[re.Pattern[str]] = FACT
    """In the source of an article, the text of a fact."""

    @abstractmethod
    def write(self, corpus: Corpus, folder: Path, url: str) -> None:
        """Write the sources of the corpus. The URL of the published site can be empty."""

    @abstractmethod
    def command(self, url: str) -> Sequence[str]:
        """The command that builds the site; it runs in the folder."""

    def preview(self, port: int) -> Sequence[str]:
        """The command that serves the site and updates it; empty if that isn't compared."""
        del port
        return ()

    @abstractmethod
    def source(self, page: Page) -> str:
        """The file with the text of an article."""

    def html(self, page: Page) -> str:
        """The built file of a page, in the output; by default, each page has a folder."""
        return page.html


def write_text(path: Path, text: str) -> None:
    """Write a file, and create its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def front_matter(page: Page, **more: str) -> str:
    """The title and the description of a page, and more, in YAML."""
    head = {"title": page.title, "description": page.description, **more}
    # JSON is YAML.
    lines = (f"{key}: {json.dumps(value)}\n" for key, value in head.items())
    return f"---\n{''.join(lines)}---\n\n"
