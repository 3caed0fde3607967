"""The head of a page: what search engines and link previews show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

import pytest
from bs4 import BeautifulSoup

from codebook.build.pipeline import build_site
from codebook.cache import Cache
from codebook.diagnostics.source import Folder
from tests.sample_books import parse_pages, second_pages
from tests.templates import templates_without_fonts

Pages = Mapping[str, BeautifulSoup]
Site = Callable[..., Pages]

URLS = ("https://harbor.example/", "https://harbor.example/base/")
ERROR_PAGE = "404.html"
OPEN_GRAPH = {"og:type", "og:site_name", "og:title", "og:description"}
REGISTER = "# Signals\n\n1. Signals (10–19)\n\n## 1. Signals\n\n- 11 Open\n"


@pytest.fixture(scope="module")
def site() -> Site:
    """Make the pages of a book of these files."""
    cache = Cache()

    def site(book: Mapping[str, str]) -> Pages:
        files = {PurePosixPath(path): text.encode() for path, text in book.items()}
        folder = Folder("content", files)
        result = build_site(folder, templates_without_fonts(), "site", URLS[0], cache=cache)
        assert result.files is not None, result.diagnostics
        return parse_pages(result.files)

    return site


def meta(page: BeautifulSoup) -> Mapping[str, str]:
    """The meta tags of the head, each name once."""
    tags = [
        (str(tag.get("property") or tag["name"]), str(tag["content"]))
        for tag in page.select("meta[property], meta[name]:not([media])")
    ]
    assert len(dict(tags)) == len(tags)
    return dict(tags)


def canonical(page: BeautifulSoup) -> list[str]:
    """The canonical URLs of a page."""
    return [str(link["href"]) for link in page.select("link[rel=canonical]")]


@pytest.mark.parametrize("url", URLS)
def test_a_page_has_one_canonical_url(url: str) -> None:
    """It starts with the base URL, and `og:url` is the same."""
    for path, page in second_pages(url).items():
        expected = [] if path == ERROR_PAGE else [url + path]
        assert canonical(page) == expected
        assert [value for name, value in meta(page).items() if name == "og:url"] == expected


def test_a_page_has_the_metadata_for_link_previews() -> None:
    """No tag is empty; titles of pages are unique, and the name of the site is always the same."""
    heads = {path: meta(page) for path, page in second_pages(URLS[0]).items()}
    assert heads[ERROR_PAGE].keys() & OPEN_GRAPH == set()
    del heads[ERROR_PAGE]
    for path, head in heads.items():
        assert {name for name in OPEN_GRAPH if head[name].strip()} == OPEN_GRAPH, path
        assert head["og:description"] == head["description"], path
        assert head["og:type"] == ("article" if path else "website"), path
    assert {head["og:site_name"] for head in heads.values()} == {"Harbor signals"}
    assert len({head["og:title"] for head in heads.values()}) == len(heads)


def test_without_a_public_url_a_page_has_no_canonical_url() -> None:
    """A wrong URL would be worse than none. The description is still there."""
    for path, page in second_pages().items():
        assert canonical(page) == [], path
        assert [name for name in meta(page) if name.startswith(("og:", "twitter:"))] == []
        assert meta(page)["description"].strip(), path


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
    """The first block of the guide can be of any kind."""
    book = {"signals.md": f"{REGISTER}The harbor is open.\n", "guides/in.md": guide}
    head = meta(site(book)["guides/in/"])
    assert head["description"].strip()
    assert head["og:description"].strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The harbor is open.", "The harbor is open."),
        ("It's open. Come in!", "It's open. Come in!"),
        (f"It's open. {'Slow ' * 29}down.", "It's open."),
        (f"It's open. {'Slow ' * 27}down.", f"It's open. {'Slow ' * 27}down."),
        (f"Approx. {'ten ' * 40}ships.", f"Approx. {'ten ' * 40}ships."),
        (f"{'Slow ' * 40}down. Stop.", f"{'Slow ' * 40}down."),
        ("Wait 1.5 hours, e.g. at night. Go.", "Wait 1.5 hours, e.g. at night. Go."),
        ("港は開いています。" + "待て" * 80 + "。", "港は開いています。"),
        ("港は開いている。「止まれ。」と言う。", "港は開いている。「止まれ。」と言う。"),
    ],
    ids=[
        "one",
        "two",
        "full",
        "just fits",
        "long start",
        "long",
        "abbreviation",
        "without spaces",
        "quoted",
    ],
)
def test_a_description_is_whole_sentences(text: str, expected: str, site: Site) -> None:
    """As many as search engines show; a first sentence that is too long is kept whole."""
    book = {"signals.md": f"{REGISTER}{text}\n"}
    assert meta(site(book)["status/11/"])["description"] == expected


def test_the_summary_of_an_article_is_the_description_of_its_code(site: Site) -> None:
    """Without one, it's the text in the register."""
    article = '```toml\nsummary = "Ships can come in."\n```\n'
    book = {"signals.md": f"{REGISTER}The harbor is open.\n", "codes/11.md": article}
    head = meta(site(book)["status/11/"])
    assert head["description"] == head["og:description"] == "Ships can come in."
