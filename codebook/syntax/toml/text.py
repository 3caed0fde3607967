"""TOML texts with the location of each key.

The parser of the standard library returns values without locations. This module finds keys by
parsing the text statement by statement with the same parser, so locations always match the values.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule
from codebook.diagnostics.source import Source, Span
from codebook.syntax.decode import invisible_character, invisible_characters
from codebook.syntax.toml.errors import stop_offset, syntax_error
from codebook.syntax.unfinished import placeholder, unfinished_text

KeyPath = tuple[str | int, ...]
"""Keys and list positions from the top: `("facts", "cacheable", "value")`."""

_QUOTED = re.compile(r"""(?:"(?:\\.|[^"\\])*"|'[^']*')(?!\s*[=.\]])|#.*""")
"""Quoted strings that aren't keys, and comments."""
_NAME = re.compile(r"""(?:"(?:\\.|[^"\\])*"|'[^']*'|[^"'=#])+""")
"""A statement up to its `=` or the end of its header."""
_BEGINNING = re.compile(r"\s*(?:\[|[^\s{}\[\],#][^=]*=)")
"""The start of a line that can be the first of a statement. Parsing at every line would take
quadratic time for long values."""
_NOTHING = re.compile(r"\s*(?:#.*)?$")
_DEEPEST = 20
"""The maximum level of nesting; front matter and settings use four levels."""
_MOST_LINES = 2_000
"""The maximum number of lines for which keys are located; beyond, the first line is used."""


class _Statement(Struct, frozen=True):
    """A header or an assignment, and its lines in the file."""

    prefix: KeyPath
    """The path of its table."""
    values: dict[str, Any]
    first: int
    last: int


class TomlText(Struct, frozen=True):
    """Parsed TOML from some lines of a file."""

    source: Source
    first: int
    """The line of the file where the TOML starts."""
    values: dict[str, Any]
    statements: tuple[_Statement, ...]
    unquoted: tuple[str, ...]
    """The lines with comments and quoted values replaced by spaces, to search for keys."""

    def key(self, path: KeyPath) -> Span:
        """Return the location of a key, or of the nearest enclosing key in the text."""
        for length in range(len(path), 0, -1):
            for statement in self.statements:
                if _holds(statement, path[:length]):
                    return self._in(statement, path[:length])
        return self.source.whole(self.first)

    def value(self, path: KeyPath, text: str) -> Span:
        """Return the location of `text` in the value of a key, or else of the key."""
        return next(self.texts(path, [text]))

    def texts(self, path: KeyPath, texts: Iterable[str]) -> Iterator[Span]:
        """Yield the location of each of `texts` in the value of a key, or else of the key.

        A list usually has them in this order, so each is searched after the previous one first.
        Searching for all of them from the key would take quadratic time.
        """
        key = self.key(path)
        _, last = self.lines(path)
        after = key
        for text in texts:
            span = self._after(after, last, text) or self._after(key, last, text)
            after = span or after
            yield span or key

    def _after(self, span: Span, last: int, text: str) -> Span | None:
        """The next occurrence of a text after a span, up to line `last`."""
        escaped = re.escape(text)
        # A pattern that starts with the text is faster than one that starts with a condition.
        pattern = re.compile(rf"{escaped}(?<![\w-]{escaped})(?![\w-])")
        for line in range(span.line, last + 1):
            start = span.column - 1 + span.length if line == span.line else 0
            if text and (match := pattern.search(self.source.lines[line - 1], start)):
                return self.source.at(line, match.start() + 1, len(text))
        return None

    def lines(self, path: KeyPath) -> tuple[int, int]:
        """Return the first and last line of the statement that sets a key."""
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
        """The location of the last part of a path; each part is searched after the previous one.

        The position of a list item is not in the text, so an item has the location of its list.
        A key of an inline table has at most as many braces around it as parents.
        """
        lines = self.unquoted[statement.first - self.first : statement.last - self.first + 1]
        text = "\n".join(lines)
        start = end = 0
        parts = path[_header_length(statement) :] or path[-1:]
        while parts and isinstance(parts[-1], int):
            parts = parts[:-1]
        for deep, part in enumerate(parts):
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
    """Return the line with comments and quoted values replaced by spaces of the same length."""
    return _QUOTED.sub(lambda match: " " * len(match[0]), line)


def read(source: Source, first: int, text: str) -> Parsed[TomlText | None]:
    """Parse the TOML at line `first` of `source`; the result is None if it's invalid."""
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return Parsed(None, (_error(error, source, first, text),))
    if _is_deep(values):
        return Parsed(None, (_error(RecursionError(), source, first, text),))
    written = source.lines[first - 1 : first + text.count("\n")]
    unquoted = tuple(_unquoted(line) for line in written)
    toml = TomlText(source, first, values, tuple(_statements(text, first)), unquoted)
    return Parsed(
        toml, (*_escaped_characters(toml, values, ()), *_unfinished_texts(toml, values, ()))
    )


def _unfinished_texts(toml: TomlText, value: object, path: KeyPath) -> Iterator[Diagnostic]:
    """Report the placeholders in strings."""
    if isinstance(value, str):
        if word := placeholder(value):
            yield unfinished_text(word, toml.value(path, word))
    elif isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from _unfinished_texts(toml, item, (*path, key))


def _escaped_characters(toml: TomlText, value: object, path: KeyPath) -> Iterator[Diagnostic]:
    """Report invisible characters that are written as escape sequences."""
    if isinstance(value, str):
        for character in invisible_characters(value):
            if character not in toml.source.text:
                yield invisible_character(character, toml.key(path))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _escaped_characters(toml, key, (*path, key))
            yield from _escaped_characters(toml, item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _escaped_characters(toml, item, (*path, index))


def _is_deep(values: object) -> bool:
    """Whether tables and lists are nested too deeply; computed without recursion."""
    level = [values]
    for _ in range(_DEEPEST):
        level = [
            inner
            for value in level
            if isinstance(value, dict | list)
            for inner in (value.values() if isinstance(value, dict) else value)
        ]
    return bool(level)


def _error(error: Exception, source: Source, first: int, text: str) -> Diagnostic:
    """The diagnostic for a text that the parser rejects."""
    offset = stop_offset(error, text)
    if isinstance(error, RecursionError):
        line = first + text.count("\n", 0, offset)
        message = "invalid TOML: lists or tables are nested too deeply"
        help_text = "reduce the nesting"
        return Diagnostic(Rule.INVALID_TOML, source.at(line), message, help=help_text)
    return _duplicate(source, first, text, offset) or syntax_error(source, first, text, offset)


def _duplicate(source: Source, first: int, text: str, offset: int) -> Diagnostic | None:
    """A duplicate key or table: the parser stops although the statement itself is valid."""
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
    return Diagnostic(
        Rule.INVALID_TOML,
        source.find(name, statement.first, statement.first),
        f'"{label}" is defined twice',
        note=Note(
            "first defined here", source.find(_name(lines[earlier - first]), earlier, earlier)
        ),
        help=f"{'remove' if statement.values else 'merge the two tables, or rename'} one of them",
    )


def _name(line: str) -> str:
    """The header or key of a statement, as written."""
    match = _NAME.match(line)
    return match[0].strip() if match else ""


def _statements(text: str, first: int) -> Iterator[_Statement]:
    """The statements of a valid text; none if finding them would take too long."""
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
        # Skip the empty lines and comments before the statement.
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
    """Return the path of a header; the header of an array of tables adds an element."""
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
