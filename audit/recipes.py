"""The recipes in the book: code blocks in the configuration language of a server."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

SERVERS = ("nginx", "apache", "caddy", "haproxy", "varnish")
"""The languages of recipes, as written after the opening fence."""

ROOT = "/srv/www"
"""The document root in every recipe."""
LOGS = "/var/log/nginx"
"""The log folder in recipes that configure a log."""
CERTIFICATES = "/etc/ssl"
"""The folder of certificates in configurations for TLS."""
PORT = 8080
"""The port that every recipe listens on."""
UPSTREAM = "127.0.0.1:9000"
"""The address of the application in every recipe."""

_FENCE = re.compile(rf"^```({'|'.join(SERVERS)})\n(.*?)^```$", re.MULTILINE | re.DOTALL)

Key = tuple[str, str, int]
"""Article, server, and the number of the article's recipe for this server, starting at 1."""


@dataclass(frozen=True)
class Recipe:
    """A server configuration and its position."""

    path: Path
    line: int
    key: Key
    text: str

    def __str__(self) -> str:
        """The position, for messages."""
        return f"{os.path.relpath(self.path)}:{self.line}: {self.key[1]}"


def read(content: Path, extra: Path | None = None) -> Mapping[Key, Recipe]:
    """The recipes in the book. Articles in the `extra` folder override those of the book."""
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
