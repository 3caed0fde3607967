"""The metadata of pages: JSON-LD, and tags for link previews."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup, Tag

from codebook.build.pipeline import build_site
from codebook.diagnostics.source import Folder
from tests.sample_books import parse_pages, second_pages
from tests.templates import templates_without_fonts

Pages = Mapping[str, BeautifulSoup]
Thing = Mapping[str, Any]

URL = "https://harbor.example/base/"
ERROR_PAGE = "404.html"
NO_LIST = {"", ERROR_PAGE}
"""Pages at the top: they have no breadcrumb."""

NAMED = {
    "book.toml": "title = NAME\ndescription = NAME\n",
    "signals.md": "# Signals\n\n1. Signals (10–19)\n\n## 1. Signals\n\n"
    "- 11\n\\</script> &amp; \\<!--.\n",
    "codes/11.md": "```toml\nname = NAME\n```\n",
    "guides/in.md": "# \\</script> &amp;\n\n\\</script> \\<!--\n",
    "tables/flags.md": '```toml\ntitle = NAME\nsource = "x"\nread = 2026-01-31\nlicense = "x"\n'
    '[columns]\ncode = "Code"\nflag = "Flag"\n```\n',
    "tables/flags.csv": "code,flag\n11,red\n",
}
"""A book whose pages are named by what replaces NAME."""
HOSTILE = '</script><script>x()</script> & &lt;/script> <!-- "it\'s" ]]> \\'
"""A name that ends a block, opens another one, and hides the rest, unless it is escaped."""


@pytest.fixture(scope="module")
def public() -> Pages:
    """The second book with a base URL."""
    return second_pages(URL)


@pytest.fixture(scope="module")
def private() -> Pages:
    """The second book without a base URL."""
    return second_pages()


def named_book(name: str) -> Pages:
    """The pages of a book that has this name, in TOML, everywhere."""
    files = {
        PurePosixPath(path): text.replace("NAME", name).encode() for path, text in NAMED.items()
    }
    result = build_site(Folder("content", files), templates_without_fonts(), "site", URL)
    assert result.files is not None, result.diagnostics
    return parse_pages(result.files)


def blocks(page: BeautifulSoup) -> Sequence[str]:
    """The unparsed data blocks of a page."""
    return [block.get_text() for block in page.select("script[type='application/ld+json']")]


def things(page: BeautifulSoup) -> Sequence[Thing]:
    """The items in the only data block of a page."""
    (block,) = blocks(page)
    graph = json.loads(block)
    assert graph["@context"] == "https://schema.org"
    return list(graph["@graph"])


def itself(page: BeautifulSoup) -> Thing:
    """The item that describes the page."""
    (subject,) = [thing for thing in things(page) if thing["@type"] != "BreadcrumbList"]
    return subject


def urls(thing: object) -> Iterator[str]:
    """Every URL in an item, at any depth."""
    if isinstance(thing, dict):
        for key, value in thing.items():
            yield from [value] if key in {"url", "item"} else urls(value)
    elif isinstance(thing, list):
        for part in thing:
            yield from urls(part)


def strings(thing: object) -> Iterator[str]:
    """Every string in an item, at any depth."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict | list):
        for part in thing.values() if isinstance(thing, dict) else thing:
            yield from strings(part)


def meta(page: BeautifulSoup) -> Mapping[str, str]:
    """The meta tags in the head by name."""
    pairs = [
        (str(tag.get("property") or tag["name"]), str(tag["content"]))
        for tag in page.select("meta[property], meta[name]:not([media])")
    ]
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def trail(page: BeautifulSoup, url: str) -> Sequence[tuple[str, str]]:
    """The breadcrumbs: their names, and the absolute URLs of their links."""
    steps = page.select("nav.trail li")
    return [(step.get_text(), urljoin(url, target(step))) for step in steps]


def target(step: Tag) -> str:
    """The link of a breadcrumb; for the last one, the page itself."""
    return str(step.a["href"]) if step.a else ""


# --- the data block -------------------------------------------------------------------------------


def test_every_page_but_the_error_page_has_one_data_block(public: Pages) -> None:
    """It's valid JSON, and describes the page without duplicates."""
    assert len(public) > 20
    assert blocks(public[ERROR_PAGE]) == []
    for path, page in public.items():
        if path != ERROR_PAGE:
            kinds = [thing["@type"] for thing in things(page)]
            assert len(kinds) == len(set(kinds)), path


@pytest.mark.parametrize(
    ("path", "code", "name"),
    [
        ("signals/1010/", "1010", "Come in"),
        ("signals/6660/", "6660", "Fire"),
        ("signals/4xxx/", "4xxx", "Weather signals"),
    ],
)
def test_a_code_and_a_class_are_terms_of_a_set(
    path: str, code: str, name: str, public: Pages
) -> None:
    """The page is an article about a term, which the book defines."""
    article = itself(public[path])
    assert article["@type"] == "TechArticle"
    assert article["about"] == {
        "@type": "DefinedTerm",
        "termCode": code,
        "name": name,
        "inDefinedTermSet": {"@type": "DefinedTermSet", "name": "Harbor signals", "url": URL},
    }


@pytest.mark.parametrize("path", ["signals/", "guides/in-or-out/", "tables/lanterns/"])
def test_other_pages_are_about_the_whole_set(path: str, public: Pages) -> None:
    """They don't define a term."""
    article = itself(public[path])
    about = {"@type": "DefinedTermSet", "name": "Harbor signals", "url": URL}
    assert (article["@type"], article["about"]) == ("TechArticle", about)


def test_the_home_page_is_the_set(public: Pages) -> None:
    """The set has a name, a language, and a description."""
    head = meta(public[""])
    assert things(public[""]) == [
        {
            "@type": "DefinedTermSet",
            "name": "Harbor signals",
            "url": URL,
            "description": head["description"],
            "inLanguage": "en-GB",
        }
    ]


def test_the_metadata_of_a_page_agree(public: Pages) -> None:
    """Title, description, language, and URL match those in the head."""
    for path in public.keys() - NO_LIST:
        article, head = itself(public[path]), meta(public[path])
        assert article["headline"] == head["og:title"], path
        assert article["description"] == head["og:description"] == head["description"], path
        assert article["url"] == head["og:url"] == URL + path
        assert [html["lang"] for html in public[path].select("html")] == [article["inLanguage"]]


@pytest.mark.parametrize("base", [URL, ""])
def test_the_breadcrumbs_are_those_of_the_page(base: str, public: Pages, private: Pages) -> None:
    """Positions start at 1, names and URLs match, and the page itself is last."""
    site = public if base else private
    for path in site.keys() - NO_LIST:
        url = (base or "https://anywhere.example/below/") + path
        (block,) = [thing for thing in things(site[path]) if thing["@type"] == "BreadcrumbList"]
        steps = block["itemListElement"]
        assert [step["position"] for step in steps] == list(range(1, len(steps) + 1)), path
        links = [(step["name"], urljoin(url, step["item"])) for step in steps]
        assert links == trail(site[path], url)
        assert len(links) > 1
        assert links[-1] == (itself(site[path])["headline"], url)


def test_urls_are_absolute_with_a_base_url(public: Pages, private: Pages) -> None:
    """Without one, relative URLs point to the same pages."""
    for path in public.keys() - {ERROR_PAGE}:
        absolute = list(urls(things(public[path])))
        assert absolute
        assert [url for url in absolute if not url.startswith(URL)] == []
        assert {url.removeprefix(URL) for url in absolute} <= set(public)
        relative = urls(things(private[path]))
        assert [urljoin(URL + path, url) for url in relative] == absolute


def test_names_are_escaped_in_the_data_block() -> None:
    """Names of books and pages can contain any characters."""
    hostile, tame = named_book(json.dumps(HOSTILE)), named_book('"x"')
    for path in ("", "status/", "status/11/", "status/1x/", "guides/in/", "tables/flags/"):
        assert len(hostile[path].select("script")) == len(tame[path].select("script")), path
        (block,) = blocks(hostile[path])
        assert not {"<", "&"} & set(block), path
        assert HOSTILE in set(strings(things(hostile[path]))), path
