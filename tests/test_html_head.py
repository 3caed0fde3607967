"""The head of a page: what search engines, and those to whom a link is sent, are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

import pytest
from bs4 import BeautifulSoup

from codebook.build.pipeline import BuildResult, build_site
from codebook.diagnostics.source import Folder
from codebook.io import read_folder

Pages = Mapping[str, BeautifulSoup]
Site = Callable[..., Pages]

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "tests" / "fixtures" / "second-book"
URLS = ("https://harbour.example/", "https://harbour.example/a/b/")
ERROR_PAGE = "404.html"
SHOWN = {"og:type", "og:site_name", "og:title", "og:description"}
REGISTER = "# Signals\n\n1. Signals (10–19)\n\n## 1. Signals\n\n- 11 Open\n"


@pytest.fixture(scope="module")
def site(templates: Folder) -> Site:
    """Make the pages of a book without its cards: the second book, or one of these files."""
    files = {path: data for path, data in templates.files.items() if path.name != "card.svg"}
    plain = Folder("templates", files, root=templates.root)

    def site(url: str, book: Mapping[str, str] | None = None) -> Pages:
        own = {PurePosixPath(path): text.encode() for path, text in (book or {}).items()}
        folder = Folder("content", own) if book else read_folder(BOOK, "content")
        outcome: BuildResult = build_site(folder, plain, "site", url)
        assert outcome.files is not None, outcome.diagnostics
        return {
            path.as_posix().removesuffix("index.html"): BeautifulSoup(data, "html.parser")
            for path, data in outcome.files.items()
            if path.suffix == ".html" and b'http-equiv="refresh"' not in data
        }

    return site


def meta(page: BeautifulSoup) -> Mapping[str, str]:
    """What the head says, each name once."""
    found = [
        (str(each.get("property") or each["name"]), str(each["content"]))
        for each in page.select("meta[property], meta[name]:not([media])")
    ]
    assert len(dict(found)) == len(found)
    return dict(found)


def canonical(page: BeautifulSoup) -> list[str]:
    """The addresses by which a page wants to be known."""
    return [str(each["href"]) for each in page.select("link[rel=canonical]")]


@pytest.mark.parametrize("url", URLS)
def test_a_page_has_one_address(url: str, site: Site) -> None:
    """Its own, below the public one, and the same for everybody who asks."""
    for address, page in site(url).items():
        wanted = [] if address == ERROR_PAGE else [url + address]
        assert canonical(page) == wanted
        assert [value for name, value in meta(page).items() if name == "og:url"] == wanted


def test_a_page_says_how_a_link_to_it_is_shown(site: Site) -> None:
    """Nothing of it is empty; the name of the page is its own, the name of the site is shared."""
    found = {address: meta(page) for address, page in site(URLS[0]).items()}
    assert found[ERROR_PAGE].keys() & SHOWN == set()
    del found[ERROR_PAGE]
    for address, said in found.items():
        assert {name for name in SHOWN if said[name].strip()} == SHOWN, address
        assert said["og:description"] == said["description"], address
        assert said["og:type"] == ("article" if address else "website"), address
    assert {said["og:site_name"] for said in found.values()} == {"Harbour signals"}
    assert len({said["og:title"] for said in found.values()}) == len(found)


def test_without_a_public_address_a_page_names_none(site: Site) -> None:
    """A wrong address would be worse than none; the description is there all the same."""
    for address, page in site("").items():
        assert canonical(page) == [], address
        assert [name for name in meta(page) if name.startswith(("og:", "twitter:"))] == []
        assert meta(page)["description"].strip(), address


@pytest.mark.parametrize(
    "guide",
    [
        "# In\n\nSlowly, and one by one.\n",
        "# In\n\n- Slowly\n- One by one\n",
        "# In\n\n## Slowly\n\nOne by one.\n",
        "# In\n\n```\nred\n```\n",
    ],
    ids=["words", "list", "heading", "sample"],
)
def test_every_guide_has_a_description(guide: str, site: Site) -> None:
    """Whatever it begins with."""
    book = {"signals.md": f"{REGISTER}The harbour is open.\n", "guides/in.md": guide}
    said = meta(site(URLS[0], book)["guides/in/"])
    assert said["description"].strip()
    assert said["og:description"].strip()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a" * 160, "a" * 160),
        ("word " * 31 + "ended", "word " * 31 + "ended"),
        ("word " * 31 + "end so", "word " * 31 + "end…"),
        ("word " * 40, "word " * 30 + "word…"),
        ("word, " * 40, "word, " * 25 + "word…"),
        ("a" * 161, "a" * 159 + "…"),
        ("word (" + "b" * 200 + ")", "word…"),
    ],
)
def test_a_description_ends_with_a_whole_word(text: str, shown: str, site: Site) -> None:
    """At most 160 characters are shown by search engines; more are cut where they may be."""
    book = {"signals.md": f"{REGISTER}{text.strip()}\n"}
    said = meta(site(URLS[0], book)["status/11/"])["description"]
    assert said == shown
    assert len(said) <= 160


def test_no_description_of_the_book_is_too_long_or_missing(
    built_site: Mapping[PurePosixPath, bytes],
) -> None:
    """Every page of the repository's book has one that is shown whole."""
    for path, data in built_site.items():
        if path.suffix == ".html" and b'http-equiv="refresh"' not in data:
            head = data.decode().partition("</head>")[0]
            said = meta(BeautifulSoup(head, "html.parser"))["description"]
            assert 0 < len(said.strip()) <= 160, path
