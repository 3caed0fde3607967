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
from codebook.syntax.decode import invisible_character, spelled_out
from codebook.syntax.toml.errors import HELP, stop_offset, syntax_error

KeyPath = tuple[str | int, ...]
"""Keys and list positions from the top: `("facts", "cacheable", "value")`."""

_QUOTED = re.compile(r"""(?:"(?:\\.|[^"\\])*"|'[^']*')(?!\s*[=.\]])|#.*""")
"""Text in quotes that names no key, and comments."""
_NAME = re.compile(r"""(?:"(?:\\.|[^"\\])*"|'[^']*'|[^"'=#])+""")
"""A statement up to its `=` or to the end of its header."""
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

    def value(self, path: KeyPath, text: str) -> Span:
        """The place of `text` in the value of a key, else the key's."""
        key = self.key(path)
        pattern = re.compile(rf"(?<![\w-]){re.escape(text)}(?![\w-])")
        for line in range(key.line, self.lines(path)[1] + 1):
            start = key.column - 1 + key.length if line == key.line else 0
            if text and (match := pattern.search(self.source.lines[line - 1], start)):
                return self.source.at(line, match.start() + 1, len(text))
        return key

    def lines(self, path: KeyPath) -> tuple[int, int]:
        """The first and the last line of the statement that sets a key."""
        line = self.key(path).line
        last = next(
            (
                statement.last
                for statement in self.statements
                if statement.first <= line <= statement.last
            ),
            line,
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
    """The line with spaces for comments and for all in quotes that is no key, as long as before."""
    return _QUOTED.sub(lambda match: " " * len(match[0]), line)


def read(source: Source, first: int, text: str) -> Parsed[TomlText | None]:
    """The TOML that stands in `source` from line `first`; nothing where it is not TOML."""
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return Parsed(None, (_refusal(error, source, first, text),))
    if _is_deep(values):
        return Parsed(None, (_refusal(RecursionError(), source, first, text),))
    toml = TomlText(source, first, values, tuple(_statements(text, first)))
    return Parsed(toml, tuple(_escaped_characters(toml, values, ())))


def _escaped_characters(toml: TomlText, value: object, path: KeyPath) -> Iterator[Diagnostic]:
    """Characters that nobody can see, written as escapes."""
    if isinstance(value, str):
        if character := spelled_out(value, toml.source):
            yield invisible_character(character, toml.key(path))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _escaped_characters(toml, key, (*path, key))
            yield from _escaped_characters(toml, item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _escaped_characters(toml, item, (*path, index))


def _is_deep(values: object) -> bool:
    """Whether tables and lists are nested past the limit; counted without recursion."""
    level = [values]
    for _ in range(_DEEPEST):
        level = [
            inner
            for value in level
            if isinstance(value, dict | list)
            for inner in (value.values() if isinstance(value, dict) else value)
        ]
    return bool(level)


def _refusal(error: Exception, source: Source, first: int, text: str) -> Diagnostic:
    """Why the reader refused the text."""
    offset = stop_offset(error, text)
    if isinstance(error, RecursionError):
        line = first + text.count("\n", 0, offset)
        message = "this is not TOML: it is nested too deeply"
        return Diagnostic(Rule.INVALID_TOML, source.at(line), message, help=HELP)
    return _repetition(source, first, text, offset) or syntax_error(source, first, text, offset)


def _repetition(source: Source, first: int, text: str, offset: int) -> Diagnostic | None:
    """A key or a table that is set again: the reader stopped though the statement is right."""
    lines = text.split("\n")[: text.count("\n", 0, offset) + 1]
    statements = list(_statements("\n".join(lines), first))
    if not statements or statements[-1].last != first + len(lines) - 1:
        return None
    statement = statements.pop()
    name = _name(lines[statement.first - first])
    path = statement.prefix
    inside: Any = tomllib.loads(f"{name} = 0") if statement.values else 0
    while isinstance(inside, dict):
        key, inside = next(iter(inside.items()))
        path = (*path, key)
    earlier = next((above.first for above in statements if _holds(above, path)), None)
    if earlier is None:
        return None
    label = name.strip("[]\"'")
    together = "" if statement.values else ", or put the lines below them together"
    return Diagnostic(
        Rule.INVALID_TOML,
        source.find(name, statement.first, statement.first),
        f'"{label}" stands here a second time',
        note=Note(
            "it stands here already", source.find(_name(lines[earlier - first]), earlier, earlier)
        ),
        help=f"remove one of the two{together}",
    )


def _name(line: str) -> str:
    """The header or the key that a statement begins with, as it is written."""
    match = _NAME.match(line)
    return match[0].strip() if match else ""


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
        skipped = next(
            (index for index, above in enumerate(pending) if not _NOTHING.match(above)), 0
        )
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
    except (ValueError, RecursionError):
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
