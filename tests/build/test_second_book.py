"""The program is independent of its subject: it also builds a book about something else.

`fixtures/second-book/` is about the lanterns of a harbor: six classes of a thousand codes each,
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

from codebook.build.pipeline import build_site
from codebook.diagnostics.source import Folder
from codebook.io.sources import read_folder
from tests.offenders import assert_none
from tests.sample_books import ROOT, SECOND, second_pages, second_site
from tests.templates import templates_without_fonts

Run = Callable[..., CompletedProcess[str]]

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
    "": ("Harbor signals", "with lanterns, four of them"),
    "signals/": ("Fog is coming in from the sea.", "6000–6999", "Harbor Rules"),
    "signals/1xxx/": ("Entry signals", "A pilot is on the way.", "1000–1999"),
    "signals/1010/": (
        *("The harbor mouth is open", "Free mouth", "As long as the mouth is free"),
        *("Answer", "by lantern", "until the harbor takes them in", "By day a flag will do."),
        *("Seen from", "three miles", "green, white", "Chapter 2, Rule 5", "for the pilots"),
    ),
    "signals/2050/": ("It keeps its lanterns lit while it lies there.", "Berth taken"),
    "signals/1020/": ("The ship makes no way.", "white white green", "red, red"),
    "guides/in-or-out/": ("decide who moves first", "Speed", "slow", "stopped"),
    "tables/lanterns/": ("Lanterns, from the top", "All clear", "2026-11-02", "6700"),
    "404.html": ("Harbor signals",),
}
"""Text that a page of the second book shows."""
CITED = {
    "signals/1010/": {
        "https://example.org/rules/2#rule-4": "Harbor Rules, Chapter 2, Rule 4",
        "https://example.org/rules/2#rule-5": "Harbor Rules, Chapter 2, Rule 5",
        "https://example.org/rules/7": "Harbor Rules, Chapter 7",
        "https://example.org/rules/9": "Harbor Rules, Chapter 9",
    },
    "guides/in-or-out/": {"https://example.org/rules/2#rule-9": "Harbor Rules, Chapter 2, Rule 9"},
    "tables/lanterns/": {"https://example.org/rules/7": "Harbor Rules, Chapter 7"},
}
"""Sources that a page names, by URL."""

PROGRAM = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "codebook").rglob("*.py"))
TEMPLATES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "templates").rglob("*")
    if path.suffix in {".html", ".css", ".js", ".svg"}
)
NUMBERS: Mapping[tuple[str, str], str] = {
    ("codebook/book/urls.py", "404"): "the file that static hosts send for unknown URLs",
    ("codebook/site/feeds/atom.py", "398"): "the beginning of what ids are made from",
    ("codebook/book/settings.py", "155"): "characters of a description",
    ("codebook/publish/hosts.py", "301"): "the status of a redirect",
    ("codebook/publish/hosts.py", "403"): "the status of a folder without a page",
    ("codebook/publish/hosts.py", "404"): "the status of an unknown URL",
    (
        "codebook/cli/main.py",
        "128",
    ): "added by shells to the signal that ended a command",
    ("codebook/syntax/markdown/engine.py", "100"): "levels of nesting",
    ("codebook/publish/images/rasterize.py", "100"): "hundredths of a width",
    ("codebook/publish/images/rasterize.py", "256"): "pixels of the largest image in an ICO file",
    **{
        ("codebook/publish/images/social_card.py", str(pixels)): "pixels"
        for pixels in (130, 196, 276, 280, 286, 344, 358, 567, 598)
    },
    ("codebook/site/feeds/web_manifest.py", "192"): "pixels of an icon",
    ("codebook/site/feeds/web_manifest.py", "512"): "pixels of an icon",
    ("codebook/publish/images/cards_and_icons.py", "180"): "pixels of an icon",
    ("codebook/publish/images/typeface.py", "256"): "a part of the name SHA-256",
    ("codebook/preview/guard.py", "127"): "the beginning of the IP address of this machine",
    ("codebook/preview/guard.py", "253"): "characters of the longest host name",
    ("codebook/preview/file_watcher.py", "200"): "milliseconds between two checks",
    ("codebook/preview/listener.py", "192"): "the beginning of an IP address for documentation",
    ("codebook/preview/listener.py", "256"): "bytes of a request to the system",
}
"""Numbers from 100 to 599 that a file of the program may hold, each with its reason."""


@pytest.fixture(scope="module")
def pages() -> Mapping[str, BeautifulSoup]:
    """The pages of the second book, built with the templates of the first, by their URL."""
    return second_pages()


def page_text(page: BeautifulSoup) -> str:
    """The text of a page, with spaces collapsed."""
    return " ".join(page.get_text().split())


def test_a_book_about_something_else_has_no_diagnostic() -> None:
    """Six classes, numbers of four digits, and other facts need no change to the program.

    The order of its files makes no difference.
    """
    book = read_folder(SECOND, "content")
    backwards = Folder("content", dict(reversed([*book.files.items()])))
    result = build_site(backwards, templates_without_fonts(), "site", "")
    assert result.diagnostics == ()
    assert result.files == second_site()


@pytest.mark.slow
def test_the_command_builds_the_second_book(run_codebook: Run, tmp_path: Path) -> None:
    """It builds with --strict, which treats warnings as errors."""
    result = run_codebook("build", "--content", SECOND, "--site", tmp_path / "site", "--strict")
    assert (result.returncode, result.stdout) == (0, "")
    assert (tmp_path / "site" / "signals" / "1010" / "index.html").is_file()


def test_urls_start_with_the_segment_that_the_book_chose(
    pages: Mapping[str, BeautifulSoup],
) -> None:
    """All codes and classes have pages below it."""
    codes = {f"signals/{number}/" for _, members in CLASSES.values() for number in members}
    classes = {f"signals/{label}/" for label in CLASSES}
    assert codes | classes | set(EXCERPTS) <= set(pages)
    assert not [url for url in pages if url.startswith("status/")]


def test_a_class_is_labeled_by_its_first_digit(pages: Mapping[str, BeautifulSoup]) -> None:
    """1000 to 1999 is 1xxx; its page has its name and links to its codes."""
    for label, (name, members) in CLASSES.items():
        page = pages[f"signals/{label}/"]
        assert page.h1 is not None
        assert label in page.h1.get_text()
        assert name in page.h1.get_text()
        links = {str(link["href"]) for link in page.find_all("a")}
        assert {f"../{number}/" for number in members} <= links, label


def test_a_code_has_its_name_from_its_article_or_from_the_table(
    pages: Mapping[str, BeautifulSoup],
) -> None:
    """The register has no names, so they come from the table in the settings."""
    headings = {code: pages[f"signals/{code}/"].select("h1")[0].get_text(" ") for code in NAMES}
    assert {code: " ".join(heading.split()) for code, heading in headings.items()} == {
        code: f"{code} {name}" for code, name in NAMES.items()
    }


def test_pages_have_the_texts_and_facts_of_the_second_book(
    pages: Mapping[str, BeautifulSoup],
) -> None:
    """No part of the book is left out because the program expects another one."""
    texts = {url: page_text(pages[url]) for url in EXCERPTS}
    assert_none(
        f"/{url}: {excerpt}"
        for url, excerpts in EXCERPTS.items()
        for excerpt in excerpts
        if excerpt not in texts[url]
    )
    assert {page.select("html")[0]["lang"] for page in pages.values()} == {"en-GB"}


def test_citations_become_links_by_the_patterns_of_the_book(
    pages: Mapping[str, BeautifulSoup],
) -> None:
    """The book declares how sources are cited and linked."""
    links = {
        page: {str(link["href"]): link.get_text() for link in pages[page].find_all("a")}
        for page in CITED
    }
    assert {page: {url: links[page].get(url) for url in CITED[page]} for page in CITED} == CITED


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
    """The names of the codes of the first book."""
    with (ROOT / "content" / "tables" / "registry.csv").open(encoding="utf-8", newline="") as table:
        return [row["phrase"] for row in csv.DictReader(table)]


def test_no_file_of_the_program_has_a_code_of_the_first_book() -> None:
    """Only the book defines codes."""
    found = {(name, number) for name in PROGRAM for number in numbers(name)}
    assert_none(f"{name}: {number}" for name, number in sorted(found - NUMBERS.keys()))
    assert_none(
        f"{name}: {number} is no longer there: remove the exception"
        for name, number in NUMBERS
        if (name, number) not in found
    )


def test_the_program_contains_nothing_about_the_subject_of_the_first_book() -> None:
    """No code and no template names a status code, a protocol, or a registry."""
    names = phrases()
    words = re.compile(r"\b(?:HTTP|IANA|[Rr]egistry|[Ss]tatus codes?)\b")
    offenders = []
    for name in [*PROGRAM, *TEMPLATES]:
        source = text(name)
        # Names of one word are common words too: only a complete string must not be one.
        strings = literals(name) if name.endswith(".py") else re.findall(">([^<{}]*)<", source)
        offenders += [f"{name}: {word}" for word in words.findall(source)]
        offenders += [f"{name}: {part}" for part in strings if " ".join(part.split()) in names]
        offenders += [f"{name}: {part}" for part in names if " " in part and part in source]
    assert_none(offenders)


def test_no_string_of_the_program_cites_a_standard() -> None:
    """Citations belong to the book. Comments can cite the standards that the program follows."""
    assert_none(
        f"{name}: {string}"
        for name in [*PROGRAM, *TEMPLATES]
        for string in (literals(name) if name.endswith(".py") else [text(name)])
        if re.search(r"\bRFC ?[0-9]", string)
    )


def test_no_template_has_a_number_of_three_digits() -> None:
    """Templates print only the values in their context."""
    assert_none(
        f"{name}: {number}"
        for name in TEMPLATES
        if name.endswith(".html")
        for number in re.findall(r"(?<![\w.#-])[1-5]\d\d(?![\w.%-])", text(name))
    )


def test_the_second_book_shares_nothing_with_the_first(content: Folder) -> None:
    """Their codes, facts, and classes are all different."""
    files = read_folder(SECOND, "content").files
    assert not {path.stem for path in files if path.parent.name == "codes"} & {
        path.stem for path in content.files if path.parent.name == "codes"
    }
    theirs = content.files[PurePosixPath("facts.toml")].decode()
    facts = re.findall(r"^\[(\w+)\]", files[PurePosixPath("facts.toml")].decode(), re.MULTILINE)
    assert len(facts) == 3
    assert not set(facts) & set(re.findall(r"^\[(\w+)\]", theirs, re.MULTILINE))
    assert not any(b"HTTP" in data for data in files.values())
