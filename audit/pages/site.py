"""The built book, as the checks read it."""

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
ADDRESS = "https://codebook.example/"
"""Stands for the public address: with one, a site has canonical links and a site map to check."""
INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class Kind:
    """Pages that are made by the same template."""

    name: str
    address: str
    """A pattern that fits the addresses of all pages of this kind."""
    sample: str | None
    """The one that Lighthouse measures for all; None for pages that it refuses to measure."""


KINDS = (
    Kind("home", r"", ""),
    Kind("all codes", r"status/", "status/"),
    Kind("class", r"status/\d+xx/", "status/4xx/"),
    Kind("code", r"status/\d+/", "status/404/"),
    Kind("guide", r"guides/[^/]+/", "guides/which-code/"),
    Kind("table", r"tables/[^/]+/", "tables/constants/"),
    Kind("error page", r"404\.html", None),
    Kind("leads on", r"\d+/|status/[a-z][^/]*/", None),
)
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Site:
    """A folder that holds a built book."""

    folder: Path
    address: str
    """The public address that it was built for, with a slash at its end; empty where none was."""

    @classmethod
    def at(cls, folder: Path) -> Site:
        """The site in a folder."""
        folder = folder.resolve()
        home = folder / INDEX
        if not home.is_file():
            raise ToolError(f"{folder.name}/ holds no {INDEX}: it is no built book")
        return cls(folder, _canonical(home.read_text(encoding="utf-8")))

    def files(self, *suffixes: str) -> tuple[Path, ...]:
        """The files with one of these endings, in order."""
        return tuple(
            path
            for path in sorted(self.folder.rglob("*"))
            if path.suffix in suffixes and path.is_file()
        )

    def display_path(self, path: Path) -> str:
        """The file as findings name it."""
        return path.relative_to(self.folder).as_posix()


def kind_of(file: str) -> str:
    """The kind of the page in a file, which is named as in findings."""
    address = file.removesuffix(INDEX)
    return next((kind.name for kind in KINDS if re.fullmatch(kind.address, address)), OTHER)


def build(folder: Path, address: str = ADDRESS) -> Site:
    """The book of this repository, built into a folder for a public address."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "build.py", "--quiet", "--url", address, "--site", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ToolError(f"the book cannot be built:\n{done.stdout}{done.stderr}".rstrip())
    return Site.at(folder)


def _canonical(home: str) -> str:
    reader = _Canonical()
    reader.feed(home)
    return reader.address


class _Canonical(HTMLParser):
    """Notes the canonical address of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.address = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named: Mapping[str, str | None] = dict(attrs)
        if tag == "link" and named.get("rel") == "canonical":
            self.address = named.get("href") or ""
