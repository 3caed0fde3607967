"""A text, and places in it.

Lines and columns count from 1 everywhere, columns in characters (not bytes), so that a place
can be typed into any editor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in one line of a file; ordered as a reader meets it."""

    path: str
    """The file as it is displayed, the folder included: `content/codes/NUMBER.md`."""
    line: int = 1
    column: int = 1
    length: int = 1
    """Number of characters, at least 1, never past the end of the line."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The files of one folder as they are on the disk, in order of path."""

    display_path: str
    """The folder as it is displayed."""
    files: Mapping[PurePosixPath, bytes]
    """By their path below the folder."""
    symlinks: tuple[PurePosixPath, ...] = ()
    """What was not read because it leads elsewhere."""
    root: Path = Path()
    """Where the folder is, for what goes to the disk itself."""

    def show(self, path: PurePosixPath) -> str:
        """The display path of one of its files."""
        return f"{self.display_path}/{path}"


@dataclass(frozen=True, slots=True)
class Source:
    """One decoded text file: no byte order mark, every line ended by a single line feed."""

    path: PurePosixPath
    """Relative to the folder it was read from: `codes/NUMBER.md`. Links are resolved against it."""
    display_path: str
    """The path as it is displayed, the folder included."""
    text: str
    lines: tuple[str, ...]
    """The text cut at its line feeds, for places and excerpts."""

    @classmethod
    def of(cls, path: PurePosixPath, display_path: str, text: str) -> Source:
        """The source for `text`, with CRLF and CR line ends read as LF."""
        unified = text.replace("\r\n", "\n").replace("\r", "\n")
        return cls(path, display_path, unified, tuple(unified.split("\n")))

    def at(self, line: int, column: int = 1, length: int = 1) -> Span:
        """The place, kept within the text: a line past the end is the last, and so on."""
        line = min(max(line, 1), len(self.lines))
        width = len(self.lines[line - 1])
        column = min(max(column, 1), width + 1)
        return Span(self.display_path, line, column, max(1, min(length, width + 1 - column)))

    def whole(self, line: int) -> Span:
        """The line without the whitespace around it."""
        text = self.lines[min(max(line, 1), len(self.lines)) - 1]
        return self.at(line, len(text) - len(text.lstrip()) + 1, len(text.strip()))

    def search(self, text: str, first: int, last: int, column: int = 1) -> Span | None:
        """The first place of `text` from line `first`, column `column`, to line `last`."""
        for number in range(max(first, 1), min(last, len(self.lines)) + 1):
            start = self.lines[number - 1].find(text, column - 1 if number == first else 0)
            if start >= 0 and text:
                return self.at(number, start + 1, len(text))
        return None

    def find(self, text: str, first: int, last: int) -> Span:
        """The first place of `text` from one line to another, else the whole first line.

        The text is not found where it was escaped or crosses a line end: a place that is too
        wide is better than a wrong one.
        """
        return self.search(text, first, last) or self.whole(first)


def split_lines(text: str) -> tuple[str, ...]:
    """The lines of a text as it was before a `Source` was made of it, each with its own end.

    They have the numbers that the source's lines have.
    """
    return tuple(re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text))
