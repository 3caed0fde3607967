"""TOML texts with the location of each key, found in the statements of the text."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct

from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule
from codebook.diagnostics.source import Source, Span
from codebook.syntax.decode import invisible_character, invisible_characters
from codebook.syntax.toml.statements import (
    KeyPath,
    Statement,
    by_path,
    find_statements,
    holds,
    read_simple,
)
from codebook.syntax.unfinished import is_possible, placeholder, unfinished_text

_QUOTED = re.compile(r"""(?:"(?:\\.|[^"\\])*"|'[^']*')(?!\s*[=.\]])|#.*""")
"""Quoted strings that aren't keys, and comments."""
_NAME = re.compile(r"""(?:"(?:\\.|[^"\\])*"|'[^']*'|[^"'=#])+""")
"""A statement up to its `=` or the end of its header."""
_IN_WORD = re.compile(r"[\w-]")
_DEEPEST = 20
"""The maximum level of nesting; front matter and settings use four levels."""


class TomlText(Struct, frozen=True):
    """Parsed TOML from some lines of a file."""

    source: Source
    first: int
    """The line of the file where the TOML starts."""
    values: dict[str, Any]
    statements: tuple[Statement, ...]
    by_path: Mapping[KeyPath, Statement]
    """The first statement that contains each key or list item."""

    def key(self, path: KeyPath) -> Span:
        """Return the location of a key, or of the nearest enclosing key in the text."""
        for length in range(len(path), 0, -1):
            if statement := self.by_path.get(path[:length]):
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
        after = key = self.key(path)
        last = self._last_line(key.line)
        for text in texts:
            span = self._after(after, last, text) or self._after(key, last, text)
            after = span or after
            yield span or key

    def _after(self, span: Span, last: int, text: str) -> Span | None:
        """The next occurrence of a text after a span, up to line `last`."""
        for number in range(span.line, last + 1):
            line = self.source.lines[number - 1]
            start = line.find(text, span.column - 1 + span.length if number == span.line else 0)
            while start >= 0 and text:
                end = start + len(text)
                if not _IN_WORD.search(line[max(start - 1, 0) : start] + line[end : end + 1]):
                    return self.source.at(number, start + 1, len(text))
                start = line.find(text, start + 1)
        return None

    def lines(self, path: KeyPath) -> tuple[int, int]:
        """Return the first and last line of the statement that sets a key."""
        line = self.key(path).line
        return line, self._last_line(line)

    def _last_line(self, line: int) -> int:
        """The last line of the statement at a line."""
        index = bisect_right(self.statements, line, key=lambda statement: statement.first)
        return max(line, self.statements[index - 1].last) if index else line

    def _in(self, statement: Statement, path: KeyPath) -> Span:
        """The location of the last part of a path; each part is searched after the previous one.

        The position of a list item is not in the text, so an item has the location of its list.
        A key of an inline table has at most as many braces around it as parents.
        """
        lines = self.source.lines[statement.first - 1 : statement.last]
        start = end = 0
        parts = path[_header_length(statement) :] or path[-1:]
        while parts and isinstance(parts[-1], int):
            parts = parts[:-1]
        names = [str(part) for part in parts]
        written = " = { ".join(names)
        if names and lines[0].startswith(f"{written} = "):
            column = len(written) - len(names[-1]) + 1
            return self.source.at(statement.first, column, len(names[-1]))
        text = "\n".join(map(_unquoted, lines))
        for deep, name in enumerate(names):
            for match in _key_pattern(name).finditer(text, end):
                if _depth(text[: match.start()]) <= deep:
                    start, end = match.span()
                    break
        if not end:
            return self.source.whole(statement.first)
        above = text[:start].split("\n")
        line = statement.first + len(above) - 1
        return self.source.at(line, len(above[-1]) + 1, end - start)


@lru_cache(maxsize=1024)
def _key_pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"""(?<![\w-])["']?{re.escape(name)}["']?(?![\w-])""")


def _depth(text: str) -> int:
    return text.count("{") - text.count("}")


def _unquoted(line: str) -> str:
    """Return the line with comments and quoted values replaced by spaces of the same length."""
    return _QUOTED.sub(lambda match: " " * len(match[0]), line)


def read(source: Source, first: int, text: str) -> Parsed[TomlText | None]:
    """Parse the TOML at line `first` of `source`; the result is None if it's invalid."""
    if simple := read_simple(text, first):
        values, statements = simple
    else:
        try:
            values = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            return Parsed(None, (_error(error, source, first, text),))
        if _is_deep(values):
            return Parsed(None, (_error(RecursionError(), source, first, text),))
        statements = tuple(find_statements(text, first))
    toml = TomlText(source, first, values, statements, by_path(statements))
    # Characters outside of escape sequences are checked when the file is decoded.
    escaped = _escaped_characters(toml, values, ()) if "\\" in text else ()
    unfinished = _unfinished_texts(toml, values, ()) if is_possible(text) else ()
    return Parsed(toml, (*escaped, *unfinished))


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
    # Imported here because most texts have no errors.
    from codebook.syntax.toml.errors import stop_offset, syntax_error  # noqa: PLC0415

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
    statements = list(find_statements("\n".join(lines), first))
    if not statements or statements[-1].last != first + len(lines) - 1:
        return None
    statement = statements.pop()
    name = _name(lines[statement.first - first])
    path = statement.prefix
    inside: Any = tomllib.loads(f"{name} = 0") if statement.values else 0
    while isinstance(inside, dict):
        key, inside = next(iter(inside.items()))
        path = (*path, key)
    earlier = next((above.first for above in statements if holds(above, path)), None)
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


def _header_length(statement: Statement) -> int:
    return len(statement.prefix) if statement.values else max(len(statement.prefix) - 1, 0)
