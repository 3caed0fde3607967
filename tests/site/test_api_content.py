"""The records of the JSON API agree with the book and its pages.

The book is read from its files, without the program.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

import pytest
from bs4 import BeautifulSoup, Tag

from codebook.build.pipeline import BuildResult
from tests import book_files as text
from tests.api_records import API, Files, Json, Site
from tests.offenders import assert_none

SIGNALS = """# Signals

1. Signals (10–19)

## 1. Signals

- 11 Open
The harbor is open.

- 12
The harbor is closed.
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
def site(built_site: Files) -> Site:
    """The site of the repository's book."""
    return Site(built_site, "")


@pytest.fixture(scope="module")
def codes(site: Site) -> Mapping[int, Json]:
    """The records of the codes in the repository's book."""
    records = site.records.items()
    return {int(path.stem): record for path, record in records if path.parent == API / "status"}


def headings(body: Json) -> Sequence[str]:
    """The second-level headings of a long text, in order."""
    return [section["heading"] for section in body["sections"] if section["level"] == 2]


def differences(record: Json, path: Path) -> Iterator[str]:
    """The parts of a record that differ from its article."""
    head, facts = text.front_matter(path), text.facts(path)
    kinds = {key: text.FACTS[key] for key in facts}
    expected = {
        key: {
            "value": fact["value"],
            "note": fact.get("note", ""),
            "uncertain": fact.get("uncertain", ""),
            "source": fact["source"],
            "label": kinds[key]["label"],
            "about": kinds[key]["about"],
            "meaning": kinds[key].get("values", {}).get(fact["value"], ""),
        }
        for key, fact in facts.items()
    }
    stated = {
        fact["key"]: {
            name: fact[name] for name in ("value", "note", "uncertain", "label", "about", "meaning")
        }
        | {"source": fact["source"]["text"]}
        for fact in record["facts"]
    }
    yield from (key for key in expected | stated if stated.get(key) != expected.get(key))
    former = [(name["name"], name["source"]["text"]) for name in record["former_names"]]
    if former != [(name["name"], name["source"]) for name in head.get("formerly", [])]:
        yield "former_names"
    if record["spec"]["text"] != head.get("spec", ""):
        yield "spec"
    if record["keywords"] != head.get("keywords", []):
        yield "keywords"
    if [code["number"] for code in record["see_also"]] != head.get("see_also", []):
        yield "see_also"
    if headings(record["article"]) != text.headings(path):
        yield "article"


def test_a_record_matches_its_article(codes: Mapping[int, Json]) -> None:
    """It has each fact with its value, note, and source, and the rest of the front matter."""
    assert_none(
        f"{path.stem}: {name}"
        for path in text.ARTICLES
        for name in differences(codes[int(path.stem)], path)
    )


@pytest.mark.parametrize("table", text.TABLES, ids=lambda path: path.stem)
def test_a_record_of_a_table_has_every_cell(table: Path, site: Site) -> None:
    """Its rows match the file and link to their codes, whose records contain them."""
    record, head = site.json(API / "tables" / f"{table.stem}.json"), text.front_matter(table)
    rows = text.rows(table.stem)
    assert [row["cells"] for row in record["rows"]] == [{**row} for row in rows]
    subjects = {
        key: f"{subject['name']} {subject['version']}"
        for key, subject in head.get("subjects", {}).items()
    }
    labels = {column["key"]: column["label"] for column in record["columns"]}
    assert labels == head["columns"] | subjects
    assert (record["title"], record["read"]) == (head["title"], head["read"].isoformat())
    assert record["license"]["text"] == head["license"]
    assert record["licence"] == record["license"]
    for row in record["rows"]:
        number = int(row["cells"]["code"])
        assert (row["number"], bool(row["record"])) == (number, number in text.register_by_code())
        if row["record"]:
            tables = site.records[API / "status" / f"{number}.json"]["tables"]
            (listed,) = (entry for entry in tables if entry["slug"] == table.stem)
            assert row["cells"] in [other["cells"] for other in listed["rows"]]


def text_of(tag: Tag | None) -> str:
    """The text of an element, with spaces collapsed."""
    assert tag is not None
    return " ".join(tag.get_text(" ").split())


@pytest.mark.parametrize("number", [103, 204, 302, 306, 404, 418, 460, 499, 503, 999])
def test_a_record_matches_its_page(
    number: int, codes: Mapping[int, Json], site: Site, pages: Mapping[str, BeautifulSoup]
) -> None:
    """Names, facts, sections, sources, and links are the same."""
    record, html = codes[number], pages[f"status/{number}/"]
    assert text_of(html.h1) == record["title"]
    assert text_of(html.select_one(".lead")) == record["summary"]
    assert text_of(html.select_one(".more, .lead")) in {record["summary"], record["text"]["plain"]}
    labels, values = html.select(".facts summary .label"), html.select(".facts summary .value")
    facts = [(text_of(label), text_of(value)) for label, value in zip(labels, values, strict=True)]
    # Those that most codes have come last on the page.
    assert sorted(facts) == sorted((fact["label"], fact["value"]) for fact in record["facts"])
    cited = [str(link["href"]) for link in html.select(".facts .source a")]
    assert sorted(cited) == sorted(
        link["url"] for fact in record["facts"] for link in fact["source"]["links"]
    )
    everything = "".join(text_of(html.main).split())
    for part in record["article"]["sections"]:
        assert text_of(html.select_one(f"#{part['url'].partition('#')[2]}")) == part["heading"]
        for paragraph in part["plain"].split("\n\n"):
            assert "".join(paragraph.split()) in everything, paragraph
    path = PurePosixPath("status", str(number), "index.html")
    links = [
        site.resolve(str(a["href"]), path) for a in html.select("#related + ul a, #guides + ul a")
    ]
    urls = [entry["links"]["page"] for entry in (*record["see_also"], *record["guides"])]
    assert links == [site.resolve(url, API / "status" / f"{number}.json") for url in urls]


@pytest.mark.parametrize(
    "path", sorted((text.CONTENT / "classes").glob("*.md")), ids=lambda path: path.stem
)
def test_a_record_of_a_class_matches_its_text(path: Path, site: Site) -> None:
    """It has the sections, and the text about unassigned codes."""
    record = site.json(API / "classes" / f"{path.stem}.json")
    assert record["unassigned"]["text"] == text.front_matter(path).get("unassigned", "")
    assert headings(record["text"]) == text.headings(path)
    wanted = [
        number for number in sorted(text.register_by_code()) if str(number)[0] == path.stem[0]
    ]
    assert [code["number"] for code in record["codes"]] == wanted


def test_the_index_declares_every_fact(site: Site) -> None:
    """Each fact has its values with their meanings and marks."""
    index = site.json(API / "index.json")
    assert [fact["key"] for fact in index["facts"]] == [*text.FACTS]
    for fact in index["facts"]:
        kind = text.FACTS[fact["key"]]
        assert (fact["label"], fact["about"]) == (kind["label"], kind["about"])
        assert {one["value"]: one["meaning"] for one in fact["values"]} == kind.get("values", {})
        marks = {one["value"] for one in fact["values"] if one["is_mark"]}
        assert marks == {*kind.get("marked", [])}


def test_short_urls_and_names_redirect_to_the_page(codes: Mapping[int, Json], site: Site) -> None:
    """They exist, and redirect to the page that the record links to."""
    for number, record in codes.items():
        path = API / "status" / f"{number}.json"
        target = site.resolve(record["links"]["page"], path)
        for url in [record["links"]["short"], *record["links"]["names"]]:
            file = site.resolve(url, path)
            assert file is not None
            redirect = re.search(r'url=([^"]+)"', site.files[file].decode())
            assert redirect
            assert site.resolve(redirect[1], file.parent / "index.html") == target


def test_neighbors_are_in_order_of_number(codes: Mapping[int, Json]) -> None:
    """The first code has no previous code, and the last has no next code."""
    numbers = [None, *sorted(codes), None]
    for before, number, after in zip(numbers, numbers[1:], numbers[2:], strict=False):
        if number is not None:
            record = codes[number]
            pair = [code and code["number"] for code in (record["previous"], record["following"])]
            assert pair == [before, after]


def test_sections_are_the_text_split_at_its_headings(
    compile_book: Callable[..., BuildResult],
) -> None:
    """Code is unchanged, and compared facts become a table or lines."""
    result = compile_book(BOOK)
    assert result.files is not None, result.diagnostics
    site = Site(result.files, "")
    record = site.json(API / "signals" / "11.json")
    article = record["article"]
    assert article["markdown"] == ARTICLE.replace("12.md", "../../../signals/12/").strip()
    assert article["plain"] == (
        "Before all, 12.\n\nHow it is shown\n\nSo:\n\nred\n  green\n\nAt night\n\nWith a light."
    )
    sections = [
        (section["level"], section["slug"], section["markdown"], section["plain"], section["url"])
        for section in article["sections"]
    ]
    page = "../../../signals/11/"
    assert sections == [
        (0, "", "Before all, [12](../../../signals/12/).", "Before all, 12.", page),
        (2, "how-it-is-shown", "", "", f"{page}#h-how-it-is-shown"),
        (3, "so", "```text\nred\n  green\n```", "red\n  green", f"{page}#h-so"),
        (2, "at-night", "With *a* light.", "With a light.", f"{page}#h-at-night"),
    ]
    compared = site.json(API / "signals" / "12.json")["article"]
    assert compared["plain"] == "11 Open: Crew: pilot\n12"
    assert compared["markdown"].startswith("| Code | Crew |\n")
    assert record["links"]["names"] == ["../../../signals/open/"]


def test_a_record_credits_the_author_of_its_text(site: Site) -> None:
    """The settings list the credited documents and codes under `credits`."""
    (credit,) = text.SETTINGS["credits"]
    for path, record in site.records.items():
        if path.parent == API / "status":
            is_credited = record["number"] in credit["codes"]
            assert bool(record["credits"]) == is_credited, path
    assert site.json(API / "index.json")["credits"][0]["markdown"] == credit["text"].strip()
