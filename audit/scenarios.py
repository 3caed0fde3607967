"""The scenarios that reproduce messages in the book: configurations and requests."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit.effects import Effect, EffectError, effects_of
from audit.install import Program
from audit.recipes import Recipe

DECLARED = Path(__file__).with_name("scenarios.toml")

PROGRAMS = {
    "nginx": "nginx",
    "apache": "Apache httpd",
    "caddy": "Caddy",
    "haproxy": "HAProxy",
    "varnish": "Varnish",
}
"""The name of each server in articles."""

_BODY = "response body"
_ACCESS_LOG = "access log"
_ELLIPSIS = "…"
_HEAD = "```toml\n"
_TABLE = "[[scenario]]"


@dataclass(frozen=True)
class Symptom:
    """A message in the front matter of an article."""

    code: int
    message: str
    program: str
    where: str
    reproduced: str
    """The major and minor version of the program in the audit; empty without a scenario."""

    def __str__(self) -> str:
        """The message, for reports."""
        return f"codes/{self.code}.md: {self.program}: {self.message!r}"


@dataclass(frozen=True)
class Scenario:
    """A configuration, a request, and the message that they must lead to."""

    symptom: Symptom
    recipe: Recipe
    effect: Effect


def symptoms(content: Path) -> tuple[Symptom, ...]:
    """All messages of the book."""
    found: list[Symptom] = []
    for path in sorted((content / "codes").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        head = text.removeprefix(_HEAD).partition("\n```\n")[0] if text.startswith(_HEAD) else ""
        for table in tomllib.loads(head).get("symptoms", []):
            message, program, where = (table[key] for key in ("message", "program", "where"))
            reproduced = table.get("reproduced", "")
            found.append(Symptom(int(path.stem), message, program, where, reproduced))
    return tuple(found)


def declared(known: Iterable[Symptom], path: Path = DECLARED) -> tuple[Scenario, ...]:
    """All scenarios.

    Raises `EffectError` if one is invalid, or isn't about a known symptom.
    """
    text = path.read_text(encoding="utf-8")
    document = tomllib.loads(text)
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line == _TABLE]
    by_message = {(it.code, it.program, it.message): it for it in known}
    return tuple(
        _scenario(table, message, document["proxies"], by_message, (path, line))
        for table, line in zip(document.get("scenario", []), lines, strict=True)
        for message in table.get("messages", [""])
    )


def gaps(known: Iterable[Symptom], scenarios: Iterable[Scenario]) -> Iterator[str]:
    """Report symptoms that are said to be reproduced but have no scenario."""
    provoked = {scenario.symptom for scenario in scenarios}
    for symptom in known:
        if symptom.reproduced and symptom not in provoked:
            yield f"{symptom} has no scenario: add one to {DECLARED.name}, or remove `reproduced`"


def version_errors(scenarios: Iterable[Scenario], programs: Mapping[str, Program]) -> Iterator[str]:
    """Report symptoms whose version isn't that of the program that runs their scenario."""
    for scenario in scenarios:
        version = ".".join(programs[scenario.effect.server].version.split(".")[:2])
        if scenario.symptom.reproduced != version:
            yield f'{scenario.symptom}: write reproduced = "{version}", if the scenario succeeds'


def _scenario(
    table: Mapping[str, Any],
    message: str,
    proxies: Mapping[str, str],
    by_message: Mapping[tuple[int, str, str], Symptom],
    place: tuple[Path, int],
) -> Scenario:
    values = {key: value for key, value in table.items() if key != "messages"}
    code, server = values.pop("code", None), values.pop("server", None)
    name = f"{code} {server}: {message}"
    if server not in PROGRAMS:
        raise EffectError(f"{name}: server must be one of {', '.join(PROGRAMS)}")
    symptom = by_message.get((code, PROGRAMS[server], message))
    if symptom is None:
        raise EffectError(f"{name}: codes/{code}.md doesn't list this message of this program")
    configuration = values.pop("configuration", proxies[server])
    if not isinstance(configuration, str):
        raise EffectError(f"{name}: configuration must be of type str")
    if derived := values.keys() & {"body", "log", "article", "servers", "says"}:
        raise EffectError(f"{name}: {', '.join(sorted(derived))} follows from the message")
    parts = [part.strip() for part in message.split(_ELLIPSIS)]
    expected = {"body": parts} if symptom.where == _BODY else {"log": parts}
    if symptom.where == _ACCESS_LOG:
        expected["log"] = [*parts, f" {code} "]
    request = {"path": "/", "status": code, **values}
    article = f"codes/{code}"
    (effect,) = effects_of(
        {"article": article, "servers": [server], "says": message, **request, **expected}
    )
    return Scenario(symptom, Recipe(*place, (article, server, 0), configuration), effect)
