"""The records for programs say what the book and its pages say.

What the book says is read from its files, line by line, without the program.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

import pytest
from bs4 import BeautifulSoup, Tag

from codebook.build.pipeline import BuildResult
from tests import content as text
from tests.api_records import API, Files, Json, Site

SIGNALS = """# Signals

1. Signals (10–19)

## 1. Signals

- 11 Open
The harbour is open.

- 12
The harbour is closed.
"""
ARTICLE = """
Before all, [12](12.md).

## How *it* is shown

### So:

```text
red
  green
```

## At night

With *a* light.
"""
BOOK = {
    "book.toml": 'path = "signals"\n\n[moved]\n"old/" = "codes/11.md"\n',
    "facts.toml": '[crew]\nlabel = "Crew"\nabout = "Who is there."\n',
    "signals.md": SIGNALS,
    "codes/11.md": f'```toml\n[facts]\ncrew = {{ value = "pilot", source = "x" }}\n```\n{ARTICLE}',
    "codes/12.md": "```toml\n```\n\n```compare\ncodes = [11, 12]\n```\n",
}


@pytest.fixture(scope="module")
def own(built_site: Files) -> Site:
    """The site of the book of the repository."""
    return Site(built_site, "")


@pytest.fixture(scope="module")
def codes(own: Site) -> Mapping[int, Json]:
    """The records of the codes of the book of the repository."""
    found = own.records.items()
    return {int(path.stem): each for path, each in found if path.parent == API / "status"}


@pytest.fixture(scope="module")
def page(built_site: Files) -> Callable[[int], BeautifulSoup]:
    """The page of a code of the book of the repository."""

    def page(number: int) -> BeautifulSoup:
        path = PurePosixPath("status", str(number), "index.html")
        return BeautifulSoup(built_site[path], "html.parser")

    return page


def headings(body: Json) -> Sequence[str]:
    """The headings of level two of a long text, in their order."""
    return [each["heading"] for each in body["sections"] if each["level"] == 2]


@pytest.mark.parametrize("path", text.ARTICLES, ids=lambda path: path.stem)
def test_a_record_states_what_its_article_states(path: Path, codes: Mapping[int, Json]) -> None:
    """Each fact with its value, note and source, and everything else of the head."""
    record, head = codes[int(path.stem)], text.front_matter(path)
    stated = {fact["key"]: fact for fact in record["facts"]}
    assert {*stated} == {*text.facts(path)}
    for key, fact in text.facts(path).items():
        own = stated[key]
        assert own["source"]["text"] == fact["source"]
        assert (own["value"], own["note"]) == (fact["value"], fact.get("note", ""))
        assert own["uncertain"] == fact.get("uncertain", "")
        kind = text.FACTS[key]
        assert (own["label"], own["about"]) == (kind["label"], kind["about"])
        assert own["meaning"] == kind.get("values", {}).get(fact["value"], "")
    former = [(each["name"], each["source"]["text"]) for each in record["former_names"]]
    assert former == [(each["name"], each["source"]) for each in head.get("formerly", [])]
    assert record["spec"]["text"] == head.get("spec", "")
    assert record["keywords"] == head.get("keywords", [])
    assert [each["number"] for each in record["see_also"]] == head.get("see_also", [])
    assert headings(record["article"]) == text.headings(path)


@pytest.mark.parametrize("table", text.TABLES, ids=lambda path: path.stem)
def test_a_record_of_a_table_has_every_cell(table: Path, own: Site) -> None:
    """The rows are those of the file; each leads to its code, and is in the record of the code."""
    record, head = own.json(API / "tables" / f"{table.stem}.json"), text.front_matter(table)
    rows = text.rows(table.stem)
    assert [row["cells"] for row in record["rows"]] == [{**row} for row in rows]
    assert {each["key"]: each["label"] for each in record["columns"]} == head["columns"]
    assert (record["title"], record["read"]) == (head["title"], head["read"].isoformat())
    for row in record["rows"]:
        number = int(row["cells"]["code"])
        assert (row["number"], bool(row["record"])) == (number, number in text.register_by_code())
        if row["record"]:
            tables = own.json(API / "status" / f"{number}.json")["tables"]
            (found,) = (each for each in tables if each["slug"] == table.stem)
            assert row["cells"] in [each["cells"] for each in found["rows"]]


def words(tag: Tag | None) -> str:
    """What an element says, blanks collapsed."""
    assert tag is not None
    return " ".join(tag.get_text(" ").split())


@pytest.mark.parametrize("number", [103, 204, 302, 306, 404, 418, 460, 499, 503, 999])
def test_a_record_says_what_its_page_says(
    number: int, codes: Mapping[int, Json], own: Site, page: Callable[[int], BeautifulSoup]
) -> None:
    """Names, facts, sections and sources; and it leads where the page leads."""
    record, shown = codes[number], page(number)
    assert words(shown.h1) == record["title"]
    assert words(shown.select_one(".lead")) == record["text"]["plain"]
    facts = [
        (words(each.select_one(".label")), words(each.select_one(".value")))
        for each in shown.select(".facts summary")
    ]
    assert facts == [(each["label"], each["value"]) for each in record["facts"]]
    cited = [str(link["href"]) for link in shown.select(".facts .source a")]
    assert cited == [link["url"] for each in record["facts"] for link in each["source"]["links"]]
    everything = "".join(words(shown.main).split())
    for each in record["article"]["sections"]:
        assert words(shown.select_one(f"#{each['url'].partition('#')[2]}")) == each["heading"]
        for paragraph in each["plain"].split("\n\n"):
            assert "".join(paragraph.split()) in everything, paragraph
    here = PurePosixPath("status", str(number), "index.html")
    there = [
        own.named(str(a["href"]), here) for a in shown.select("#related + ul a, #guides + ul a")
    ]
    told = [each["links"]["page"] for each in (*record["see_also"], *record["guides"])]
    assert there == [own.named(url, API / "status" / f"{number}.json") for url in told]


@pytest.mark.parametrize(
    "path", sorted((text.CONTENT / "classes").glob("*.md")), ids=lambda path: path.stem
)
def test_a_record_of_a_class_says_what_its_text_says(path: Path, own: Site) -> None:
    """Its sections, and what becomes of numbers that nobody has assigned."""
    record = own.json(API / "classes" / f"{path.stem}.json")
    assert record["unassigned"]["text"] == text.front_matter(path).get("unassigned", "")
    assert headings(record["text"]) == text.headings(path)
    wanted = [
        number for number in sorted(text.register_by_code()) if str(number)[0] == path.stem[0]
    ]
    assert [each["number"] for each in record["codes"]] == wanted


def test_the_index_declares_every_fact(own: Site) -> None:
    """With its values, what they mean, and which of them are marks."""
    index = own.json(API / "index.json")
    assert [each["key"] for each in index["facts"]] == [*text.FACTS]
    for each in index["facts"]:
        kind = text.FACTS[each["key"]]
        assert (each["label"], each["about"]) == (kind["label"], kind["about"])
        assert {one["value"]: one["meaning"] for one in each["values"]} == kind.get("values", {})
        marks = {one["value"] for one in each["values"] if one["is_mark"]}
        assert marks == {*kind.get("marked", [])}


def test_short_addresses_and_names_lead_to_the_page(codes: Mapping[int, Json], own: Site) -> None:
    """Each is there, and leads to the page that the record names."""
    for number, record in codes.items():
        path = API / "status" / f"{number}.json"
        target = own.named(record["links"]["page"], path)
        for url in [record["links"]["short"], *record["links"]["names"]]:
            file = own.named(url, path)
            assert file is not None
            there = re.search(r'url=([^"]+)"', own.files[file].decode())
            assert there
            assert own.named(there[1], file.parent / "index.html") == target


def test_neighbours_are_those_in_order_of_number(codes: Mapping[int, Json]) -> None:
    """Nothing is before the first and behind the last."""
    numbers = [None, *sorted(codes), None]
    for before, number, after in zip(numbers, numbers[1:], numbers[2:], strict=False):
        if number is not None:
            record = codes[number]
            found = [each and each["number"] for each in (record["previous"], record["following"])]
            assert found == [before, after]


def test_sections_are_the_text_cut_at_its_headings(
    compile_book: Callable[..., BuildResult],
) -> None:
    """Code stands as it is written, and facts that are compared stand as a table or in lines."""
    outcome = compile_book(BOOK)
    assert outcome.files is not None, outcome.diagnostics
    own = Site(outcome.files, "")
    record = own.json(API / "signals" / "11.json")
    article = record["article"]
    assert article["markdown"] == ARTICLE.replace("12.md", "../../../signals/12/").strip()
    assert article["plain"] == (
        "Before all, 12.\n\nHow it is shown\n\nSo:\n\nred\n  green\n\nAt night\n\nWith a light."
    )
    sections = [
        (each["level"], each["slug"], each["markdown"], each["plain"], each["url"])
        for each in article["sections"]
    ]
    page = "../../../signals/11/"
    assert sections == [
        (0, "", "Before all, [12](../../../signals/12/).", "Before all, 12.", page),
        (2, "how-it-is-shown", "", "", f"{page}#h-how-it-is-shown"),
        (3, "so", "```text\nred\n  green\n```", "red\n  green", f"{page}#h-so"),
        (2, "at-night", "With *a* light.", "With a light.", f"{page}#h-at-night"),
    ]
    compared = own.json(API / "signals" / "12.json")["article"]
    assert compared["plain"] == "11 Open: Crew: pilot\n12"
    assert compared["markdown"].startswith("| Code | Crew |\n")
    assert record["links"]["names"] == ["../../../signals/open/"]


def test_whose_words_a_record_holds_is_said_in_it(own: Site) -> None:
    """Where a document of somebody else is shown, as the settings of the book name it."""
    (credit,) = text.SETTINGS["credits"]
    registers = {number: path.name for number, path in text.register_by_code().items()}
    for path, record in own.records.items():
        if path.parent == API / "status":
            is_theirs = registers[record["number"]] in credit["documents"]
            assert bool(record["credits"]) == is_theirs, path
    assert own.json(API / "index.json")["credits"][0]["markdown"] == credit["text"].strip()
