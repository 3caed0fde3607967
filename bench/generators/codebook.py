"""This program: the checkout of the benchmark, or an older one to compare it with."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from bench.corpus import Corpus, Page
from bench.generators.generator import Generator, write_text

_FOLDERS = [f"--{name}={name}" for name in ("content", "templates", "site")]


@dataclass(frozen=True, slots=True)
class Codebook(Generator):
    """A checkout of this program."""

    checkout: Path
    python: Path

    is_in_every_round: ClassVar[bool] = True
    output: ClassVar[str] = "site"
    caches: ClassVar[Sequence[str]] = (".cache",)
    style_sheet: ClassVar[str] = "templates/assets/style.css"
    template: ClassVar[str] = "templates/base.html"
    fact: ClassVar[re.Pattern[str]] = re.compile(
        r'(?<=\n)\w+ = \{ value = "[^"]*", source = "[^"]*'
    )

    def write(self, corpus: Corpus, folder: Path, url: str) -> None:  # noqa: ARG002 - see `command`
        """The content folder of the corpus, and the templates of the checkout."""
        for path, text in corpus.content.items():
            write_text(folder / "content" / path, text)
        shutil.copytree(self.checkout / "templates", folder / "templates")

    def command(self, url: str) -> Sequence[str]:
        """`build.py` in a Python with the packages that it needs."""
        return [*self._program(), "-q", *_FOLDERS, f"--url={url}"]

    def preview(self, port: int) -> Sequence[str]:
        """The preview on any port."""
        return [*self._program(), "serve", *_FOLDERS, f"--port={port}"]

    def _program(self) -> Sequence[str]:
        return [str(self.python), str(self.checkout / "build.py")]

    def source(self, page: Page) -> str:
        """The article of a code."""
        return f"content/codes/{page.name}.md"

    def html(self, page: Page) -> str:
        """The URL without the name of the class: codes and classes are in one folder."""
        is_code_or_class = page.section not in {"", "guides", "tables"}
        return f"status/{page.name or page.path}/index.html" if is_code_or_class else page.html
