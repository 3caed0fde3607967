"""The schemas in an editor, with the language server of Even Better TOML."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from audit.npm import NODE, checkers

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "tests" / "language-server.mjs"
EXPLAINED = {
    "content/book.toml": ["path", "branch", "names", "client"],
    "content/facts.toml": ["label", "about"],
}
"""Keys of each file that the pointer hovers over."""

Responses = Mapping[str, Any]


def text(name: str) -> str:
    """A file of the book, with every key that the tests need."""
    source = (ROOT / name).read_text(encoding="utf-8")
    return f'branch = "main"\n{source}' if name.endswith("book.toml") else source


def with_unknown_key(name: str) -> str:
    """The same with an unknown key."""
    if name.endswith("book.toml"):
        return f"color = 1\n{text(name)}"
    return text(name).replace("[content]\n", "[content]\ncolor = 1\n", 1)


def position(name: str, key: str) -> tuple[int, int]:
    """The line and the column of a key, as editors count them."""
    lines = text(name).splitlines()
    return next(at for at, line in enumerate(lines) if re.match(rf"{key} *=", line)), 1


@pytest.fixture(scope="module")
def responses() -> Mapping[str, Responses]:
    """The server's responses for both files: diagnostics, hovers, and completions."""
    return {name: ask(name) for name in EXPLAINED}


def ask(name: str) -> Responses:
    """Open a file as editors do, add and fix an error, hover over keys, and complete new ones."""
    right = text(name)
    is_book = name.endswith("book.toml")
    requests = {
        "wrong": with_unknown_key(name),
        "right": right,
        "hovers": [position(name, key) for key in EXPLAINED[name]],
        "completions": [
            [f"\n{right}", 0, 0],
            ["[exchange]\n\n" if is_book else "[speed]\n\n", 1, 0],
        ],
    }
    process = subprocess.run(
        [NODE, SCRIPT, checkers().parent, ROOT, name],
        input=json.dumps(requests),
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=120,
    )
    response: Responses = json.loads(process.stdout)
    return response


def schema(name: str) -> Mapping[str, Any]:
    """The schema of a file."""
    loaded: Mapping[str, Any] = json.loads(
        (ROOT / "docs" / "schemas" / f"{Path(name).stem}.json").read_bytes()
    )
    return loaded


def description(part: object, key: str) -> str | None:
    """The description of a key in a schema, at any depth."""
    if isinstance(part, dict):
        described = part.get("properties", {}).get(key)
        if described:
            return str(described["description"])
        return next(filter(None, (description(value, key) for value in part.values())), None)
    return None


@pytest.mark.parametrize("name", EXPLAINED)
def test_an_error_is_marked_at_its_position(name: str, responses: Mapping[str, Responses]) -> None:
    """The mark covers only the error, and disappears when the error is fixed."""
    (wrong,) = responses[name]["wrong"]
    lines = with_unknown_key(name).splitlines()
    marked = wrong["range"]
    assert marked["start"]["line"] == marked["end"]["line"]
    assert lines[marked["start"]["line"]].startswith("color")
    assert "an unknown key" in wrong["message"]
    assert responses[name]["right"] == []


@pytest.mark.parametrize("name", EXPLAINED)
def test_hovering_over_a_key_shows_its_description(
    name: str, responses: Mapping[str, Responses]
) -> None:
    """The description comes from the schema."""
    expected = [description(schema(name), key) for key in EXPLAINED[name]]
    assert None not in expected
    assert [hover.strip() for hover in responses[name]["hovers"]] == expected


def test_completions_are_the_allowed_keys(responses: Mapping[str, Responses]) -> None:
    """The keys at the top level, in a table of the settings, and in a fact are offered there."""
    at_top, in_table = responses["content/book.toml"]["completions"]
    assert {"url", "repository", "security"} <= set(at_top)
    assert in_table == [*schema("content/book.toml")["properties"]["exchange"]["properties"]]
    _, in_fact = responses["content/facts.toml"]["completions"]
    assert {"label", "about", "values", "marked"} <= set(in_fact)
