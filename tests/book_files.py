"""The files of the book as the content tests read them, without the program."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parent.parent
CONTENT = ROOT / "content"
ARTICLES = sorted((CONTENT / "codes").glob("*.md"))
GUIDES = sorted((CONTENT / "guides").glob("*.md"))
TABLES = sorted((CONTENT / "tables").glob("*.md"))
REGISTERS = sorted(path for path in CONTENT.glob("*.md") if path.name != "index.md")
CLASSES = sorted((CONTENT / "classes").glob("*.md"))
DOCUMENTS = [CONTENT / "index.md", *REGISTERS, *ARTICLES, *CLASSES, *GUIDES, *TABLES]
SEED = (ROOT / "tests" / "fixtures" / "seed.md").read_text(encoding="utf-8")
SETTINGS = tomllib.loads((CONTENT / "book.toml").read_text(encoding="utf-8"))
FACTS = tomllib.loads((CONTENT / "facts.toml").read_text(encoding="utf-8"))

_FENCE = re.compile(r"^```(?P<info>\S+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Fence:
    """A fenced code block, and the line that its text begins at."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        """Its location, as messages name it."""
        return f"{name(self.path)}:{self.line}"


def name(path: Path) -> str:
    """A document as messages name it."""
    return path.relative_to(ROOT).as_posix()


def rows(table: str) -> Sequence[Mapping[str, str]]:
    """The rows of a table of the book."""
    with (CONTENT / "tables" / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


REGISTRY = {int(row["code"]): row for row in rows("registry")}
REGISTERED = [path for path in ARTICLES if int(path.stem) in REGISTRY]
UNOFFICIAL = [path for path in ARTICLES if int(path.stem) not in REGISTRY]


@cache
def front_matter(path: Path) -> Mapping[str, Any]:
    """The front matter of an article or a table."""
    return tomllib.loads(next(fences(path, "toml")).text)


def facts(path: Path) -> Mapping[str, Mapping[str, str]]:
    """The facts that an article states."""
    facts: Mapping[str, Mapping[str, str]] = front_matter(path).get("facts", {})
    return facts


def symptoms(path: Path) -> Sequence[Mapping[str, str]]:
    """The messages that an article lists."""
    symptoms: Sequence[Mapping[str, str]] = front_matter(path).get("symptoms", [])
    return symptoms


def fences(path: Path, info: str) -> Iterator[Fence]:
    """The fenced blocks of a document in that language."""
    text = path.read_text(encoding="utf-8")
    for match in _FENCE.finditer(text):
        if match["info"] == info:
            yield Fence(path, text.count("\n", 0, match.start()) + 2, match["text"])


def inlines(path: Path) -> Iterator[tuple[int, Token]]:
    """The paragraphs, list items, and cells of a document, each with its line."""
    line = 0
    for token in MarkdownIt("commonmark").enable("table").parse(path.read_text(encoding="utf-8")):
        line = token.map[0] + 1 if token.map else line
        if token.type == "inline":
            yield line, token


def headings(path: Path) -> Sequence[str]:
    """The headings of level two, in their order, without their IDs."""
    return re.findall(
        r"^## (.+?) *(?:\{#[\w# -]+\})?$", path.read_text(encoding="utf-8"), re.MULTILINE
    )


@cache
def register_by_code() -> Mapping[int, Path]:
    """The register that describes each code."""
    entry = re.compile(r"^- ([0-9]{3})\b", re.MULTILINE)
    return {
        int(number): register
        for register in REGISTERS
        for number in entry.findall(register.read_text(encoding="utf-8"))
    }
