"""What changes before a build: each scenario leaves a trace that the built site must show."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bench.corpus import Corpus
from bench.generators.generator import Generator


class Scenario(StrEnum):
    """What changes before a build."""

    CLEAN = "clean"
    NOTHING = "nothing changed"
    ARTICLE = "one article"
    FACT = "one fact"
    STYLE_SHEET = "one style sheet"
    TEMPLATE = "one template"


def with_url(scenario: Scenario) -> str:
    """The name of the scenario in a site with a public URL."""
    return f"{scenario}, with a URL"


class OutputError(Exception):
    """A generator didn't build what it should."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder in which a generator builds a corpus."""

    generator: Generator
    corpus: Corpus
    folder: Path
    url: str
    seconds: float
    """How long the first build took."""

    @property
    def output(self) -> Path:
        """The folder of the built site."""
        return self.folder / self.generator.output

    def prepare(self, scenario: Scenario, number: int) -> tuple[str, str]:
        """Make the change, different for each number.

        Return a pattern of built files, and a text that one of them must contain after the build.
        """
        generator, token = self.generator, f"zq{number}x"
        articles = self.corpus.articles
        article = articles[number * 7 % len(articles)]
        source, html = generator.source(article), generator.html(article)
        match scenario:
            case Scenario.CLEAN:
                self._discard(generator.output, *generator.caches)
                return html, ""
            case Scenario.NOTHING:
                return html, ""
            case Scenario.ARTICLE:
                self._edit(source, lambda text: f"{text.rstrip()}\n\nAlso {token}.\n")
                return html, token
            case Scenario.FACT:
                self._edit(source, lambda text: generator.fact.sub(rf"\g<0>, {token}", text, 1))
                return html, token
            case Scenario.STYLE_SHEET:
                rule = f".{token} {{ color: red }}\n"
                self._edit(generator.style_sheet, lambda text: text + rule)
                return "**/*.css", token
            case Scenario.TEMPLATE:
                word = f"<p>{token}</p>\n</footer>"
                self._edit(generator.template, lambda text: text.replace("</footer>", word, 1))
                return html, token

    def check(self, pattern: str, token: str) -> None:
        """Raise OutputError unless a built file that matches the pattern contains the token."""
        files = self.output.glob(pattern)
        if not any(token in file.read_text(encoding="utf-8") for file in files):
            raise OutputError(f"{self.generator.name} built no {pattern} with “{token}”")

    def check_pages(self) -> None:
        """Raise OutputError unless every page of the corpus was built.

        The lists of guides and tables are pages only of some generators.
        """
        for page in self.corpus.pages:
            if (
                page.path not in {"guides", "tables"}
                and not (self.output / self.generator.html(page)).is_file()
            ):
                raise OutputError(f"{self.generator.name} built no {self.generator.html(page)}")

    def _discard(self, *paths: str) -> None:
        """Move files and folders out of the way.

        Deleting them would slow down the next build: for minutes after files were deleted, ext4
        takes several times as long to create others.
        """
        aside = Path(tempfile.mkdtemp(prefix="discarded-", dir=self.folder.parent))
        for number, path in enumerate(paths):
            with suppress(FileNotFoundError):
                (self.folder / path).rename(aside / str(number))

    def _edit(self, path: str, change: Callable[[str], str]) -> None:
        file = self.folder / path
        before = file.read_text(encoding="utf-8")
        after = change(before)
        if before == after:
            raise OutputError(f"{self.generator.name}: {path} has nothing to change")
        file.write_text(after, encoding="utf-8")
