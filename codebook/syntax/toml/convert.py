"""Convert TOML values to a type, and report every type error in one pass.

msgspec checks single values; it stops at the first error, so this module iterates over the keys.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule, did_you_mean
from codebook.syntax.toml.literals import toml_string
from codebook.syntax.toml.statements import KeyPath
from codebook.syntax.toml.text import TomlText

S = TypeVar("S", bound=msgspec.Struct)


class _Kind(Struct, frozen=True):
    """A type of value: its name in messages, and an example."""

    text: str
    example: str


EXPECTED = msgspec.Meta(extra={"is_expected": True})
"""Marks a key that examples contain like required keys, because another check requires it."""
_TABLE = _Kind("a table", "{ key = value }")
_DATE = _Kind("a date", "2026-01-31")
_KINDS: Mapping[Any, _Kind] = {
    str: _Kind("a string", '"…"'),
    int: _Kind("an integer", "42"),
    bool: _Kind("a Boolean", "true"),
    list[str]: _Kind("a list of strings", '["one", "two"]'),
    list[int]: _Kind("a list of integers", "[1, 2]"),
}
_PLURALS: Mapping[str, str] = {
    "a Boolean": "Booleans",
    "a date or time": "dates or times",
    "a number": "numbers",
    "a string": "strings",
    "a table": "tables",
}
_DIGITS = re.compile("[0-9]+")


def fit(toml: TomlText, target_type: type[S]) -> Parsed[S | None]:
    """Convert the values to `target_type`, and report each type error.

    Invalid values are left out; the result is None if the rest can't be converted.
    """
    return _fitted(toml, toml.values, target_type, ())


def fit_each(toml: TomlText, target_type: type[S]) -> Parsed[dict[str, S | None]]:
    """Convert each top-level value to `target_type`, keyed as in the TOML; see `fit`."""
    fitted = {key: _fitted(toml, value, target_type, (key,)) for key, value in toml.values.items()}
    return Parsed(
        {key: parsed.value for key, parsed in fitted.items()},
        tuple(diagnostic for parsed in fitted.values() for diagnostic in parsed.diagnostics),
    )


def _fitted(toml: TomlText, value: object, target_type: type[S], path: KeyPath) -> Parsed[S | None]:
    misfits = tuple(_misfits(toml, value, target_type, path))
    diagnostics = tuple(diagnostic for _, diagnostic in misfits)
    try:
        wrong = frozenset(wrong for wrong, _ in misfits)
        rest = _without(value, wrong, path) if wrong else value
        return Parsed(msgspec.convert(rest, target_type), diagnostics)
    except msgspec.ValidationError:
        return Parsed(None, diagnostics)


def _without(value: object, wrong: frozenset[KeyPath], path: KeyPath) -> object:
    """Return the value without the parts at these paths."""
    if isinstance(value, dict):
        return {
            key: _without(item, wrong, (*path, key))
            for key, item in value.items()
            if (*path, key) not in wrong
        }
    if isinstance(value, list):
        return [
            _without(item, wrong, (*path, index))
            for index, item in enumerate(value)
            if (*path, index) not in wrong
        ]
    return value


_Misfits = Iterator[tuple[KeyPath, Diagnostic]]
"""Diagnostics with the paths of the invalid values; for a missing key, the path of its table."""


def _misfits(
    toml: TomlText,
    value: object,
    target_type: object,
    path: KeyPath,
    above: Collection[str] = (),
) -> _Misfits:
    """Report type errors; `above` is the keys of the enclosing table."""
    if target_type is str and isinstance(value, str):
        return
    if get_origin(target_type) is UnionType:
        target_type = next(option for option in get_args(target_type) if option is not NoneType)
    inner = get_args(target_type)
    if isinstance(target_type, type) and issubclass(target_type, msgspec.Struct):
        yield from _in_struct(toml, value, target_type, path)
    elif get_origin(target_type) is dict:
        yield from _in_dict(toml, value, inner[1], path, above)
    elif get_origin(target_type) is list and target_type not in _KINDS:
        yield from _in_list(toml, value, inner[0], path)
    elif not _fits(value, target_type):
        yield path, _wrong_type(toml, path, value, _KINDS.get(target_type, _DATE))


def _fits(value: object, target_type: Any) -> bool:  # noqa: ANN401 - any type that msgspec knows
    try:
        msgspec.convert(value, target_type)
    except msgspec.ValidationError:
        return False
    return True


def _in_dict(
    toml: TomlText, value: object, target_type: object, path: KeyPath, above: Collection[str]
) -> _Misfits:
    if not isinstance(value, dict):
        yield path, _wrong_type(toml, path, value, _TABLE)
        return
    for key, item in value.items():
        inside = (*path, key)
        if _is_empty(item) and _fits(item, target_type):
            yield inside, _empty(toml, inside, key)
        elif key in above and not isinstance(item, dict) and not _fits(item, target_type):
            yield inside, _too_late(toml, inside)
        else:
            yield from _misfits(toml, item, target_type, inside)


def _in_list(
    toml: TomlText, value: object, target_type: type[msgspec.Struct], path: KeyPath
) -> _Misfits:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _misfits(toml, item, target_type, (*path, index))
    else:
        line = toml.source.lines[toml.key(path).line - 1]
        is_header = isinstance(value, dict) and line.lstrip().startswith("[")
        example = f"[[{path[-1]}]] above the keys of each table"
        if not is_header:
            example = f"[{_example(value, target_type)}]"
        kind = _Kind("a list of tables", example)
        yield path, _wrong_type(toml, path, value, kind)


def _in_struct(
    toml: TomlText, value: object, target_type: type[msgspec.Struct], path: KeyPath
) -> _Misfits:
    if not isinstance(value, dict):
        kind = _Kind("a table", _example(value, target_type))
        yield path, _wrong_type(toml, path, value, kind)
        return
    hints, fields = _hints(target_type), _fields(target_type)
    for key, item in value.items():
        if key in fields and fields[key].required and _is_empty(item):
            yield (*path, key), _empty(toml, (*path, key), key)
        elif key in fields:
            yield from _misfits(toml, item, hints[fields[key].name], (*path, key), fields)
        else:
            yield (*path, key), _unknown_key(toml, (*path, key), key, fields)
    unknown = [key for key in value if key not in fields]
    for key, field in fields.items():
        is_missing = field.required and key not in value
        if is_missing and not get_close_matches(key, unknown, n=1):
            yield path, _missing_key(toml, path, key, _kind_for(hints[field.name]))


def _example(value: object, target_type: type[msgspec.Struct]) -> str:
    """A table with the required and expected keys; a string becomes the value of the first one."""
    hints = _hints(target_type)
    examples = {
        field.encode_name: _kind_for(hints[field.name]).example
        for field in msgspec.structs.fields(target_type)
        if field.required or EXPECTED in get_args(field.type)
    } or {"key": "value"}
    first = next(iter(examples))
    if isinstance(value, str) and value.strip() and examples[first] == _KINDS[str].example:
        examples[first] = toml_string(value)
    return f"{{ {', '.join(f'{key} = {example}' for key, example in examples.items())} }}"


def _kind_for(hint: object) -> _Kind:
    return _KINDS.get(hint, _DATE if hint is date else _TABLE)


@cache
def _hints(target_type: type[msgspec.Struct]) -> Mapping[str, object]:
    return get_type_hints(target_type)


@cache
def _fields(target_type: type[msgspec.Struct]) -> Mapping[str, msgspec.structs.FieldInfo]:
    return {field.encode_name: field for field in msgspec.structs.fields(target_type)}


def _is_empty(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


def _empty(toml: TomlText, path: KeyPath, key: str) -> Diagnostic:
    message = f'"{key}" is empty'
    help_text = "add text between the quotes"
    return Diagnostic(Rule.INVALID_VALUE, toml.key(path), message, help=help_text)


def _unknown_key(
    toml: TomlText, path: KeyPath, key: str, known: Mapping[str, object]
) -> Diagnostic:
    where = next((f' in "{part}"' for part in reversed(path[:-1]) if isinstance(part, str)), "")
    return Diagnostic(
        Rule.UNKNOWN_KEY,
        toml.key(path),
        f'unknown key "{key}"{where}',
        help=did_you_mean(key, known),
    )


def _missing_key(toml: TomlText, path: KeyPath, key: str, kind: _Kind) -> Diagnostic:
    where = next((f' from "{part}"' for part in reversed(path) if isinstance(part, str)), "")
    message = f'the key "{key}" is missing{where}'
    help_text = f"add it: {key} = {kind.example}"
    return Diagnostic(Rule.MISSING_KEY, toml.key(path), message, help=help_text)


def _too_late(toml: TomlText, path: KeyPath) -> Diagnostic:
    table, key = path[-2:]
    return Diagnostic(
        Rule.WRONG_TYPE,
        toml.key(path),
        f'"{key}" belongs to [{table}] because it comes after it',
        note=Note("the table starts here", toml.key(path[:-1])),
        help=f"move it above [{table}]",
    )


def _wrong_type(toml: TomlText, path: KeyPath, value: object, wanted: _Kind) -> Diagnostic:
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    fixed = _fixed(value, wanted)
    help_text = f"write {name} = {fixed}" if fixed else f"write it like this: {wanted.example}"
    subject = f'each item of "{name}"' if isinstance(path[-1], int) else f'"{name}"'
    message = f"{subject} must be {wanted.text}, not {_kind_of(value)}"
    return Diagnostic(Rule.WRONG_TYPE, toml.key(path), message, help=help_text)


def _fixed(value: object, wanted: _Kind) -> str:
    """Return the correct spelling of a value if only quotes or brackets are wrong."""
    members = value if isinstance(value, list) else [value]
    if isinstance(value, bool) or not all(type(member) in {int, str} for member in members):
        return ""
    if wanted == _KINDS[str] and isinstance(value, int):
        return f'"{value}"'
    if wanted == _KINDS[list[str]]:
        return f"[{', '.join(toml_string(str(member)) for member in members)}]"
    if wanted == _KINDS[list[int]] and all(_DIGITS.fullmatch(str(member)) for member in members):
        return f"[{', '.join(str(member).lstrip('0') or '0' for member in members)}]"
    return ""


def _kind_of(value: object) -> str:
    """Return the name of the type of a value."""
    if isinstance(value, list):
        inside = dict.fromkeys(map(_kind_of, value))
        plurals = [_PLURALS.get(kind, "lists") for kind in inside]
        return f"a list of {' and '.join(dict.fromkeys(plurals))}" if plurals else "a list"
    if isinstance(value, bool):
        return "a Boolean"
    kinds: Mapping[type, str] = {
        str: "a string",
        int: "a number",
        float: "a number",
        dict: "a table",
    }
    return kinds.get(type(value), "a date or time")
