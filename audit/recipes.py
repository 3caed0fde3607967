"""The recipes of the book: fenced blocks in the language of a server."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

SERVERS = ("nginx", "apache", "caddy")
"""The languages that are recipes, as fences name them."""

ROOT = "/srv/www"
"""Where every recipe has its files."""
LOGS = "/var/log/nginx"
"""Where a recipe that writes a log of its own writes it."""
PORT = 8080
"""The port that every recipe listens on."""
UPSTREAM = "127.0.0.1:9000"
"""Where every recipe finds the application."""

_FENCE = re.compile(rf"^```({'|'.join(SERVERS)})\n(.*?)^```$", re.MULTILINE | re.DOTALL)

Key = tuple[str, str, int]
"""Article, server, and which of the article's recipes for this server, counted from 1."""


@dataclass(frozen=True)
class Recipe:
    """One configuration, and where it stands."""

    path: Path
    line: int
    key: Key
    text: str

    def __str__(self) -> str:
        """Its place, as a message names it."""
        return f"{os.path.relpath(self.path)}:{self.line}: {self.key[1]}"


def read(content: Path, extra: Path | None = None) -> Mapping[Key, Recipe]:
    """The recipes of a book; those in a folder of unfinished articles stand before the book's."""
    recipes: dict[Key, Recipe] = {}
    for folder in ("codes", "guides"):
        for path in sorted((content / folder).glob("*.md")):
            recipes |= {recipe.key: recipe for recipe in _recipes(path, f"{folder}/{path.stem}")}
    for path in sorted(extra.glob("*.md")) if extra else ():
        recipes |= {recipe.key: recipe for recipe in _recipes(path, f"codes/{path.stem}")}
    return recipes


def _recipes(path: Path, article: str) -> Iterator[Recipe]:
    text = path.read_text(encoding="utf-8")
    counts: Counter[str] = Counter()
    for fence in _FENCE.finditer(text):
        server, configuration = fence.groups()
        counts[server] += 1
        line = text.count("\n", 0, fence.start()) + 2
        yield Recipe(path, line, (article, server, counts[server]), configuration)
