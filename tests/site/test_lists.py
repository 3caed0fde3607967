"""The pages of all guides and of all tables, and the links to them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath

import pytest
from bs4 import BeautifulSoup

from codebook.build.pipeline import BuildResult

Files = Mapping[PurePosixPath, bytes]
Make = Callable[..., BuildResult]

SETTINGS = """guides = ["out", "in"]
tables = ["lights", "flags"]
"""
TABLE = """```toml
title = "{title}"
source = "Rules"
read = 2026-01-31
license = "none"

[columns]
code = "Code"
sign = "Sign"
```

{title} at night. They are lit.
"""
BOOK = {
    "signals.md": "# Signals\n\n1. Signals (10–19)\n\n## 1. Signals\n\n- 11\nThe harbor is open.\n",
    "book.toml": SETTINGS,
    "guides/in.md": "# Coming in\n\nShips come in. They turn left.\n\n## How\n\nSlowly.\n",
    "guides/other.md": "# Another\n",
    "guides/out.md": "# Going out\n\nShips go out.\n",
    **{
        f"tables/{name}.{suffix}": text
        for name in ("flags", "lights", "more")
        for suffix, text in (
            ("md", TABLE.format(title=name.title())),
            ("csv", "code,sign\n11,red\n"),
        )
    },
}
GUIDES = ("Going out", "Coming in", "Another")
TABLES = ("Lights", "Flags", "More")


@pytest.fixture
def files(compile_book: Make) -> Files:
    """The site of the book."""
    built = compile_book(BOOK).files
    assert built
    return built


@pytest.fixture
def page(files: Files) -> Callable[[str], BeautifulSoup]:
    """A page of that site."""
    return lambda url: BeautifulSoup(files[PurePosixPath(url, "index.html")], "html.parser")


def texts(page: BeautifulSoup, selector: str) -> Sequence[str]:
    """The texts of these elements."""
    return [element.get_text(strip=True) for element in page.select(selector)]


@pytest.mark.parametrize(("url", "titles"), [("guides", GUIDES), ("tables", TABLES)])
def test_a_list_has_every_page_in_the_order_of_the_settings(
    url: str, titles: tuple[str, ...], page: Callable[[str], BeautifulSoup], files: Files
) -> None:
    """Pages that the settings don't list follow; the Markdown version has the same order."""
    assert tuple(texts(page(url), "main li > a")) == titles
    markdown = files[PurePosixPath(url, "index.md")].decode()
    places = [markdown.index(f"[{title}]") for title in titles]
    assert places == sorted(places)


def test_a_list_shows_the_first_sentences_of_each_page(
    page: Callable[[str], BeautifulSoup],
) -> None:
    """A page without a text has only its title."""
    assert texts(page("guides"), "main li p") == ["Ships go out.", "Ships come in. They turn left."]


def test_breadcrumbs_lead_through_the_list(page: Callable[[str], BeautifulSoup]) -> None:
    """The structured data has the same steps."""
    guide = page("guides/in")
    steps = texts(guide, ".trail li")
    assert steps == ["Home", "Guides", "Coming in"]
    assert texts(page("tables/flags"), ".trail li") == ["Home", "Tables", "Flags"]
    assert texts(page("guides"), ".trail li") == ["Home", "All guides"]
    (block,) = guide.select("script[type='application/ld+json']")
    _, crumbs = json.loads(block.get_text())["@graph"]
    assert [step["name"] for step in crumbs["itemListElement"]] == steps


@pytest.mark.parametrize(
    ("url", "current"),
    [
        ("guides", ["Guides"]),
        ("guides/in", ["Guides"]),
        ("tables/flags", ["Tables"]),
        ("status/11", ["1x"]),
        ("status", []),
        ("", []),
    ],
)
def test_the_menu_links_to_the_lists_and_marks_the_current_one(
    url: str, current: list[str], page: Callable[[str], BeautifulSoup]
) -> None:
    """It's also marked on the pages below it."""
    menu = "header nav a"
    assert texts(page(url), menu) == ["Codes", "1x", "Guides", "Tables"]
    assert texts(page(url), f"{menu}[aria-current]") == current


def test_without_guides_and_tables_there_is_no_list(compile_book: Make) -> None:
    """Neither the menu nor the home page links to one."""
    built = compile_book({"signals.md": BOOK["signals.md"]}).files
    assert built
    home = BeautifulSoup(built[PurePosixPath("index.html")], "html.parser")
    assert texts(home, "header nav a") == ["Codes", "1x"]
    assert home.select("main h2 ~ .links") == []
    assert not {"guides/index.html", "tables/index.html"} & {path.as_posix() for path in built}


def test_the_home_page_has_the_first_guides_and_every_list_once(compile_book: Make) -> None:
    """Six guides and all tables, each followed by a link to all of them."""
    more = {f"guides/g{number}.md": f"# Guide {number}\n" for number in range(6)}
    built = compile_book({**BOOK, **more}).files
    assert built
    home = BeautifulSoup(built[PurePosixPath("index.html")], "html.parser")
    guides, tables = ([link.get_text() for link in links("a")] for links in home.select(".links"))
    assert guides == ["Going out", "Coming in", *(f"Guide {n}" for n in range(4)), "All guides"]
    assert tables == [*TABLES, "All tables"]


def test_a_guide_links_to_its_neighbors_in_the_order_of_the_settings(
    page: Callable[[str], BeautifulSoup],
) -> None:
    """Its text begins above the contents."""
    guide = page("guides/in")
    assert [link.get("href") for link in guide.select(".pager a")] == ["../out/", "../other/"]
    assert [part.name for part in guide.select(".page > *")][:3] == ["h1", "p", "nav"]
