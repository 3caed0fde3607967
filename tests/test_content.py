"""The content of this repository's book, beyond what the build itself checks."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
CONTENT = ROOT / "content"
ARTICLES = sorted((CONTENT / "codes").glob("*.md"))
SETTINGS = tomllib.loads((CONTENT / "book.toml").read_text(encoding="utf-8"))
EACH = pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)

with (CONTENT / "tables" / "registry.csv").open(encoding="utf-8", newline="") as table:
    REGISTRY = {int(row["code"]): row for row in csv.DictReader(table)}


def head(path: Path) -> Mapping[str, Any]:
    """The head of an article."""
    text = path.read_text(encoding="utf-8")
    return tomllib.loads(text.split("```toml\n", 1)[1].split("\n```", 1)[0])


def examples(path: Path) -> list[str]:
    """The inside of each `http` fence of an article."""
    text = path.read_text(encoding="utf-8")
    return re.findall(r"^```http\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def is_cited(words: str) -> bool:
    """Whether some pattern of the settings turns a part of the words into a link."""
    return any(re.search(each["pattern"], words) for each in SETTINGS["references"])


def test_the_registry_is_whole() -> None:
    """64 codes, in order."""
    assert len(REGISTRY) == 64
    assert list(REGISTRY) == sorted(REGISTRY)


@EACH
def test_every_source_of_an_article_is_a_link(path: Path) -> None:
    """Write a source the way a pattern under [[references]] in book.toml expects it."""
    article = head(path)
    sources = [article["spec"], *(fact["source"] for fact in article["facts"].values())]
    sources += [former["source"] for former in article.get("formerly", [])]
    assert [source for source in sources if not is_cited(source)] == []


@EACH
def test_an_article_calls_its_code_what_the_registry_calls_it(path: Path) -> None:
    """Correct the name in the article; the registry is where names are given."""
    assert head(path)["name"] == REGISTRY[int(path.stem)]["phrase"]


@EACH
def test_an_article_cites_the_document_that_the_registry_cites(path: Path) -> None:
    """The registry's reference, perhaps with a section more."""
    assert head(path)["spec"].startswith(REGISTRY[int(path.stem)]["reference"])


@EACH
def test_examples_are_messages_that_a_server_could_send(path: Path) -> None:
    """A start line, fields, a body of the length and the type that the fields claim."""
    for example in examples(path):
        start, *rest = example.split("\n\n", 1)[0].splitlines()
        assert re.fullmatch(r"[A-Z]+ \S+ HTTP/1\.1|HTTP/1\.1 [1-5][0-9]{2} [\w' -]+", start), start
        assert all(re.fullmatch(r"[\w-]+: \S.*", line) for line in rest), start
        fields = dict(line.split(": ", 1) for line in rest)
        body = example.split("\n\n", 1)[1].removesuffix("\n") if "\n\n" in example else ""
        if start.startswith("HTTP/"):
            assert parsedate_to_datetime(fields["Date"])
            code = int(start.split()[1])
            assert start.split(" ", 2)[2] == REGISTRY[code]["phrase"]
        else:
            assert fields["Host"].endswith("example.com")
        assert int(fields.get("Content-Length", 0)) == len(body.encode()), start
        if "json" in fields.get("Content-Type", ""):
            json.loads(body)


@EACH
def test_an_article_shows_its_own_code(path: Path) -> None:
    """Where it has examples at all, one of them is a response with the code of the page."""
    starts = [example.splitlines()[0] for example in examples(path)]
    assert not starts or any(start.startswith(f"HTTP/1.1 {path.stem} ") for start in starts)


@EACH
def test_a_response_carries_what_its_facts_demand(path: Path) -> None:
    """Each field under `must` is in every response with the code of the page."""
    must = head(path)["facts"].get("must", {}).get("value", "")
    for example in examples(path):
        if example.startswith(f"HTTP/1.1 {path.stem} "):
            for field in re.findall(r"[A-Z][\w-]+", must):
                assert f"\n{field}: " in example
