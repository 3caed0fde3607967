"""Pelican, with its default theme."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from bench.corpus import Corpus, Page
from bench.generators.generator import Generator, write_text
from bench.install import PELICAN, packages, python

_SETTINGS: Mapping[str, object] = {
    "PATH": "content",
    "OUTPUT_PATH": "output",
    "THEME": "theme",
    "TIMEZONE": "UTC",
    "DEFAULT_LANG": "en",
    "DEFAULT_DATE": "fs",
    "PAGE_PATHS": ["pages"],
    "ARTICLE_PATHS": ["articles"],
    "ARTICLE_URL": "{category}/{slug}/",
    "ARTICLE_SAVE_AS": "{category}/{slug}/index.html",
    "PAGE_URL": "{slug}/",
    "PAGE_SAVE_AS": "{slug}/index.html",
    "CATEGORY_URL": "{slug}/",
    "CATEGORY_SAVE_AS": "{slug}/index.html",
    "AUTHOR_SAVE_AS": "",
    "TAG_SAVE_AS": "",
    # The home page is a page, and there are no feeds.
    "DIRECT_TEMPLATES": [],
    "FEED_ALL_ATOM": None,
    "CATEGORY_FEED_ATOM": None,
    "TRANSLATION_FEED_ATOM": None,
    "AUTHOR_FEED_ATOM": None,
    "AUTHOR_FEED_RSS": None,
}


@dataclass(frozen=True, slots=True)
class Pelican(Generator):
    """Pelican, in which sections are categories. Its categories have no text."""

    output: ClassVar[str] = "output"
    caches: ClassVar[Sequence[str]] = ("cache",)
    style_sheet: ClassVar[str] = "theme/static/css/main.css"
    template: ClassVar[str] = "theme/templates/base.html"

    def write(self, corpus: Corpus, folder: Path, url: str) -> None:
        """Pages of a section are articles."""
        shutil.copytree(packages(PELICAN) / "pelican" / "themes" / "notmyidea", folder / "theme")
        settings = {**_SETTINGS, "SITENAME": corpus.title, "SITEURL": url.removesuffix("/")}
        lines = (f"{name} = {value!r}\n" for name, value in settings.items())
        write_text(folder / "pelicanconf.py", "".join(lines))
        for page in corpus.pages:
            if page.name or not page.path:
                write_text(
                    folder / self.source(page), _head(page) + page.markdown(page.relative_url)
                )

    def command(self, url: str) -> Sequence[str]:  # noqa: ARG002 - the settings contain it
        """Pelican reads everything from its settings."""
        return [str(python(PELICAN)), "-m", "pelican", "--quiet", "--settings", "pelicanconf.py"]

    def source(self, page: Page) -> str:
        """A file for each page, in the folder of its section."""
        return f"content/articles/{page.file}" if page.name else "content/pages/home.md"


def _head(page: Page) -> str:
    """The lines before the text."""
    head = {"Title": page.title, "Summary": page.description}
    if page.name:
        head |= {"Slug": page.name, "Category": page.section}
    else:
        head |= {"Save_as": page.html, "URL": ""}
    return (
        "".join(f"{key}: {value}\n" for key, value in head.items() if value or key == "URL") + "\n"
    )
