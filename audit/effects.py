"""What each recipe must do: the requests of `effects.toml` and the expected responses."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from audit.client import TIMEOUT
from audit.recipes import SERVERS, Key, Recipe
from audit.upstream import Behavior

DECLARED = Path(__file__).with_name("effects.toml")

NO_RESPONSE = 0
"""The status where the server closes the connection without a word."""


class EffectError(Exception):
    """An effect that is not declared the way effects are."""


@dataclass(frozen=True)
class Effect:
    """One request, what is prepared for it, and what must come of it."""

    article: str
    server: str
    says: str
    """The promise, as a failure repeats it."""
    path: str
    status: int
    recipe: int = 1
    files: Mapping[str, str] = field(default_factory=dict)
    """What lies in the root beside the files that are always there."""
    upstream: str = Behavior.ECHO.value
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body_size: int = 0
    chunked: bool = False
    """Whether the size of the body is kept from the server."""
    times: int = 1
    """How often the request is sent; the last answer counts."""
    leave_after: float = 0.0
    """Seconds after which the client goes, if it does not wait for the answer."""
    within: float = TIMEOUT
    """Seconds in which the answer must have come to its end."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Header fields of the answer; an empty value says that there is no such field."""
    body: tuple[str, ...] = ()
    """Words in the content of the answer."""
    log: tuple[str, ...] = ()
    """Words that then stand in one line of a log."""

    @property
    def key(self) -> Key:
        """The recipe that it belongs to."""
        return self.article, self.server, self.recipe

    def __str__(self) -> str:
        """The request, as a message names it."""
        return f"{self.method} {self.path} ({self.says})"


_TYPES = {
    "article": str,
    "says": str,
    "path": str,
    "status": int,
    "recipe": int,
    "files": dict,
    "upstream": str,
    "method": str,
    "headers": dict,
    "body_size": int,
    "chunked": bool,
    "times": int,
    "leave_after": float,
    "within": float,
    "fields": dict,
    "body": list,
    "log": list,
}


def declared(path: Path = DECLARED) -> tuple[Effect, ...]:
    """Every effect; one that is declared for several servers is one for each."""
    tables = tomllib.loads(path.read_text(encoding="utf-8")).get("effect", [])
    return tuple(effect for table in tables for effect in _effects(table))


def gaps(recipes: Mapping[Key, Recipe], effects: Iterable[Effect]) -> Iterator[str]:
    """Recipes that nobody tries, and effects of recipes that are not there."""
    tried = {effect.key for effect in effects}
    for key, recipe in recipes.items():
        if key not in tried:
            yield f"{recipe} recipe {key[2]} has no effect: declare one in {DECLARED.name}"
    for key in tried:
        if key not in recipes:
            article, server, number = key
            yield f"{DECLARED.name}: {article} has no {server} recipe {number}"


def _effects(table: Mapping[str, Any]) -> Iterator[Effect]:
    values = dict(table)
    servers = values.pop("servers", None)
    name = f"{values.get('article')}: {values.get('says')}"
    if not isinstance(servers, list) or not servers or not set(servers) <= set(SERVERS):
        raise EffectError(f"{name}: servers is a list of {', '.join(SERVERS)}")
    for key, value in values.items():
        if key not in _TYPES:
            raise EffectError(f"{name}: there is no key {key}")
        if type(value) is not _TYPES[key]:
            raise EffectError(f"{name}: {key} is a {_TYPES[key].__name__}")
        values[key] = tuple(value) if isinstance(value, list) else value
    if missing := _required() - set(values):
        raise EffectError(f"{name}: {', '.join(sorted(missing))} must be there")
    if values.get("upstream", Behavior.ECHO) not in set(Behavior):
        raise EffectError(f"{name}: upstream is one of {', '.join(Behavior)}")
    for server in servers:
        yield Effect(server=server, **values)


def _required() -> set[str]:
    return {"article", "says", "path", "status"} & {key.name for key in fields(Effect)}
