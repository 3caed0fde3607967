"""The expected effects of each recipe: requests and responses, from `effects.toml`."""

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
"""The status if the server closes the connection without a response."""


class EffectError(Exception):
    """An invalid entry in `effects.toml`."""


@dataclass(frozen=True)
class Effect:
    """A request, its setup, and the expected response."""

    article: str
    server: str
    says: str
    """The expected behavior, for failure messages."""
    path: str
    status: int
    recipe: int = 1
    files: Mapping[str, str] = field(default_factory=dict)
    """Additional files in the document root."""
    upstream: str = Behavior.ECHO.value
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body_size: int = 0
    chunked: bool = False
    """Whether to send the body chunked, without its size."""
    times: int = 1
    """How often to send the request. The last response is checked."""
    is_complete: bool = True
    """Whether the headers end with an empty line."""
    version: str = "HTTP/1.1"
    """The version in the request line."""
    tls: bool = False
    """Whether to send the request with TLS."""
    server_name: str = "example.com"
    """The hostname in the TLS handshake."""
    certificate: str = ""
    """The client's certificate, such as "stranger.pem"; empty for none."""
    leave_after: float = 0.0
    """Disconnect after this many seconds; 0 waits for the response."""
    within: float = TIMEOUT
    """Seconds until the response must be complete."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Expected response headers. An empty value means that the header must be missing."""
    body: tuple[str, ...] = ()
    """Texts that the response body must contain."""
    log: tuple[str, ...] = ()
    """Texts that a line of a log must contain."""

    @property
    def key(self) -> Key:
        """The recipe to test."""
        return self.article, self.server, self.recipe

    def __str__(self) -> str:
        """The request, for messages."""
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
    "is_complete": bool,
    "version": str,
    "tls": bool,
    "server_name": str,
    "certificate": str,
    "leave_after": float,
    "within": float,
    "fields": dict,
    "body": list,
    "log": list,
}


def declared(path: Path = DECLARED) -> tuple[Effect, ...]:
    """All effects. An entry for several servers becomes one effect for each server."""
    tables = tomllib.loads(path.read_text(encoding="utf-8")).get("effect", [])
    return tuple(effect for table in tables for effect in effects_of(table))


def gaps(recipes: Mapping[Key, Recipe], effects: Iterable[Effect]) -> Iterator[str]:
    """Report recipes without effects, and effects without a recipe."""
    tried = {effect.key for effect in effects}
    for key, recipe in recipes.items():
        if key not in tried:
            yield f"{recipe} recipe {key[2]} has no effect: add one to {DECLARED.name}"
    for key in tried:
        if key not in recipes:
            article, server, number = key
            yield f"{DECLARED.name}: {article} has no {server} recipe {number}"


def effects_of(table: Mapping[str, Any]) -> Iterator[Effect]:
    """The effects in an entry, one for each server. Raises `EffectError` if it's invalid."""
    values = dict(table)
    servers = values.pop("servers", None)
    name = f"{values.get('article')}: {values.get('says')}"
    if not isinstance(servers, list) or not servers or not set(servers) <= set(SERVERS):
        raise EffectError(f"{name}: servers must be a list of {', '.join(SERVERS)}")
    for key, value in values.items():
        if key not in _TYPES:
            raise EffectError(f"{name}: unknown key {key}")
        if type(value) is not _TYPES[key]:
            raise EffectError(f"{name}: {key} must be of type {_TYPES[key].__name__}")
        values[key] = tuple(value) if isinstance(value, list) else value
    if missing := _required() - set(values):
        raise EffectError(f"{name}: missing {', '.join(sorted(missing))}")
    if values.get("upstream", Behavior.ECHO) not in set(Behavior):
        raise EffectError(f"{name}: upstream must be one of {', '.join(Behavior)}")
    for server in servers:
        yield Effect(server=server, **values)


def _required() -> set[str]:
    return {"article", "says", "path", "status"} & {key.name for key in fields(Effect)}
