"""What the search looks through: everything that has a page of its own, by all its names."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from bs4 import BeautifulSoup

from codebook.build.pipeline import BuildResult, build_site
from codebook.diagnostics.source import Folder
from codebook.io import read_folder
from tests import content as text

Files = Mapping[PurePosixPath, bytes]
Make = Callable[..., BuildResult]
Look = Callable[[Mapping[str, str]], "Index"]

ROOT = Path(__file__).resolve().parent.parent
INDEX = PurePosixPath("search.json")
SECOND = ROOT / "tests" / "fixtures" / "second-book"

REGISTER = """# Signals

1. Signals (10–19)
2. Lights (20–29)

## 1. Signals

- 11 Open
The *harbour* is `open` <now> & [ready](guides/in.md).

- 12
The harbour is closed.

## 2. Lights

- 21 Red
Stop.
"""
TABLE = """```toml
title = "{title}"
source = "https://example.org/flags"
read = 2026-01-31
licence = "none"

[columns]
code = "Code"
flag = "Flag"
owner = "Owner"
```

Which flag is shown.
"""
BOOK = {
    "book.toml": 'title = "Harbour signals"\npath = "signals"\nsearch = [\n'
    '{ table = "flags", column = "flag" },\n{ table = "flags", column = "owner" },\n]\n',
    "signals.md": REGISTER,
    "guides/in.md": "# Coming in & out\n\nSlowly.\n",
    "tables/flags.md": TABLE.format(title="Flags <all>"),
    "tables/flags.csv": "code,flag,owner\n",
}


@dataclass(frozen=True)
class Index:
    """The records, by what they are about."""

    raw: Mapping[str, Any]

    def code(self, number: int) -> Sequence[Any]:
        """The record of a code, which is there once."""
        (found,) = [record for record in self.raw["codes"] if record[0] == number]
        return list(found)

    def others(self, number: int) -> Sequence[str]:
        """The other names of a code."""
        return list(self.code(number)[3])

    @property
    def addresses(self) -> Sequence[str]:
        """The address of every page that has a record."""
        path = self.raw["path"]
        return [
            *(f"{path}/{record[0]}/" for record in self.raw["codes"]),
            *(f"{path}/{record[0]}/" for record in self.raw["classes"]),
            *(record[1] for record in self.raw["pages"]),
        ]


@pytest.fixture(scope="module")
def look(compile_book: Make) -> Look:
    """The index of the small book, with these files besides or instead."""

    def look(files: Mapping[str, str]) -> Index:
        outcome: BuildResult = compile_book({**BOOK, **files})
        assert outcome.files is not None, outcome.diagnostics
        return Index(json.loads(outcome.files[INDEX]))

    return look


@pytest.fixture(scope="module")
def own(built_site: Files) -> Index:
    """The index of the book of the repository."""
    return Index(json.loads(built_site[INDEX]))


@pytest.fixture(scope="module")
def second(templates: Folder) -> Files:
    """The site of the second book."""
    outcome = build_site(read_folder(SECOND, "content"), templates, "site", "")
    assert outcome.files is not None, outcome.diagnostics
    return outcome.files


def pages(site: Files) -> set[str]:
    """The addresses of all pages but the home page, the page of all codes and the error page."""
    found = {
        path.parent.as_posix() + "/"
        for path, data in site.items()
        if path.name == "index.html" and b'http-equiv="refresh"' not in data
    }
    return {address for address in found if "/" in address.rstrip("/")}


# --- the book of the repository -------------------------------------------------------------------


def test_every_page_with_an_answer_is_there_once(own: Index, built_site: Files) -> None:
    """Each code, class, guide and table; and no record leads to a page that is not there."""
    assert Counter(own.addresses) == Counter(pages(built_site))
    assert {record[0] for record in own.raw["codes"]} == set(text.register_by_code())


def test_a_code_is_called_what_its_page_calls_it(own: Index, built_site: Files) -> None:
    """Number and name."""
    for number, name, *_ in own.raw["codes"]:
        page = built_site[PurePosixPath(own.raw["path"], str(number), "index.html")].decode()
        (heading,) = re.findall("<h1.*?</h1>", page, re.DOTALL)
        shown = BeautifulSoup(heading, "html.parser").get_text(" ")
        assert " ".join(shown.split()) == f"{number} {name}".rstrip()


@pytest.mark.parametrize("path", text.ARTICLES, ids=lambda path: path.stem)
def test_a_code_is_found_by_all_that_its_article_declares(path: Path, own: Index) -> None:
    """Its former names, its keywords, and what is marked beside it."""
    head, (_, name, marks, others, keywords, _) = text.front_matter(path), own.code(int(path.stem))
    former = {each["name"] for each in head.get("formerly", [])}
    assert former - {name} <= set(others)
    assert keywords == head.get("keywords", [])
    stated = {key: fact["value"] for key, fact in text.facts(path).items()}
    assert set(marks) == {
        value for key, value in stated.items() if value in text.FACTS[key].get("marked", [])
    }


def test_a_code_is_found_by_the_columns_that_the_settings_name(own: Index) -> None:
    """The names that vendors give it, and the vendors."""
    wanted = text.SETTINGS["search"]
    assert wanted
    for each in wanted:
        for row in text.rows(each["table"]):
            cell, code = row[each["column"]].strip(), own.code(int(row["code"]))
            known = [code[1].casefold(), *(name.casefold() for name in code[3])]
            assert not re.search(r"\w", cell) or cell.casefold() in known, row


def test_nothing_empty_and_nothing_twice_leads_to_a_code(own: Index) -> None:
    """Each name is another one, and none is the code's own or only a dash."""
    for number, name, _, others, keywords, said in own.raw["codes"]:
        assert all(re.search(r"\w", each) for each in [*others, *keywords]), number
        assert len(set(others)) == len(others), number
        assert len(set(keywords)) == len(keywords), number
        assert name.casefold() not in {each.casefold() for each in others}, number
        assert said, number


def test_a_class_says_what_becomes_of_other_numbers(own: Index) -> None:
    """In the words of its text, for every class that has one."""
    found = {record[0]: record[1:] for record in own.raw["classes"]}
    texts = sorted((ROOT / "content" / "classes").glob("*.md"))
    assert texts
    for path in texts:
        said = tomllib.loads(next(text.fences(path, "toml")).text).get("unassigned", "")
        assert found[path.stem][3] == said
        assert found[path.stem][1] == int(path.stem.replace("x", "0"))


# --- other books ----------------------------------------------------------------------------------


def test_the_second_book_has_an_index_too(second: Files) -> None:
    """Of another path, with four digits, six classes and its own names."""
    index = Index(json.loads(second[INDEX]))
    assert index.raw["path"] == "signals"
    assert Counter(index.addresses) == Counter(pages(second))
    assert (index.code(1010)[1], index.others(1010)) == ("Come in", ["Free mouth"])
    assert index.raw["classes"][-1][:4] == ["6xxx", "Alarm signals", 6000, 6999]


def test_the_same_book_gives_the_same_bytes(second: Files, templates: Folder) -> None:
    """In whatever order its files are read."""
    book = read_folder(SECOND, "content")
    backwards = Folder("content", dict(reversed([*book.files.items()])))
    again = build_site(backwards, templates, "site", "").files or {}
    assert again[INDEX] == second[INDEX]


def test_markup_is_plain_text(look: Look) -> None:
    """A result shows words as they are read, not as they are written."""
    index = look({})
    assert index.code(11)[5] == "The harbour is open <now> & ready."
    assert index.raw["pages"] == [
        ["Coming in & out", "guides/in/", "Guide"],
        ["Flags <all>", "tables/flags/", "Table"],
    ]


@pytest.mark.parametrize("cell", ["", " ", "-", "–", "—", "?", "…"])
def test_a_cell_without_a_word_leads_nowhere(cell: str, look: Look) -> None:
    """A dash says that there is nothing."""
    index = look({"tables/flags.csv": f"code,flag,owner\n11,{cell},Pilot\n"})
    assert index.others(11) == ["Pilot"]


def test_only_the_columns_that_are_asked_for_lead_to_a_code(look: Look) -> None:
    """In the order of the settings, then of the rows; each name once."""
    table = "code,flag,owner\n11,Blue,Pilot\n11,Green,Pilot\n12,Blue,\n"
    assert look({"tables/flags.csv": table}).others(11) == ["Blue", "Green", "Pilot"]
    without = look({"tables/flags.csv": table, "book.toml": 'title = "Harbour"'})
    assert (without.others(11), without.others(12)) == ([], [])


@pytest.mark.parametrize("name", ["Open", "OPEN", " open "])
def test_the_name_of_the_code_itself_is_not_repeated(name: str, look: Look) -> None:
    """However it is spelt."""
    head = f'```toml\nformerly = [{{ name = "{name.strip()}", source = "x" }}]\n```\n'
    index = look({"tables/flags.csv": f"code,flag,owner\n11,{name},\n", "codes/11.md": head})
    assert (index.code(11)[1], index.others(11)) == ("Open", [])


def test_names_come_in_the_order_of_their_weight(look: Look) -> None:
    """What it was once called stands before what others call it."""
    head = '```toml\nformerly = [{ name = "Free", source = "x" }]\nkeywords = ["in", "go"]\n```\n'
    index = look({"tables/flags.csv": "code,flag,owner\n11,Blue,\n", "codes/11.md": head})
    assert (index.others(11), index.code(11)[4]) == (["Free", "Blue"], ["in", "go"])


def test_a_code_that_nobody_names_has_a_record(look: Look) -> None:
    """Its number and its text lead to it."""
    assert look({}).code(12) == [12, "", [], [], [], "The harbour is closed."]


def test_marks_and_unassigned_numbers_are_told(look: Look) -> None:
    """A value that is marked, and the sentence of a class with the place of the number in it."""
    index = look(
        {
            "facts.toml": '[crew]\nlabel = "Crew"\nabout = "Who is there."\nmarked = ["nobody"]\n'
            '[crew.values]\nnobody = "Nobody is."\npilot = "A pilot is."\n',
            "codes/11.md": '```toml\n[facts]\ncrew = { value = "nobody", source = "x" }\n```\n',
            "codes/12.md": '```toml\n[facts]\ncrew = { value = "pilot", source = "x" }\n```\n',
            "classes/1x.md": '```toml\nunassigned = "{number} means: wait."\n```\n\nWords.\n',
        }
    )
    assert (index.code(11)[2], index.code(12)[2]) == (["nobody"], [])
    assert index.raw["classes"] == [
        ["1x", "Signals", 10, 19, "{number} means: wait."],
        ["2x", "Lights", 20, 29, ""],
    ]


def test_words_of_the_title_are_noise(look: Look) -> None:
    """Who types them means the whole book; one thing of several is noise as well."""
    assert {"harbour", "signals", "signal"} <= set(look({}).raw["noise"])
