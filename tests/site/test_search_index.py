"""The search index: everything with a page, by all its names."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import pytest
from bs4 import BeautifulSoup

from codebook.build.pipeline import BuildResult
from codebook.diagnostics.diagnostic import Rule
from tests import book_files as text
from tests.offenders import assert_none
from tests.sample_books import Files, second_site

Make = Callable[..., BuildResult]
BuildIndex = Callable[[Mapping[str, str]], "Index"]

INDEX = PurePosixPath("search.json")

REGISTER = """# Signals

1. Signals (10–19)
2. Lights (20–29)

## 1. Signals

- 11 Open
The *harbor* is `open` <now> & [ready](guides/in.md).

- 12
The harbor is closed.

## 2. Lights

- 21 Red
Stop.
"""
TABLE = """```toml
title = "{title}"
source = "https://example.org/flags"
read = 2026-01-31
license = "none"

[columns]
code = "Code"
flag = "Flag"
owner = "Owner"
```

Which flag is shown.
"""
BOOK = {
    "book.toml": 'title = "Harbor signals"\npath = "signals"\nsearch = [\n'
    '{ table = "flags", column = "flag" },\n{ table = "flags", column = "owner" },\n]\n',
    "signals.md": REGISTER,
    "guides/in.md": "# Coming in & out\n\nSlowly.\n",
    "tables/flags.md": TABLE.format(title="Flags <all>"),
    "tables/flags.csv": "code,flag,owner\n",
}


@dataclass(frozen=True)
class Index:
    """The records of an index."""

    raw: Mapping[str, Any]

    def code(self, number: int) -> Sequence[Any]:
        """The only record of a code."""
        (record,) = [record for record in self.raw["codes"] if record[0] == number]
        return list(record)

    def others(self, number: int) -> Sequence[str]:
        """The other names of a code."""
        return list(self.code(number)[3])

    def cells(self, number: int) -> Sequence[str]:
        """The cells of tables that a code is found by."""
        return list(self.code(number)[5])

    @property
    def urls(self) -> Sequence[str]:
        """The URL of every page that has a record."""
        path = self.raw["path"]
        return [
            *(f"{path}/{record[0]}/" for record in self.raw["codes"]),
            *(f"{path}/{record[0]}/" for record in self.raw["classes"]),
            *(record[1] for record in self.raw["pages"]),
        ]


@pytest.fixture(scope="module")
def build_index(compile_book: Make) -> BuildIndex:
    """The index of the small book, with these files added or replaced."""

    def build_index(files: Mapping[str, str]) -> Index:
        result: BuildResult = compile_book({**BOOK, **files})
        assert result.files is not None, result.diagnostics
        return Index(json.loads(result.files[INDEX]))

    return build_index


@pytest.fixture(scope="module")
def book_index(built_site: Files) -> Index:
    """The index of the book of the repository."""
    return Index(json.loads(built_site[INDEX]))


def pages(site: Files) -> set[str]:
    """The URLs of all pages but the home page, the page of all codes, and the error page."""
    index = Index(json.loads(site[INDEX]))
    urls = {
        path.parent.as_posix() + "/"
        for path, data in site.items()
        if path.name == "index.html" and b'http-equiv="refresh"' not in data
    }
    return urls - {"./", f"{index.raw['path']}/"}


# --- the book of the repository -------------------------------------------------------------------


def test_every_page_has_one_record(book_index: Index, built_site: Files) -> None:
    """The index has every code, class, guide, and table, and the lists of the latter."""
    assert Counter(book_index.urls) == Counter(pages(built_site))
    assert {record[0] for record in book_index.raw["codes"]} == set(text.register_by_code())


def test_a_code_has_the_name_of_its_page(book_index: Index, built_site: Files) -> None:
    """The number is the same too."""
    for number, name, *_ in book_index.raw["codes"]:
        page = built_site[PurePosixPath(book_index.raw["path"], str(number), "index.html")].decode()
        (heading,) = re.findall("<h1.*?</h1>", page, re.DOTALL)
        title = BeautifulSoup(heading, "html.parser").get_text(" ")
        assert " ".join(title.split()) == f"{number} {name}".rstrip()


def test_a_record_has_all_that_its_article_declares(book_index: Index) -> None:
    """It has its former names, keywords, marks, and messages."""
    offenders = []
    for path in text.ARTICLES:
        head = text.front_matter(path)
        _, name, marks, others, keywords, *_, messages = book_index.code(int(path.stem))
        former = {entry["name"] for entry in head.get("formerly", [])}
        marked = {
            fact["value"]
            for key, fact in text.facts(path).items()
            if fact["value"] in text.FACTS[key].get("marked", [])
        }
        offenders += [f"{path.stem}: {other} is missing" for other in former - {name, *others}]
        symptoms = [[it["message"], it["program"]] for it in text.symptoms(path)]
        if keywords != head.get("keywords", []) or set(marks) != marked or messages != symptoms:
            offenders.append(f"{path.stem}: {keywords}, {marks}, {messages}")
    assert_none(offenders)


def test_a_record_has_the_names_of_the_configured_columns(book_index: Index) -> None:
    """These are the vendors, and their names for the code."""
    columns = text.SETTINGS["search"]
    assert columns
    for column in columns:
        for row in text.rows(column["table"]):
            cell, code = row[column["column"]].strip(), book_index.code(int(row["code"]))
            known = [name.casefold() for name in (code[1], *code[5])]
            assert not re.search(r"\w", cell) or cell.casefold() in known, row


def test_names_are_neither_empty_nor_repeated(book_index: Index) -> None:
    """They differ from each other and from that of the code, and none is only a dash."""
    for number, name, _, others, keywords, cells, summary, _ in book_index.raw["codes"]:
        assert all(re.search(r"\w", term) for term in [*others, *keywords, *cells]), number
        assert len(set(others)) == len(others), number
        assert len(set(cells)) == len(cells), number
        assert len(set(keywords)) == len(keywords), number
        assert name.casefold() not in {other.casefold() for other in (*others, *cells)}, number
        assert summary, number


def test_a_class_has_its_text_about_unassigned_codes(book_index: Index) -> None:
    """It's the sentence in the text of the class, if there is one."""
    records = {record[0]: record[1:] for record in book_index.raw["classes"]}
    paths = sorted((text.CONTENT / "classes").glob("*.md"))
    assert paths
    for path in paths:
        unassigned = tomllib.loads(next(text.fences(path, "toml")).text).get("unassigned", "")
        assert records[path.stem][3] == unassigned
        assert records[path.stem][1] == int(path.stem.replace("x", "0"))


# --- other books ----------------------------------------------------------------------------------


def test_the_second_book_has_an_index_too() -> None:
    """It has another path, four digits, six classes, and other names."""
    second = second_site()
    index = Index(json.loads(second[INDEX]))
    assert index.raw["path"] == "signals"
    assert Counter(index.urls) == Counter(pages(second))
    assert (index.code(1010)[1], index.others(1010)) == ("Come in", ["Free mouth"])
    assert index.raw["classes"][-1][:4] == ["6xxx", "Alarm signals", 6000, 6999]


def test_markup_is_plain_text(build_index: BuildIndex) -> None:
    """Results show rendered text, not Markdown."""
    index = build_index({})
    assert index.code(11)[6] == "The harbor is open <now> & ready."
    assert index.raw["pages"] == [
        ["All guides", "guides/", "Guide", [], [], []],
        ["Coming in & out", "guides/in/", "Guide", [], [], []],
        ["All tables", "tables/", "Table", [], [], []],
        ["Flags <all>", "tables/flags/", "Table", [], [], []],
    ]


def test_a_cell_without_a_word_is_not_a_name(build_index: BuildIndex) -> None:
    """A dash means that there is no value."""
    cells = ["", " ", "-", "–", "—", "?", "…", "Blue"]
    rows = [f"11,{cell},Pilot\n" for cell in cells]
    index = build_index({"tables/flags.csv": "code,flag,owner\n" + "".join(rows)})
    assert index.cells(11) == ["Blue", "Pilot"]


def test_only_the_configured_columns_have_names(build_index: BuildIndex) -> None:
    """Names are unique, and in the order of the settings and then the rows."""
    table = "code,flag,owner\n11,Blue,Pilot\n11,Green,Pilot\n12,Blue,\n"
    assert build_index({"tables/flags.csv": table}).cells(11) == ["Blue", "Green", "Pilot"]
    without = build_index({"tables/flags.csv": table, "book.toml": 'title = "Harbor"'})
    assert (without.cells(11), without.cells(12)) == ([], [])


@pytest.mark.parametrize("name", ["Open", "OPEN", " open "])
def test_the_name_of_the_code_itself_is_not_repeated(name: str, build_index: BuildIndex) -> None:
    """Spelling variants are left out too."""
    head = f'```toml\nformerly = [{{ name = "{name.strip()}", source = "x" }}]\n```\n'
    index = build_index({"tables/flags.csv": f"code,flag,owner\n11,{name},\n", "codes/11.md": head})
    assert (index.code(11)[1], index.others(11), index.cells(11)) == ("Open", [], [])


def test_names_and_keywords_and_cells_are_apart(build_index: BuildIndex) -> None:
    """The search weighs them differently, and corrects typos only toward names and keywords."""
    head = '```toml\nformerly = [{ name = "Free", source = "x" }]\nkeywords = ["in", "go"]\n```\n'
    index = build_index({"tables/flags.csv": "code,flag,owner\n11,Blue,\n", "codes/11.md": head})
    assert index.code(11)[3:6] == [["Free"], ["in", "go"], ["Blue"]]


def test_a_code_without_a_name_has_a_record(build_index: BuildIndex) -> None:
    """Its number and its text can be searched."""
    assert build_index({}).code(12) == [12, "", [], [], [], [], "The harbor is closed.", []]


def test_marks_and_unassigned_numbers_are_kept(build_index: BuildIndex) -> None:
    """The index has marked values, and the text of a class with its placeholder."""
    index = build_index(
        {
            "facts.toml": '[crew]\nlabel = "Crew"\nabout = "Who is there."\nmarked = ["none"]\n'
            '[crew.values]\nnone = "No one is there."\npilot = "A pilot is."\n',
            "codes/11.md": '```toml\n[facts]\ncrew = { value = "none", source = "x" }\n```\n',
            "codes/12.md": '```toml\n[facts]\ncrew = { value = "pilot", source = "x" }\n```\n',
            "classes/1x.md": '```toml\nunassigned = "{number} means: wait."\n```\n\nWords.\n',
        }
    )
    assert (index.code(11)[2], index.code(12)[2]) == (["none"], [])
    assert index.raw["classes"] == [
        ["1x", "Signals", 10, 19, "{number} means: wait.", 1],
        ["2x", "Lights", 20, 29, "", 2],
    ]


def test_words_of_the_title_and_stop_words_are_ignored(build_index: BuildIndex) -> None:
    """They match the whole book. The singulars of the title's words are ignored too."""
    index = build_index({"book.toml": 'title = "Harbor signals"\nstop_words = ["of", "which"]\n'})
    assert index.raw["ignored"] == ["harbor", "signals", "signal", "of", "which"]


def test_a_guide_is_found_by_its_keywords_and_headings_and_compared_codes(
    build_index: BuildIndex,
) -> None:
    """Its front matter is optional, and has only keywords. Only the main headings count."""
    guide = (
        '```toml\nkeywords = ["fog"]\n```\n\n# Coming in\n\n## At night\n\n### Far out\n\n'
        "Slowly.\n\n```compare\ncodes = [12, 11]\n```\n"
    )
    facts = '[crew]\nlabel = "Crew"\nabout = "Who is there."\n'
    index = build_index({"guides/in.md": guide, "facts.toml": facts})
    assert index.raw["pages"][1] == [
        "Coming in",
        "guides/in/",
        "Guide",
        ["fog"],
        ["At night"],
        [12, 11],
    ]


def test_suggested_codes_are_in_order(build_index: BuildIndex) -> None:
    """The search shows them before anything is typed."""
    settings = 'title = "Harbor"\nsuggestions = [21, 11]\n'
    assert build_index({"book.toml": settings}).raw["suggested"] == [21, 11]


def test_an_unknown_suggestion_is_reported(compile_book: Make) -> None:
    """The help is the same as for other mentions of codes."""
    settings = 'title = "Harbor"\nsuggestions = [11, 13]\n'
    found = compile_book({**BOOK, "book.toml": settings}).diagnostics
    (place,) = [it.span for it in found if it.rule is Rule.UNKNOWN_CODE]
    assert (place.line, place.column) == (2, 20)


def test_a_constant_is_listed_once_with_all_its_languages(compile_book: Make) -> None:
    """Notes about values aren't part of them, and a book without constants has no such file."""
    table = TABLE.format(title="Flags").replace("license", 'choose = "Flag in"\nlicense', 1)
    rows = "code,flag,owner\n11,OPEN (old); FREE,OPEN\n12,,SHUT\n"
    files = compile_book({**BOOK, "tables/flags.md": table, "tables/flags.csv": rows}).files
    assert files is not None
    constants = json.loads(files[PurePosixPath("constants.json")])
    assert constants == [[11, "Flag, Owner", "OPEN"], [11, "Flag", "FREE"], [12, "Owner", "SHUT"]]
    without = compile_book(BOOK).files
    assert without is not None
    assert PurePosixPath("constants.json") not in without
