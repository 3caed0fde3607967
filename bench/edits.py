"""Edits of a copy of the book, each with the page that shows it and a word that is new there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

_WORDS = re.compile(r"[A-Z][^`|]*[a-z][.]")
"""A line that is plain text to its end."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit, not yet done."""

    path: Path
    data: bytes
    address: str
    """The page to look at."""
    token: str
    """What is to be seen there afterwards."""

    def save(self) -> None:
        """Do it as most editors do: the file is emptied and written."""
        self.path.write_bytes(self.data)


def texts(book: Path, random: Random) -> Iterator[Edit]:
    """A word at the end of a line, in documents of every kind."""
    places = list(_places(book / "content"))
    count = 0
    while True:
        path, address = random.choice(places)
        lines = path.read_text(encoding="utf-8").split("\n")
        plain = list(_plain(lines))
        if not plain:
            continue
        at = random.choice(plain)
        count += 1
        token = f"zq{count}x"
        lines[at] += f" {token.capitalize()}."
        shown = _entry(lines, at) if address is None else address
        yield Edit(path, "\n".join(lines).encode(), shown, token.capitalize())


def sheets(book: Path) -> Iterator[Edit]:
    """Another value of a property of the root, in the sheet of every page."""
    path = book / "templates" / "assets" / "style.css"
    before = path.read_text(encoding="utf-8")
    count = 0
    while True:
        count += 1
        rule = f":root {{ --bench: zq{count}x }}\n"
        yield Edit(path, (before + rule).encode(), "status/404/", f"zq{count}x")


def templates(book: Path) -> Iterator[Edit]:
    """A word in the foot of the template that every page is made with."""
    path = book / "templates" / "base.html"
    before = path.read_text(encoding="utf-8")
    count = 0
    while True:
        count += 1
        after = before.replace("</footer>", f"<p>Zq{count}x</p>\n</footer>")
        yield Edit(path, after.encode(), "status/404/", f"Zq{count}x")


def _places(content: Path) -> Iterator[tuple[Path, str | None]]:
    """Every document that holds text, with its page; an entry of a register has the code's own."""
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


def _plain(lines: Sequence[str]) -> Iterator[int]:
    """The lines to which a sentence may be added."""
    is_code = False
    for at, line in enumerate(lines):
        is_code ^= line.startswith("```")
        if not is_code and _WORDS.fullmatch(line.strip()):
            yield at


def _entry(lines: Sequence[str], at: int) -> str:
    """The page of the code that a line of a register describes."""
    for line in reversed(lines[: at + 1]):
        if found := re.match(r"[-*] (\d+)", line):
            return f"status/{found[1]}/"
    return "status/"
