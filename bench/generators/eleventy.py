"""Eleventy, with a bare theme."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from audit.npm import NODE
from bench.corpus import Corpus, Page
from bench.generators.generator import THEMES, Generator, front_matter, write_text
from bench.install import node_modules


@dataclass(frozen=True, slots=True)
class Eleventy(Generator):
    """Eleventy from npm, with Nunjucks templates."""

    output: ClassVar[str] = "_site"
    style_sheet: ClassVar[str] = "content/style.css"
    template: ClassVar[str] = "layouts/base.njk"

    def write(self, corpus: Corpus, folder: Path, url: str) -> None:
        """The layout of a page is in its front matter."""
        shutil.copytree(THEMES / "eleventy", folder, dirs_exist_ok=True)
        shutil.copytree(THEMES / "static", folder / "content")
        site = {"title": corpus.title, "url": url.removesuffix("/")}
        write_text(folder / "data" / "site.json", json.dumps(site))
        for page in corpus.pages:
            kind = "page" if page.name else "section" if page.path else "home"
            head = front_matter(page, layout=f"{kind}.njk", section=page.section)
            write_text(folder / self.source(page), head + page.markdown(page.relative_url))

    def command(self, url: str) -> Sequence[str]:  # noqa: ARG002 - the data contain it
        """Eleventy reads everything from its configuration."""
        return [str(NODE), str(node_modules() / "@11ty" / "eleventy" / "cmd.cjs"), "--quiet"]

    def preview(self, port: int) -> Sequence[str]:
        """The development server, which builds only what changed."""
        return [*self.command(""), "--serve", "--incremental", f"--port={port}"]

    def source(self, page: Page) -> str:
        """A file for each page, in the folder of its section."""
        return f"content/{page.file}"
