"""What each page says of itself to machines: JSON-LD, and the head that links are shown by."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup, Tag

from codebook.build.pipeline import BuildResult, build_site
from codebook.diagnostics.source import Folder
from codebook.io import read_folder

Make = Callable[..., BuildResult]
Pages = Mapping[str, BeautifulSoup]
Thing = Mapping[str, Any]

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "tests" / "fixtures" / "second-book"
URL = "https://harbour.example/base/"
ERROR_PAGE = "404.html"
NO_LIST = {"", ERROR_PAGE}
"""Pages that stand at the top: no trail leads to them."""

NAMED = {
    "book.toml": "title = NAME\ndescription = NAME\n",
    "signals.md": "# Signals\n\n1. Signals (10–19)\n\n## 1. Signals\n\n"
    "- 11\n\\</script> &amp; \\<!--.\n",
    "codes/11.md": "```toml\nname = NAME\n```\n",
    "guides/in.md": "# \\</script> &amp;\n\n\\</script> \\<!--\n",
    "tables/flags.md": '```toml\ntitle = NAME\nsource = "x"\nread = 2026-01-31\nlicence = "x"\n'
    '[columns]\ncode = "Code"\nflag = "Flag"\n```\n',
    "tables/flags.csv": "code,flag\n11,red\n",
}
"""A book whose pages are called whatever is put in the place of NAME."""
HOSTILE = '</script><script>x()</script> & &lt;/script> <!-- "it\'s" ]]> \\'
"""A name that ends a block, opens another one and hides the rest, where nobody pays attention."""


@pytest.fixture(scope="module")
def plain_templates(templates: Folder) -> Folder:
    """The templates without the one of cards, which are not looked at here."""
    files = {path: data for path, data in templates.files.items() if path.name != "card.svg"}
    return Folder("templates", files, root=templates.root)


@pytest.fixture(scope="module")
def public(plain_templates: Folder) -> Pages:
    """The second book at its public address."""
    return pages(build_site(read_folder(BOOK, "content"), plain_templates, "site", URL))


@pytest.fixture(scope="module")
def private(plain_templates: Folder) -> Pages:
    """The second book where no public address is known."""
    return pages(build_site(read_folder(BOOK, "content"), plain_templates, "site", ""))


@pytest.fixture
def of_book(plain_templates: Folder) -> Callable[..., BeautifulSoup]:
    """One page of a book whose files are given, at its public address."""

    def of_book(address: str, files: Mapping[str, str]) -> BeautifulSoup:
        encoded = {PurePosixPath(path): text.encode() for path, text in files.items()}
        return pages(build_site(Folder("content", encoded), plain_templates, "site", URL))[address]

    return of_book


def pages(outcome: BuildResult) -> Pages:
    """The pages of a site by their address."""
    assert outcome.files is not None, outcome.diagnostics
    return {
        path.as_posix().removesuffix("index.html"): BeautifulSoup(data, "html.parser")
        for path, data in outcome.files.items()
        if path.suffix == ".html" and b'http-equiv="refresh"' not in data
    }


def blocks(page: BeautifulSoup) -> Sequence[str]:
    """The data blocks of a page, as they are written."""
    return [each.get_text() for each in page.select("script[type='application/ld+json']")]


def things(page: BeautifulSoup) -> Sequence[Thing]:
    """What the one data block of a page describes."""
    (block,) = blocks(page)
    graph = json.loads(block)
    assert graph["@context"] == "https://schema.org"
    return list(graph["@graph"])


def itself(page: BeautifulSoup) -> Thing:
    """The page among the things that it describes."""
    (found,) = [thing for thing in things(page) if thing["@type"] != "BreadcrumbList"]
    return found


def urls(thing: object) -> Iterator[str]:
    """Every address in a thing, at any depth."""
    if isinstance(thing, dict):
        for key, value in thing.items():
            yield from [value] if key in {"url", "item"} else urls(value)
    elif isinstance(thing, list):
        for each in thing:
            yield from urls(each)


def strings(thing: object) -> Iterator[str]:
    """Every word in a thing, at any depth."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict | list):
        for each in thing.values() if isinstance(thing, dict) else thing:
            yield from strings(each)


def meta(page: BeautifulSoup) -> Mapping[str, str]:
    """What the head says, each name once."""
    found = [
        (str(each.get("property") or each["name"]), str(each["content"]))
        for each in page.select("meta[property], meta[name]:not([media])")
    ]
    assert len(dict(found)) == len(found)
    return dict(found)


def trail(page: BeautifulSoup, own: str) -> Sequence[tuple[str, str]]:
    """The steps that a reader sees: their names, and the whole addresses that they lead to."""
    steps = page.select("nav.trail li")
    return [(step.get_text(), urljoin(own, target(step))) for step in steps]


def target(step: Tag) -> str:
    """Where a step leads; the last one is the page itself."""
    return str(step.a["href"]) if step.a else ""


# --- the data block -------------------------------------------------------------------------------


def test_each_page_but_the_error_page_has_one_data_block(public: Pages) -> None:
    """It can be read, and it describes the page and nothing twice."""
    assert len(public) > 20
    assert blocks(public[ERROR_PAGE]) == []
    for address, page in public.items():
        if address != ERROR_PAGE:
            kinds = [thing["@type"] for thing in things(page)]
            assert len(kinds) == len(set(kinds)), address


@pytest.mark.parametrize(
    ("address", "code", "name"),
    [
        ("signals/1010/", "1010", "Come in"),
        ("signals/6660/", "6660", "Fire"),
        ("signals/4xxx/", "4xxx", "Weather signals"),
    ],
)
def test_a_code_and_a_class_are_terms_of_a_set(
    address: str, code: str, name: str, public: Pages
) -> None:
    """The page is an article about a term, and the book is what defines it."""
    found = itself(public[address])
    assert found["@type"] == "TechArticle"
    assert found["about"] == {
        "@type": "DefinedTerm",
        "termCode": code,
        "name": name,
        "inDefinedTermSet": {"@type": "DefinedTermSet", "name": "Harbour signals", "url": URL},
    }


@pytest.mark.parametrize("address", ["signals/", "guides/in-or-out/", "tables/lanterns/"])
def test_other_pages_are_about_the_whole_set(address: str, public: Pages) -> None:
    """They define no term of their own."""
    found = itself(public[address])
    about = {"@type": "DefinedTermSet", "name": "Harbour signals", "url": URL}
    assert (found["@type"], found["about"]) == ("TechArticle", about)


def test_the_home_page_is_the_set(public: Pages) -> None:
    """With its name, its language and what it is."""
    said = meta(public[""])
    assert things(public[""]) == [
        {
            "@type": "DefinedTermSet",
            "name": "Harbour signals",
            "url": URL,
            "description": said["description"],
            "inLanguage": "en-GB",
        }
    ]


def test_a_page_says_the_same_of_itself_everywhere(public: Pages) -> None:
    """Title, description, language and address are those of its head."""
    for address in public.keys() - NO_LIST:
        found, said = itself(public[address]), meta(public[address])
        assert found["headline"] == said["og:title"], address
        assert found["description"] == said["og:description"] == said["description"], address
        assert found["url"] == said["og:url"] == URL + address
        assert [each["lang"] for each in public[address].select("html")] == [found["inLanguage"]]


@pytest.mark.parametrize("url", [URL, ""])
def test_the_trail_is_the_one_that_is_seen(url: str, public: Pages, private: Pages) -> None:
    """Counted from 1, with the names and the addresses of the links, the page itself at its end."""
    site = public if url else private
    for address in site.keys() - NO_LIST:
        own = (url or "https://anywhere.example/below/") + address
        (found,) = [each for each in things(site[address]) if each["@type"] == "BreadcrumbList"]
        steps = found["itemListElement"]
        assert [step["position"] for step in steps] == list(range(1, len(steps) + 1)), address
        shown = [(step["name"], urljoin(own, step["item"])) for step in steps]
        assert shown == trail(site[address], own)
        assert len(shown) > 1
        assert shown[-1] == (itself(site[address])["headline"], own)


def test_addresses_are_whole_where_the_public_one_is_known(public: Pages, private: Pages) -> None:
    """And lead to the same pages where it is not."""
    for address in public.keys() - {ERROR_PAGE}:
        whole = list(urls(things(public[address])))
        assert whole
        assert [each for each in whole if not each.startswith(URL)] == []
        assert {each.removeprefix(URL) for each in whole} <= set(public)
        relative = urls(things(private[address]))
        assert [urljoin(URL + address, each) for each in relative] == whole


@pytest.mark.parametrize(
    "address", ["", "status/", "status/11/", "status/1x/", "guides/in/", "tables/flags/"]
)
def test_no_name_ends_the_block(address: str, of_book: Callable[..., BeautifulSoup]) -> None:
    """Whatever a book calls itself and its pages, it is data, and every letter of it is there."""
    hostile, tame = (
        of_book(address, {path: text.replace("NAME", name) for path, text in NAMED.items()})
        for name in (json.dumps(HOSTILE), '"x"')
    )
    assert len(hostile.select("script")) == len(tame.select("script"))
    (block,) = blocks(hostile)
    assert not {"<", "&"} & set(block)
    assert HOSTILE in set(strings(things(hostile)))
