"""The generators that read `mkdocs.yml`: MkDocs with the theme Material, and Zensical."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from bench.corpus import Corpus, Page
from bench.generators.generator import Generator, front_matter, write_text
from bench.install import python

_FOOTER = """\
{% extends "base.html" %}
{% block footer %}
{{ super() }}
<footer>
</footer>
{% endblock %}
"""


@dataclass(frozen=True, slots=True)
class Material(Generator):
    """MkDocs with the theme Material and its default features."""

    corpora: ClassVar[Sequence[str]] = ("real", "68", "1000")
    output: ClassVar[str] = "site"
    style_sheet: ClassVar[str] = "docs/style.css"
    template: ClassVar[str] = "overrides/main.html"

    def write(self, corpus: Corpus, folder: Path, url: str) -> None:
        """The navigation has a section for each folder."""
        settings = {
            "site_name": corpus.title,
            "site_url": url,
            "theme": {"name": "material", "custom_dir": "overrides"},
            "extra_css": ["style.css"],
        }
        # JSON is YAML.
        write_text(folder / "mkdocs.yml", json.dumps(settings))
        write_text(folder / self.template, _FOOTER)
        write_text(folder / self.style_sheet, ":root { --bench: 0 }\n")
        for page in corpus.pages:
            text = front_matter(page) + page.markdown(page.relative_file)
            write_text(folder / self.source(page), text)

    def command(self, url: str) -> Sequence[str]:  # noqa: ARG002 - the settings contain it
        """MkDocs reads everything from its settings."""
        return [str(python()), "-m", "mkdocs", "build", "--quiet"]

    def source(self, page: Page) -> str:
        """A file for each page, in the folder of its section."""
        return f"docs/{page.file}"


@dataclass(frozen=True, slots=True)
class Zensical(Material):
    """Zensical with its default features."""

    caches: ClassVar[Sequence[str]] = (".cache",)

    def command(self, url: str) -> Sequence[str]:  # noqa: ARG002 - the settings contain it
        """Zensical reads the settings of MkDocs."""
        return [str(python()), "-m", "zensical", "build"]

    def preview(self, port: int) -> Sequence[str]:
        """The development server."""
        return [str(python()), "-m", "zensical", "serve", f"--dev-addr=127.0.0.1:{port}"]
