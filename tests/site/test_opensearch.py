"""Clients find the search and use it like the pages do, according to OpenSearch 1.1, Draft 6.

Firefox reads the same description in `audit/engines/opensearch.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from urllib.parse import parse_qs, quote_plus, urlsplit
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from msgspec.structs import replace

from codebook.book import urls
from codebook.book.book import Book
from codebook.site.feeds.opensearch import opensearch
from tests.sample_books import BASES, HOSTILE, WORDS, Files, summary, with_url

OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
PARAMETER = re.compile(r"\{([A-Za-z]+)(\??)\}")
OCCURRENCES: Mapping[str, tuple[int, int | None, int | None]] = {
    "ShortName": (1, 1, 16),
    "Description": (1, 1, 1024),
    "Url": (1, None, None),
    "Contact": (0, 1, None),
    "Tags": (0, 1, 256),
    "LongName": (0, 1, 48),
    "Image": (0, None, None),
    "Query": (0, None, None),
    "Developer": (0, 1, 64),
    "Attribution": (0, 1, 256),
    "SyndicationRight": (0, 1, None),
    "AdultContent": (0, 1, None),
    "Language": (0, None, None),
    "InputEncoding": (0, None, None),
    "OutputEncoding": (0, None, None),
}
"""How often each element may appear, and how many characters it may have."""


def parse_description(data: bytes) -> ET.Element:
    """Parse the description of a search, which must follow OpenSearch 1.1, Draft 6."""
    root = ET.fromstring(data)  # noqa: S314 - our own bytes
    assert root.tag == f"{OPENSEARCH}OpenSearchDescription"
    names = [child.tag.removeprefix(OPENSEARCH) for child in root]
    assert set(names) <= set(OCCURRENCES)
    for name, (least, most, characters) in OCCURRENCES.items():
        assert least <= names.count(name) <= (most or len(names)), name
        for element in root.iter(f"{OPENSEARCH}{name}"):
            assert len(element) == 0
            assert len(element.text or "") <= (characters or 2048), name
    for url in root.iter(f"{OPENSEARCH}Url"):
        assert set(url.attrib) <= {"template", "type", "rel", "indexOffset", "pageOffset"}
        assert re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", url.attrib["type"])
        assert url.get("rel", "results") in {"results", "suggestions", "self", "collection"}
        assert urlsplit(url.attrib["template"]).scheme == "https"
        parameters = PARAMETER.findall(url.attrib["template"])
        assert {name for name, _ in parameters} <= {"searchTerms", "count", "startIndex"}
        assert url.attrib["template"].count("{") == len(parameters)
    for query in root.iter(f"{OPENSEARCH}Query"):
        assert query.attrib["role"] in {"request", "example", "related"}
    return root


def result_urls(root: ET.Element, terms: str, kind: str = "text/html") -> Iterator[str]:
    """The URLs of results of a media type, as a client would request them."""
    for url in root.iter(f"{OPENSEARCH}Url"):
        if url.get("rel", "results") == "results" and url.attrib["type"] == kind:
            yield url.attrib["template"].replace("{searchTerms}", quote_plus(terms))


def test_a_client_finds_the_search(book: Book, page_urls: frozenset[str]) -> None:
    """It requests the page of all codes with the same query as the search form."""
    root = parse_description(opensearch(summary(book), WORDS, urls.ICON))
    (url,) = result_urls(root, 'not "found" & 100 % é')
    parts = urlsplit(url)
    page = f"{parts.scheme}://{parts.netloc}{parts.path}".removeprefix(book.settings.url)
    assert page in page_urls
    assert page == "status/"
    assert parse_qs(parts.query) == {"q": ['not "found" & 100 % é']}
    texts = {child.tag.removeprefix(OPENSEARCH): child.text for child in root}
    assert texts["ShortName"] == "HTTP response"
    assert texts["LongName"] == "HTTP response status codes"
    assert texts["Description"] == "Search HTTP response status codes"
    assert (texts["Language"], texts["InputEncoding"]) == ("en", "UTF-8")
    assert texts["Image"] == f"{book.settings.url}favicon.ico"


def test_the_form_of_a_page_sends_the_same_request(book: Book, built_site: Files) -> None:
    """The search has one URL for all clients."""
    soup = BeautifulSoup(built_site[PurePosixPath("status/index.html")], "html.parser")
    (form,) = {str(element["action"]) for element in soup.select("form[role=search]")}
    (field,) = {str(element["name"]) for element in soup.select("form[role=search] input[name]")}
    (url,) = result_urls(parse_description(opensearch(summary(book), WORDS)), "x")
    assert url == urls.resolve(book.settings.url, "status/", form) + f"?{field}=x"


def test_the_page_with_the_results_links_the_description(public_site: Files) -> None:
    """On the home page, Chromium would download it with every first visit."""
    linking = {
        path.as_posix(): [str(link["href"]) for link in links]
        for path, data in public_site.items()
        if path.suffix == ".html"
        if (links := BeautifulSoup(data, "html.parser").select("link[rel=search]"))
    }
    assert linking == {"status/index.html": ["../opensearch.xml"]}


def test_a_search_names_the_url_of_its_description(book: Book) -> None:
    """Clients that store it can update it from there."""
    root = parse_description(opensearch(summary(book), WORDS))
    self_urls = [url for url in root.iter(f"{OPENSEARCH}Url") if url.get("rel") == "self"]
    assert [(url.get("type"), url.get("template")) for url in self_urls] == [
        ("application/opensearchdescription+xml", f"{book.settings.url}opensearch.xml")
    ]


def test_a_search_gives_an_example_that_finds_something(small: Book) -> None:
    """Clients can use it to test the search. Without an icon, there is no image."""
    root = parse_description(opensearch(summary(with_url(small, BASES[0])), WORDS))
    (query,) = root.iter(f"{OPENSEARCH}Query")
    assert (query.get("role"), query.get("searchTerms")) == ("example", "1010")
    assert list(result_urls(root, "x")) == [f"{BASES[0]}signals/?q=x"]
    assert not list(root.iter(f"{OPENSEARCH}Image"))


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Codes", "Codes"),
        ("Sixteen letters!", "Sixteen letters!"),
        ("Sixteen letters !", "Sixteen letters"),
        ("Eisenbahnsignalbuch der Länder", "Eisenbahnsignalb"),
        ("Ein Buch " + "x" * 2000, "Ein Buch"),
        (HOSTILE, "]]></title>"),
    ],
)
def test_names_are_cut_to_the_allowed_length(small: Book, title: str, short: str) -> None:
    """They are cut between words if possible."""
    book = with_url(replace(small, title=title), BASES[0], description="")
    root = parse_description(opensearch(summary(book), WORDS))
    assert root.findtext(f"{OPENSEARCH}ShortName") == short
    assert (root.findtext(f"{OPENSEARCH}LongName") or "").startswith(short)
