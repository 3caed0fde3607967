"""TOML values fitted to a type, with every misfit found in one pass.

msgspec says what fits; it stops at the first misfit, so the walk over keys is done here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from codebook.problems import Parsed, Problem, Rule, did_you_mean
from codebook.toml.text import KeyPath, TomlText

S = TypeVar("S", bound=msgspec.Struct)

_TABLE = "a table like { key = value }"
_KINDS: Mapping[Any, str] = {
    str: "words in quotes",
    int: "a whole number",
    list[str]: 'a list like ["one", "two"]',
    list[int]: "a list of numbers like [1, 2]",
}


def fit(toml: TomlText, shape: type[S]) -> Parsed[S | None]:
    """The values as a `shape`; each misfit is a problem.

    Keys that do not fit are left out; there is nothing where the rest makes no `shape`.
    """
    problems = tuple(_misfits(toml, toml.values, shape, ()))
    wrong = {path[0] for path, _ in problems if path}
    rest = {key: value for key, value in toml.values.items() if key not in wrong}
    try:
        value = msgspec.convert(rest, shape)
    except msgspec.ValidationError:
        return Parsed(None, tuple(problem for _, problem in problems))
    return Parsed(value, tuple(problem for _, problem in problems))


def fit_each(toml: TomlText, shape: type[S]) -> Parsed[dict[str, S]]:
    """Every value at the top as a `shape`, by its key; those that do not fit are left out."""
    made: dict[str, S] = {}
    problems: list[Problem] = []
    for key, value in toml.values.items():
        found = [problem for _, problem in _misfits(toml, value, shape, (key,))]
        problems += found
        if not found:
            made[key] = msgspec.convert(value, shape)
    return Parsed(made, tuple(problems))


_Misfits = Iterator[tuple[KeyPath, Problem]]
"""Problems, each with the key that does not fit; the empty path where one is missing at the top."""


def _misfits(toml: TomlText, value: object, shape: object, path: KeyPath) -> _Misfits:
    if get_origin(shape) is UnionType:
        shape = next(each for each in get_args(shape) if each is not NoneType)
    inner = get_args(shape)
    if isinstance(shape, type) and issubclass(shape, msgspec.Struct):
        yield from _in_struct(toml, value, shape, path)
    elif get_origin(shape) is dict:
        yield from _in_dict(toml, value, inner[1], path)
    elif get_origin(shape) is list and shape not in _KINDS:
        yield from _in_list(toml, value, inner[0], path)
    elif not _fits(value, shape):
        yield _wrong_type(toml, path, _KINDS.get(shape, "a date like 2026-01-31"))


def _fits(value: object, shape: Any) -> bool:  # noqa: ANN401 - any type that msgspec knows
    try:
        msgspec.convert(value, shape)
    except msgspec.ValidationError:
        return False
    return True


def _in_dict(toml: TomlText, value: object, shape: object, path: KeyPath) -> _Misfits:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _misfits(toml, each, shape, (*path, key))
    else:
        yield _wrong_type(toml, path, _TABLE)


def _in_list(toml: TomlText, value: object, shape: object, path: KeyPath) -> _Misfits:
    if isinstance(value, list):
        for place, each in enumerate(value):
            yield from _misfits(toml, each, shape, (*path, place))
    else:
        yield _wrong_type(toml, path, "a list of tables like [{ key = value }]")


def _in_struct(
    toml: TomlText, value: object, shape: type[msgspec.Struct], path: KeyPath
) -> _Misfits:
    if not isinstance(value, dict):
        yield _wrong_type(toml, path, _TABLE)
        return
    hints = get_type_hints(shape)
    fields = {each.encode_name: each for each in msgspec.structs.fields(shape)}
    for key, each in value.items():
        if key in fields:
            yield from _misfits(toml, each, hints[fields[key].name], (*path, key))
        else:
            yield (*path, key), _unknown_key(toml, (*path, key), key, fields)
    for key, field in fields.items():
        if field.required and key not in value:
            yield path, _missing_key(toml, path, key)


def _unknown_key(toml: TomlText, path: KeyPath, key: str, known: Mapping[str, object]) -> Problem:
    return Problem(
        Rule.UNKNOWN_KEY,
        toml.key(path),
        f'"{key}" is not a key that is read here',
        help=did_you_mean(key, known),
    )


def _missing_key(toml: TomlText, path: KeyPath, key: str) -> Problem:
    return Problem(
        Rule.MISSING_KEY, toml.key(path), f'"{key}" is missing', help=f"add it: {key} = …"
    )


def _wrong_type(toml: TomlText, path: KeyPath, wanted: str) -> tuple[KeyPath, Problem]:
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    problem = Problem(
        Rule.WRONG_TYPE,
        toml.key(path),
        f'the value of "{name}" is of the wrong kind',
        help=f"write {wanted}",
    )
    return path, problem
