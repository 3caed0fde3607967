"""The built site that the checks read."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from audit.pages.findings import ToolError

ROOT = Path(__file__).resolve().parents[2]
URL = "https://codebook.example/"
"""The base URL to build for, so that there are canonical links and a sitemap to check."""
INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class PageKind:
    """Pages that are rendered with the same template."""

    name: str
    pattern: str
    """A regular expression for the URLs of these pages."""
    sample: str | None
    """The page to measure with Lighthouse; None if these pages can't be measured."""


KINDS = (
    PageKind("home", r"", ""),
    PageKind("all codes", r"status/", "status/"),
    PageKind("class", r"status/\d+xx/", "status/4xx/"),
    PageKind("code", r"status/\d+/", "status/404/"),
    PageKind("list", r"guides/|tables/", "guides/"),
    PageKind("guide", r"guides/[^/]+/", "guides/which-code/"),
    PageKind("table", r"tables/[^/]+/", "tables/constants/"),
    PageKind("error page", r"404\.html", None),
    PageKind("redirect", r"\d+/|status/[a-z][^/]*/", None),
)
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Site:
    """A folder with a built book."""

    folder: Path
    url: str
    """The base URL that it was built for, with a trailing slash; empty if there was none."""

    @classmethod
    def at(cls, folder: Path) -> Site:
        """The site in a folder."""
        folder = folder.resolve()
        home = folder / INDEX
        if not home.is_file():
            raise ToolError(f"{folder.name}/ has no {INDEX}, so it isn't a built book")
        return cls(folder, _canonical_url(home.read_text(encoding="utf-8")))

    def files(self, *suffixes: str) -> tuple[Path, ...]:
        """The files with one of these suffixes, sorted."""
        return tuple(
            path
            for path in sorted(self.folder.rglob("*"))
            if path.suffix in suffixes and path.is_file()
        )

    def display_path(self, path: Path) -> str:
        """The file name for findings."""
        return path.relative_to(self.folder).as_posix()


def kind_of(file: str) -> str:
    """The kind of page in a file."""
    url = file.removesuffix(INDEX)
    return next((kind.name for kind in KINDS if re.fullmatch(kind.pattern, url)), OTHER)


def build(folder: Path, url: str = URL) -> Site:
    """Build the book in this repository."""
    process = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "build.py", "--quiet", "--url", url, "--site", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode:
        raise ToolError(f"can't build the book:\n{process.stdout}{process.stderr}".rstrip())
    return Site.at(folder)


def _canonical_url(home: str) -> str:
    reader = _CanonicalReader()
    reader.feed(home)
    return reader.url


class _CanonicalReader(HTMLParser):
    """Finds the canonical URL of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.url = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes: Mapping[str, str | None] = dict(attrs)
        if tag == "link" and attributes.get("rel") == "canonical":
            self.url = attributes.get("href") or ""
