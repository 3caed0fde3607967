"""Edits to a copy of the book, each with the page that changes and a new token on it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

_PLAIN_TEXT = re.compile(r"[A-Z][^`|]*[a-z][.]")
"""A line that ends with plain text."""


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit that isn't saved yet."""

    path: Path
    data: bytes
    url: str
    """The page that changes, relative to the home page."""
    token: str
    """A text that the page contains after the edit."""

    def save(self) -> None:
        """Save like most editors: truncate the file, and then write it."""
        self.path.write_bytes(self.data)


def texts(book: Path, random: Random) -> Iterator[Edit]:
    """Append a word to a line in documents of every kind."""
    documents = list(_documents(book / "content"))
    count = 0
    while True:
        path, url = random.choice(documents)
        lines = path.read_text(encoding="utf-8").split("\n")
        indexes = list(_plain_lines(lines))
        if not indexes:
            continue
        index = random.choice(indexes)
        count += 1
        token = f"Zq{count}x"
        lines[index] += f" {token}."
        page = _entry_url(lines, index) if url is None else url
        yield Edit(path, "\n".join(lines).encode(), page, token)


def style_sheets(book: Path) -> Iterator[Edit]:
    """Change a property of the root element in the style sheet of every page."""
    path = book / "templates" / "assets" / "style.css"
    before = path.read_text(encoding="utf-8")
    count = 0
    while True:
        count += 1
        rule = f":root {{ --bench: zq{count}x }}\n"
        yield Edit(path, (before + rule).encode(), "status/404/", f"zq{count}x")


def templates(book: Path) -> Iterator[Edit]:
    """Add a word to the footer in the base template."""
    path = book / "templates" / "base.html"
    before = path.read_text(encoding="utf-8")
    count = 0
    while True:
        count += 1
        after = before.replace("</footer>", f"<p>Zq{count}x</p>\n</footer>")
        yield Edit(path, after.encode(), "status/404/", f"Zq{count}x")


def _documents(content: Path) -> Iterator[tuple[Path, str | None]]:
    """Every document with text, and the URL of its page, or None for registers."""
    for path in sorted(content.rglob("*.md")):
        match path.parent.name, path.stem:
            case "codes", code:
                yield path, f"status/{code}/"
            case "classes", label:
                yield path, f"status/{label}/"
            case "guides" | "tables" as kind, name:
                yield path, f"{kind}/{name}/"
            case _, "index":
                yield path, ""
            case _:
                yield path, None


def _plain_lines(lines: Sequence[str]) -> Iterator[int]:
    """The indexes of lines that a sentence can be added to."""
    is_code = False
    for index, line in enumerate(lines):
        is_code ^= line.startswith("```")
        if not is_code and _PLAIN_TEXT.fullmatch(line.strip()):
            yield index


def _entry_url(lines: Sequence[str], index: int) -> str:
    """The URL of the code that a line of a register belongs to."""
    for line in reversed(lines[: index + 1]):
        if match := re.match(r"[-*] (\d+)", line):
            return f"status/{match[1]}/"
    return "status/"
