"""The program knows no subject: a book about something else is built by the same files.

`fixtures/second-book/` is about the lanterns of a harbour: six classes of a thousand codes each,
other facts, other citations, another first segment of the URLs.
"""

from __future__ import annotations

import ast
import csv
import io
import re
import tokenize
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from subprocess import CompletedProcess

import pytest
from bs4 import BeautifulSoup

from codebook.build.pipeline import BuildResult, build_site
from codebook.diagnostics.source import Folder
from codebook.io import read_folder

Run = Callable[..., CompletedProcess[str]]

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "tests" / "fixtures" / "second-book"
CLASSES = {
    "1xxx": ("Entry signals", (1010, 1020, 1100)),
    "2xxx": ("Berth signals", (2040, 2050)),
    "3xxx": ("Tide signals", (3000, 3300)),
    "4xxx": ("Weather signals", (4700,)),
    "5xxx": ("Cargo signals", (5210,)),
    "6xxx": ("Alarm signals", (6000, 6660)),
}
NAMES = {
    1010: "Come in",
    1020: "Keep out",
    1100: "Wait for the pilot",
    2040: "Berth ready",
    2050: "Berth taken",
    3000: "Turn of the tide",
    3300: "Low water",
    4700: "Fog",
    5210: "Show the cargo",
    6000: "Help",
    6660: "Fire",
}
EXCERPTS = {
    "index.html": ("Harbour signals", "with lanterns, four of them"),
    "signals/index.html": ("Fog is coming in from the sea.", "6000–6999", "Harbour Rules"),
    "signals/1xxx/index.html": ("Entry signals", "A pilot is on the way.", "1000–1999"),
    "signals/1010/index.html": (
        *("The harbour mouth is open", "Free mouth", "As long as the mouth is free"),
        *("Answer", "by lantern", "until the harbour takes them in", "By day a flag will do."),
        *("Seen from", "three miles", "green, white", "Chapter 2, Rule 5", "for the pilots"),
    ),
    "signals/2050/index.html": ("It keeps its lanterns lit while it lies there.", "Berth taken"),
    "signals/1020/index.html": ("The ship makes no way.", "white white green", "red, red"),
    "guides/in-or-out/index.html": ("decide who moves first", "Speed", "slow", "stopped"),
    "tables/lanterns/index.html": ("Lanterns, from the top", "All clear", "2026-11-02", "6700"),
    "404.html": ("Harbour signals",),
}
"""Text that a page of the second book shows."""
CITED = {
    "signals/1010/index.html": {
        "https://example.org/rules/2#rule-4": "Harbour Rules, Chapter 2, Rule 4",
        "https://example.org/rules/2#rule-5": "Harbour Rules, Chapter 2, Rule 5",
        "https://example.org/rules/7": "Harbour Rules, Chapter 7",
        "https://example.org/rules/9": "Harbour Rules, Chapter 9",
    },
    "guides/in-or-out/index.html": {
        "https://example.org/rules/2#rule-9": "Harbour Rules, Chapter 2, Rule 9"
    },
    "tables/lanterns/index.html": {"https://example.org/rules/7": "Harbour Rules, Chapter 7"},
}
"""Sources that a page names, by URL."""

PROGRAM = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "codebook").rglob("*.py"))
TEMPLATES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "templates").rglob("*")
    if path.suffix in {".html", ".css", ".js", ".svg"}
)
NUMBERS: Mapping[tuple[str, str], str] = {
    ("codebook/book/urls.py", "404"): "the file that static hosts send for unknown addresses",
    ("codebook/site/feeds/atom.py", "398"): "the beginning of what ids are made from",
    ("codebook/site/routes.py", "160"): "characters of a description",
    ("codebook/publish/hosts.py", "301"): "how a server says that an address has moved",
    ("codebook/publish/hosts.py", "403"): "what a server says of a folder without a page",
    ("codebook/publish/hosts.py", "404"): "how a server says that there is nothing",
    (
        "codebook/cli/main.py",
        "128",
    ): "what shells add to the number of the signal that ended a command",
    ("codebook/syntax/markdown/engine.py", "100"): "levels of nesting",
    ("codebook/publish/images/rasterize.py", "100"): "hundredths of a width",
    ("codebook/publish/images/rasterize.py", "256"): "pixels of the largest picture in an ICO file",
    ("codebook/publish/images/social_card.py", "280"): "pixels",
    ("codebook/site/feeds/web_manifest.py", "192"): "pixels of an icon",
    ("codebook/site/feeds/web_manifest.py", "512"): "pixels of an icon",
    ("codebook/publish/images/cards_and_icons.py", "180"): "pixels of an icon",
    ("codebook/publish/images/typeface.py", "256"): "a part of the name SHA-256",
    ("codebook/preview/guard.py", "127"): "the beginning of the address of this machine",
}
"""Numbers from 100 to 599 that a file of the program may hold, each with its reason."""


@pytest.fixture(scope="module")
def second(templates: Folder) -> BuildResult:
    """The second book, built with the templates of the first."""
    return build_site(read_folder(BOOK, "content"), templates, "site", "")


@pytest.fixture(scope="module")
def pages(second: BuildResult) -> Mapping[str, BeautifulSoup]:
    """Its pages by their path."""
    assert second.files is not None, second.diagnostics
    return {
        path.as_posix(): BeautifulSoup(data, "html.parser")
        for path, data in second.files.items()
        if path.suffix == ".html"
    }


def page_text(page: BeautifulSoup) -> str:
    """The text of a page, with spaces collapsed."""
    return " ".join(page.get_text().split())


def test_a_book_about_something_else_has_no_diagnostic(second: BuildResult) -> None:
    """Six classes, numbers of four digits and other facts are nothing new to the program."""
    assert second.diagnostics == ()
    assert second.files


def test_the_command_builds_it(run_codebook: Run, tmp_path: Path) -> None:
    """The same command makes a site of it, warnings counted as errors."""
    result = run_codebook("build", "--content", BOOK, "--site", tmp_path / "site", "--strict")
    assert (result.returncode, result.stdout) == (0, "")
    assert (tmp_path / "site" / "signals" / "1010" / "index.html").is_file()


def test_its_codes_and_classes_have_their_own_urls(pages: Mapping[str, BeautifulSoup]) -> None:
    """Everything of a class is below the first URL segment that the book chose."""
    codes = {
        f"signals/{number}/index.html" for _, members in CLASSES.values() for number in members
    }
    classes = {f"signals/{label}/index.html" for label in CLASSES}
    assert codes | classes | set(EXCERPTS) <= set(pages)
    assert not [path for path in pages if path.startswith("status/")]


@pytest.mark.parametrize("label", CLASSES)
def test_a_class_is_labeled_by_its_first_digit(
    label: str, pages: Mapping[str, BeautifulSoup]
) -> None:
    """1000 to 1999 is 1xxx; its page has its name and links to its codes."""
    name, members = CLASSES[label]
    page = pages[f"signals/{label}/index.html"]
    assert page.h1 is not None
    assert label in page.h1.get_text()
    assert name in page.h1.get_text()
    links = [str(link["href"]) for link in page.find_all("a")]
    assert all(f"../{number}/" in links for number in members)


@pytest.mark.parametrize("number", NAMES)
def test_a_code_has_its_name_from_its_article_or_from_the_table(
    number: int, pages: Mapping[str, BeautifulSoup]
) -> None:
    """The register names no code; the table in the settings does."""
    page = pages[f"signals/{number}/index.html"]
    assert page.h1 is not None
    assert " ".join(page.h1.get_text(" ").split()) == f"{number} {NAMES[number]}"


@pytest.mark.parametrize("path", EXCERPTS)
def test_its_pages_hold_their_texts_and_facts(
    path: str, pages: Mapping[str, BeautifulSoup]
) -> None:
    """No part of the book is left out because the program expected something else."""
    actual = page_text(pages[path])
    assert [excerpt for excerpt in EXCERPTS[path] if excerpt not in actual] == []
    assert [html["lang"] for html in pages[path].find_all("html")] == ["en-GB"]


@pytest.mark.parametrize("path", CITED)
def test_its_sources_are_links_by_its_own_pattern(
    path: str, pages: Mapping[str, BeautifulSoup]
) -> None:
    """The book declares how a source is cited and linked."""
    links = {str(link["href"]): link.get_text() for link in pages[path].find_all("a")}
    assert {url: links.get(url) for url in CITED[path]} == CITED[path]


def text(name: str) -> str:
    """A file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def literals(name: str) -> Iterator[str]:
    """The strings of a Python file that the program uses: all but docstrings."""
    tree = ast.parse((ROOT / name).read_bytes())
    documentation = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node not in documentation:
            yield from [node.value] if isinstance(node.value, str) else []


def numbers(name: str) -> Sequence[str]:
    """The numbers from 100 to 599 among the numbers and in the strings of a Python file."""
    tokens = tokenize.generate_tokens(io.StringIO(text(name)).readline)
    written = [token.string for token in tokens if token.type == tokenize.NUMBER]
    in_strings = re.findall(r"(?<!\d)[1-5]\d\d(?!\d)", "\n".join(literals(name)))
    return [number for number in written if re.fullmatch("[1-5][0-9]{2}", number)] + in_strings


def phrases() -> Sequence[str]:
    """What the codes of the first book are called."""
    with (ROOT / "content" / "tables" / "registry.csv").open(encoding="utf-8", newline="") as table:
        return [row["phrase"] for row in csv.DictReader(table)]


@pytest.mark.parametrize("name", PROGRAM)
def test_no_file_of_the_program_holds_a_code_of_the_first_book(name: str) -> None:
    """Only the book defines codes."""
    assert [number for number in numbers(name) if (name, number) not in NUMBERS] == []


@pytest.mark.parametrize(("name", "number"), NUMBERS)
def test_an_exception_is_still_needed(name: str, number: str) -> None:
    """The list of allowed numbers only shrinks."""
    assert number in numbers(name)


@pytest.mark.parametrize("name", [*PROGRAM, *TEMPLATES])
def test_no_file_of_the_program_knows_the_subject_of_the_first_book(name: str) -> None:
    """Neither the program nor a template has a word of it: no name, no protocol, no register."""
    source = text(name)
    assert re.findall(r"\b(?:HTTP|IANA|[Rr]egistry|[Ss]tatus codes?)\b", source) == []
    # Names of one word are common words too: only a complete string must not be one.
    strings = literals(name) if name.endswith(".py") else re.findall(">([^<{}]*)<", source)
    assert [string for string in strings if " ".join(string.split()) in phrases()] == []
    assert [phrase for phrase in phrases() if " " in phrase and phrase in source] == []


@pytest.mark.parametrize("name", [*PROGRAM, *TEMPLATES])
def test_no_file_of_the_program_cites_a_standard_to_a_reader(name: str) -> None:
    """Sources are the book's; a comment may say where a rule of the program is from."""
    strings = literals(name) if name.endswith(".py") else [text(name)]
    assert [string for string in strings if re.search(r"\bRFC ?[0-9]", string)] == []


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name.endswith(".html")])
def test_no_template_holds_a_number_of_three_digits(name: str) -> None:
    """A template shows what its context contains."""
    assert re.findall(r"(?<![\w.#-])[1-5]\d\d(?![\w.%-])", text(name)) == []


def test_the_second_book_shares_nothing_with_the_first(content: Folder) -> None:
    """It proves something: none of its codes, facts or classes is one of the first book's."""
    files = read_folder(BOOK, "content").files
    assert not {path.stem for path in files if path.parent.name == "codes"} & {
        path.stem for path in content.files if path.parent.name == "codes"
    }
    theirs = content.files[PurePosixPath("facts.toml")].decode()
    facts = re.findall(r"^\[(\w+)\]", files[PurePosixPath("facts.toml")].decode(), re.MULTILINE)
    assert len(facts) == 3
    assert not set(facts) & set(re.findall(r"^\[(\w+)\]", theirs, re.MULTILINE))
    assert not any(b"HTTP" in data for data in files.values())
