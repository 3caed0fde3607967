"""A TOML text, and where each of its keys stands.

The standard library's reader gives values without places. A key is found again by reading the
text statement by statement with that same reader, so the places cannot disagree with the values.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule
from codebook.diagnostics.source import Source, Span
from codebook.syntax import characters
from codebook.syntax.toml.errors import Fault, fault

KeyPath = tuple[str | int, ...]
"""Keys and list positions from the top: `("facts", "cacheable", "value")`."""


_WORDS = re.compile(r"""(?:"(?:\\.|[^"\\])*"|'[^']*')(?!\s*[=.\]])|#.*""")
"""Words in quotes that name no key, and comments."""


_BEGINNING = re.compile(r"\s*(?:\[|[^\s{}\[\],#][^=]*=)")
"""How a line begins that may be the first of a statement. Trying to read at every line would take
time in the square of the lines of the longest value."""
_NOTHING = re.compile(r"\s*(?:#.*)?$")
_DEEPEST = 20
"""Levels of nesting that a TOML text may use; heads and settings use four."""
_MOST_LINES = 2_000
"""Lines of a text whose keys are given a place; beyond, problems point to its first line."""


@dataclass(frozen=True, slots=True)
class _Statement:
    """One header or one assignment, with the lines of the file that it spans."""

    prefix: KeyPath
    """The table that it stands in."""
    values: dict[str, Any]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class TomlText:
    """TOML that was read from some lines of a file."""

    source: Source
    first: int
    """The line of the file that holds the first line of TOML."""
    values: dict[str, Any]
    statements: tuple[_Statement, ...]

    def key(self, path: KeyPath) -> Span:
        """The place of a key, or of the nearest key above it that is written out."""
        for length in range(len(path), 0, -1):
            for statement in self.statements:
                if _holds(statement, path[:length]):
                    return self._in(statement, path[:length])
        return self.source.whole(self.first)

    def value(self, path: KeyPath, words: str) -> Span:
        """The place of `words` in the value of a key, else the key's."""
        key = self.key(path)
        pattern = re.compile(rf"(?<![\w-]){re.escape(words)}(?![\w-])")
        for line in range(key.line, self.lines(path)[1] + 1):
            start = key.column - 1 + key.length if line == key.line else 0
            if words and (match := pattern.search(self.source.lines[line - 1], start)):
                return self.source.at(line, match.start() + 1, len(words))
        return key

    def lines(self, path: KeyPath) -> tuple[int, int]:
        """The first and the last line of the statement that sets a key."""
        line = self.key(path).line
        last = next(
            (each.last for each in self.statements if each.first <= line <= each.last), line
        )
        return line, last

    def _in(self, statement: _Statement, path: KeyPath) -> Span:
        """The last part of a path, each part looked for behind the one before it.

        A key of a table in braces is never deeper in braces than it has keys above it.
        """
        lines = self.source.lines[statement.first - 1 : statement.last]
        text = "\n".join(_unquoted(line) for line in lines)
        start = end = 0
        for deep, part in enumerate(path[_header_length(statement) :] or path[-1:]):
            pattern = re.compile(rf"""(?<![\w-])["']?{re.escape(str(part))}["']?(?![\w-])""")
            for match in pattern.finditer(text, end):
                if _depth(text[: match.start()]) <= deep:
                    start, end = match.span()
                    break
        if not end:
            return self.source.whole(statement.first)
        above = text[:start].split("\n")
        line = statement.first + len(above) - 1
        return self.source.at(line, len(above[-1]) + 1, end - start)


def _depth(text: str) -> int:
    return text.count("{") - text.count("}")


def _unquoted(line: str) -> str:
    """The line with blanks for comments and for all in quotes that is no key, as long as before."""
    return _WORDS.sub(lambda match: " " * len(match[0]), line)


def read(source: Source, first: int, text: str) -> Parsed[TomlText | None]:
    """The TOML that stands in `source` from line `first`; nothing where it is not TOML."""
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return Parsed(None, (_broken(error, source, first, text),))
    if _is_deep(values):
        return Parsed(None, (_broken(RecursionError(), source, first, text),))
    made = TomlText(source, first, values, tuple(_statements(text, first)))
    return Parsed(made, tuple(_spelled(made, values, ())))


def _spelled(toml: TomlText, value: object, path: KeyPath) -> Iterator[Diagnostic]:
    """Characters that nobody can see, written as escapes."""
    if isinstance(value, str):
        if strange := characters.spelled(value, toml.source):
            yield characters.diagnostic(strange, toml.key(path))
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _spelled(toml, key, (*path, key))
            yield from _spelled(toml, each, (*path, key))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from _spelled(toml, each, (*path, place))


def _is_deep(values: object) -> bool:
    """Whether tables and lists are nested past the limit; counted without recursion."""
    level = [values]
    for _ in range(_DEEPEST):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return bool(level)


def _broken(error: Exception, source: Source, first: int, text: str) -> Diagnostic:
    found = fault(text, str(error))
    return Diagnostic(
        Rule.INVALID_TOML,
        source.at(first + found.line - 1, found.column, found.length),
        found.message,
        note=_earlier(found, source, first),
        help=found.cure,
    )


def _earlier(found: Fault, source: Source, first: int) -> Note | None:
    if found.first is None:
        return None
    line, column, length = found.first
    return Note("it stands here already", source.at(first + line - 1, column, length))


def _statements(text: str, first: int) -> Iterator[_Statement]:
    """The statements of a text that is TOML; none where finding them would take too long."""
    prefix: KeyPath = ()
    counts: Counter[KeyPath] = Counter()
    pending: list[str] = []
    written = text.split("\n")
    if len(written) > _MOST_LINES:
        return
    for number, (line, after) in enumerate(zip(written, [*written[1:], "x="], strict=True), first):
        pending.append(line)
        values = _parsed(pending) if _BEGINNING.match(after) else None
        if values is None:
            continue
        # Blank lines and comments before a statement were read along with it.
        skipped = next((at for at, each in enumerate(pending) if not _NOTHING.match(each)), 0)
        start = number - len(pending) + 1 + skipped
        if pending[skipped].lstrip().startswith("["):
            prefix = _header(values, counts)
            yield _Statement(prefix, {}, start, number)
        elif values:
            yield _Statement(prefix, values, start, number)
        pending = []


def _parsed(lines: Sequence[str]) -> dict[str, Any] | None:
    try:
        return tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return None


def _header(values: dict[str, Any], counts: Counter[KeyPath]) -> KeyPath:
    """The path that a header opens; a list's header opens its next member."""
    path: KeyPath = ()
    inside: Any = values
    while inside:
        if isinstance(inside, list):
            counts[path] += 1
            path, inside = (*path, counts[path] - 1), inside[0]
        else:
            key, inside = next(iter(inside.items()))
            path = (*path, key)
            if path in counts and not isinstance(inside, list):
                path = (*path, counts[path] - 1)
    return path


def _header_length(statement: _Statement) -> int:
    return len(statement.prefix) if statement.values else max(len(statement.prefix) - 1, 0)


def _holds(statement: _Statement, path: KeyPath) -> bool:
    if not statement.values:
        return path == statement.prefix
    size = len(statement.prefix)
    if path[:size] != statement.prefix or len(path) == size:
        return False
    inside: Any = statement.values
    for part in path[size:]:
        try:
            inside = inside[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True
