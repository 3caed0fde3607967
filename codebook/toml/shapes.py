"""TOML values fitted to a type, with every misfit found in one pass.

msgspec says what fits; it stops at the first misfit, so the walk over keys is done here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
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

    What does not fit is left out; there is nothing where the rest makes no `shape`.
    """
    return _fitted(toml, toml.values, shape, ())


def fit_each(toml: TomlText, shape: type[S]) -> Parsed[dict[str, S | None]]:
    """Every value at the top as a `shape`, by its key, as `fit` does it."""
    fitted = {key: _fitted(toml, each, shape, (key,)) for key, each in toml.values.items()}
    return Parsed(
        {key: each.value for key, each in fitted.items()},
        tuple(problem for each in fitted.values() for problem in each.problems),
    )


def _fitted(toml: TomlText, value: object, shape: type[S], path: KeyPath) -> Parsed[S | None]:
    misfits = tuple(_misfits(toml, value, shape, path))
    problems = tuple(problem for _, problem in misfits)
    try:
        rest = _without(value, frozenset(wrong for wrong, _ in misfits), path)
        return Parsed(msgspec.convert(rest, shape), problems)
    except msgspec.ValidationError:
        return Parsed(None, problems)


def _without(value: object, wrong: frozenset[KeyPath], path: KeyPath) -> object:
    """The value without the parts at these paths."""
    if isinstance(value, dict):
        return {
            key: _without(each, wrong, (*path, key))
            for key, each in value.items()
            if (*path, key) not in wrong
        }
    if isinstance(value, list):
        return [
            _without(each, wrong, (*path, place))
            for place, each in enumerate(value)
            if (*path, place) not in wrong
        ]
    return value


_Misfits = Iterator[tuple[KeyPath, Problem]]
"""Problems, each with the path of what does not fit: for a missing key, of the table it is for."""


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
            if _is_empty(each):
                yield (*path, key), _empty(toml, (*path, key), key)
            else:
                yield from _misfits(toml, each, shape, (*path, key))
    else:
        yield _wrong_type(toml, path, _TABLE)


def _in_list(toml: TomlText, value: object, shape: object, path: KeyPath) -> _Misfits:
    if isinstance(value, list):
        for place, each in enumerate(value):
            yield from _misfits(toml, each, shape, (*path, place))
    else:
        yield _wrong_type(toml, path, f"a list of tables: [[{path[-1]}]] above each")


def _in_struct(
    toml: TomlText, value: object, shape: type[msgspec.Struct], path: KeyPath
) -> _Misfits:
    if not isinstance(value, dict):
        names = (each.encode_name for each in msgspec.structs.fields(shape) if each.required)
        keys = ", ".join(f"{name} = …" for name in names) or "key = value"
        yield _wrong_type(toml, path, f"a table like {{ {keys} }}")
        return
    hints = get_type_hints(shape)
    fields = {each.encode_name: each for each in msgspec.structs.fields(shape)}
    for key, each in value.items():
        if key in fields and fields[key].required and _is_empty(each):
            yield (*path, key), _empty(toml, (*path, key), key)
        elif key in fields:
            yield from _misfits(toml, each, hints[fields[key].name], (*path, key))
        else:
            yield (*path, key), _unknown_key(toml, (*path, key), key, fields)
    unknown = [key for key in value if key not in fields]
    for key, field in fields.items():
        misspelt = get_close_matches(key, unknown, n=1)
        if field.required and key not in value and not misspelt:
            yield path, _missing_key(toml, path, key)


def _is_empty(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


def _empty(toml: TomlText, path: KeyPath, key: str) -> Problem:
    message = f'the value of "{key}" is empty'
    return Problem(Rule.INVALID_VALUE, toml.key(path), message, help="write what it is")


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
