"""Source texts, and locations in them.

Lines and columns start at 1, and columns count characters, not bytes, as in most editors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct


class Span(Struct, frozen=True, order=True):
    """A location within a line of a file, sorted by position."""

    path: str
    """The display path, including the folder: `content/codes/NUMBER.md`."""
    line: int = 1
    column: int = 1
    length: int = 1
    """The number of characters: at least 1, but not past the end of the line."""


class Folder(Struct, frozen=True):
    """The files of a folder on disk, sorted by path."""

    display_path: str
    """The path of the folder as displayed to users."""
    files: Mapping[PurePosixPath, bytes]
    """By path relative to the folder."""
    symlinks: tuple[PurePosixPath, ...] = ()
    """Symbolic links, which aren't read."""
    root: Path = Path()
    """The path of the folder on disk, for code that accesses the disk."""

    def show(self, path: PurePosixPath) -> str:
        """Return the display path of a file in the folder."""
        return f"{self.display_path}/{path}"


class Source(Struct, frozen=True):
    """A decoded text file, without a byte order mark and with LF line ends."""

    path: PurePosixPath
    """The path relative to its folder: `codes/NUMBER.md`. Links are resolved against it."""
    display_path: str
    """The path as displayed to users, including the folder."""
    text: str
    lines: tuple[str, ...]
    """The lines of the text, for locations and excerpts."""

    @classmethod
    def of(cls, path: PurePosixPath, display_path: str, text: str) -> Source:
        """Return the source for `text`, with CRLF and CR line ends converted to LF."""
        unified = text.replace("\r\n", "\n").replace("\r", "\n")
        return cls(path, display_path, unified, tuple(unified.split("\n")))

    def at(self, line: int, column: int = 1, length: int = 1) -> Span:
        """Return a span, clamped to the text."""
        line = min(max(line, 1), len(self.lines))
        width = len(self.lines[line - 1])
        column = min(max(column, 1), width + 1)
        return Span(self.display_path, line, column, max(1, min(length, width + 1 - column)))

    def whole(self, line: int) -> Span:
        """Return the span of a line without the whitespace around it."""
        line = min(max(line, 1), len(self.lines))
        text = self.lines[line - 1]
        column = len(text) - len(text.lstrip()) + 1
        return Span(self.display_path, line, column, len(text.strip()) or 1)

    def search(self, text: str, first: int, last: int, column: int = 1) -> Span | None:
        """Return the first occurrence of `text` from line `first`, column `column`, to `last`."""
        for number in range(max(first, 1), min(last, len(self.lines)) + 1):
            start = self.lines[number - 1].find(text, column - 1 if number == first else 0)
            if start >= 0 and text:
                return Span(self.display_path, number, start + 1, len(text))
        return None

    def find(self, text: str, first: int, last: int) -> Span:
        """Return the first occurrence of `text` between two lines, or the whole first line.

        The search fails if the text is escaped or crosses a line end. A span that is too wide is
        better than a wrong one.
        """
        return self.search(text, first, last) or self.whole(first)


def split_lines(text: str) -> tuple[str, ...]:
    """Return the lines of a raw text with their line ends, numbered like those of its `Source`."""
    return tuple(re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text))
