"""Sphinx, with its default theme and a parser for Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from bench.corpus import Corpus, Page
from bench.generators.generator import Generator, write_text
from bench.install import python

_SETTINGS = """\
project = {title!r}
html_baseurl = {url!r}
extensions = ["myst_parser"]
templates_path = ["_templates"]
html_static_path = ["_static"]
html_css_files = ["bench.css"]
suppress_warnings = ["misc.highlighting_failure"]
"""
_FOOTER = """\
{% extends "!layout.html" %}
{% block footer %}
{{ super() }}
<footer>
</footer>
{% endblock %}
"""


@dataclass(frozen=True, slots=True)
class Sphinx(Generator):
    """Sphinx with MyST."""

    corpora: ClassVar[Sequence[str]] = ("real", "68")
    output: ClassVar[str] = "build"
    style_sheet: ClassVar[str] = "source/_static/bench.css"
    template: ClassVar[str] = "source/_templates/layout.html"

    def write(self, corpus: Corpus, folder: Path, url: str) -> None:
        """Each section lists its pages in a toctree."""
        settings = _SETTINGS.format(title=corpus.title, url=url)
        write_text(folder / "source" / "conf.py", settings)
        write_text(folder / self.template, _FOOTER)
        write_text(folder / self.style_sheet, ":root { --bench: 0 }\n")
        for page in corpus.pages:
            write_text(folder / self.source(page), _text(page))

    def command(self, url: str) -> Sequence[str]:  # noqa: ARG002 - the settings contain it
        """The parsed documents are stored with the site."""
        return [str(python()), "-m", "sphinx", "--quiet", "source", "build"]

    def source(self, page: Page) -> str:
        """A file for each page, in the folder of its section."""
        return f"source/{page.file}"

    def html(self, page: Page) -> str:
        """A file for each page."""
        return f"{page.file.removesuffix('.md')}.html"


def _text(page: Page) -> str:
    pages = "" if page.name else _toctree("*" if page.path else "*/index")
    description = f"{page.description}\n\n" if page.description else ""
    return f"# {page.title}\n\n{description}{page.markdown(page.relative_file)}{pages}"


def _toctree(pattern: str) -> str:
    return f"\n```{{toctree}}\n:glob:\n\n{pattern}\n```\n"
