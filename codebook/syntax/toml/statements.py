"""The statements of a TOML text: headers and assignments, with their lines.

The parser of the standard library returns values without locations. `find_statements` parses a text
statement by statement with the same parser, so locations always match the values.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

KeyPath = tuple[str | int, ...]
"""Keys and list positions from the top: `("facts", "cacheable", "value")`."""

_BEGINNING = re.compile(r"\s*(?:\[|[^\s{}\[\],#][^=]*=)")
"""The start of a line that can be the first of a statement. Parsing at every line would take
quadratic time for long values."""
_NOTHING = re.compile(r"\s*(?:#.*)?$")
_MOST_LINES = 2_000
"""The maximum number of lines for which keys are located; beyond, the first line is used."""

_KEY = "[A-Za-z0-9_-]+"
_SCALAR = r'"[^"\\\x00-\x1f\x7f]*"|true|false|0|[1-9][0-9]{0,17}'
_LIST = rf"\[ *(?:(?:{_SCALAR})(?:, *(?:{_SCALAR}))*)? *\]"
_TABLE = rf"\{{ *{_KEY} *= *(?:{_SCALAR})(?:, *{_KEY} *= *(?:{_SCALAR}))* *\}}"
_SIMPLE_LINE = re.compile(
    rf"(?:\[(?P<header>{_KEY})\]|(?P<key>{_KEY}) *= *(?P<value>{_SCALAR}|{_LIST}|{_TABLE}))?"
    r" *(?:#[^\x00-\x1f\x7f]*)?"
)
_ITEM = re.compile(_SCALAR)
_PAIR = re.compile(rf"({_KEY}) *= *({_SCALAR})")


class Statement(Struct, frozen=True):
    """A header or an assignment, and its lines in the file."""

    prefix: KeyPath
    """The path of its table."""
    values: dict[str, Any]
    """Empty for a header."""
    first: int
    last: int


def read_simple(text: str, first: int) -> tuple[dict[str, Any], tuple[Statement, ...]] | None:
    """Return the values and the statements of a text in which each statement is a simple line.

    None for other texts, and for invalid ones. Most front matter is simple, and the parser would
    take most of the time of reading an article.
    """
    values: dict[str, Any] = {}
    table = values
    prefix: KeyPath = ()
    begun: list[tuple[int, KeyPath, dict[str, Any]]] = []
    lines = text.split("\n")
    for number, line in enumerate(lines, first):
        match = _SIMPLE_LINE.fullmatch(line)
        if match is None or len(lines) > _MOST_LINES:
            return None
        header, key, written = match.group("header", "key", "value")
        value = _simple_value(written) if key else {}
        if value is None or (key or header) in (table if key else values):
            return None
        if header:
            table = values[header] = {}
            prefix = (header,)
            begun.append((number, prefix, {}))
        elif key:
            table[key] = value
            begun.append((number, prefix, {key: value}))
    ends = [*(number - 1 for number, *_ in begun[1:]), first + len(lines) - 1]
    return values, tuple(
        Statement(path, assigned, number, end)
        for (number, path, assigned), end in zip(begun, ends, strict=False)
    )


def _simple_value(written: str) -> object:
    """The value of a simple assignment; None if a key of an inline table is defined twice."""
    if written.startswith("["):
        return [_scalar(item) for item in _ITEM.findall(written)]
    if written.startswith("{"):
        pairs = _PAIR.findall(written)
        table = {key: _scalar(value) for key, value in pairs}
        return table if len(table) == len(pairs) else None
    return _scalar(written)


def _scalar(written: str) -> str | int:
    if written.startswith('"'):
        return written[1:-1]
    return written == "true" if written in {"true", "false"} else int(written)


def find_statements(text: str, first: int) -> Iterator[Statement]:
    """Yield the statements of a valid text; none if finding them would take too long."""
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
            yield Statement(prefix, {}, start, number)
        elif values:
            yield Statement(prefix, values, start, number)
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


def by_path(statements: Iterable[Statement]) -> Mapping[KeyPath, Statement]:
    """Return the first statement that contains each key or list item."""
    found: dict[KeyPath, Statement] = {}
    for statement in statements:
        prefix, values = statement.prefix, statement.values
        for path in _paths(values, prefix) if values else (prefix,):
            found.setdefault(path, statement)
    return found


def _paths(value: dict[str, Any] | list[Any], path: KeyPath) -> Iterator[KeyPath]:
    """The paths of the keys and list items in a value."""
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        inside = (*path, key)
        yield inside
        if isinstance(item, dict | list):
            yield from _paths(item, inside)


def holds(statement: Statement, path: KeyPath) -> bool:
    """Whether a statement contains a key."""
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
