"""The site at a root and below paths: every URL in every format is correct."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt

from codebook.book import urls
from codebook.io.sources import read_folder
from tests.offenders import assert_none
from tests.sample_books import PUBLIC, SECOND, Files, publish, second_site

pytestmark = pytest.mark.slow

HOST = "https://codes.example"
LINKS_BY_BASE = {"/": (500, 100), "/repo/": (500, 100), "/a/b/": (8_000, 3_000)}
"""The base paths, and how many links the pages and records there have at least."""
ALL_BASES = pytest.mark.parametrize("base", LINKS_BY_BASE)


@dataclass(frozen=True)
class Site:
    """A published site."""

    files: Mapping[PurePosixPath, bytes]
    public: str
    links: Mapping[PurePosixPath, tuple[str, ...]]
    """The URLs in each file, as written."""

    def url(self, path: PurePosixPath) -> str:
        """The public URL of a file."""
        return self.public + path.as_posix().removesuffix("index.html")


@pytest.fixture(scope="module")
def site(public_site: Files) -> Callable[[str], Site]:
    """The site at a base path: the repository's book at the deepest, else the second book."""

    @cache
    def site(base: str) -> Site:
        url = HOST + base
        files = public_site if url == PUBLIC else publish(read_folder(SECOND, "content"), url)
        return Site(files, url, {path: tuple(links_in(path, files[path])) for path in files})

    return site


# --- the URLs in a file ---------------------------------------------------------------------------


class Page(HTMLParser):
    """The URLs in a page, its IDs, and its metadata."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.urls: list[str] = []
        self.ids: set[str] = set()
        self.canonical: list[str] = []
        self.is_indexed = True
        self._is_data = False
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the URLs, ID, and metadata of a tag."""
        del tag
        attributes = {name: value or "" for name, value in attrs}
        self.urls += (attributes[name] for name in ("href", "src", "action") if name in attributes)
        self.ids |= {attributes["id"]} if "id" in attributes else set()
        content = attributes.get("content", "")
        if attributes.get("property") in {"og:url", "og:image"}:
            self.urls.append(content)
        if attributes.get("http-equiv") == "refresh":
            self.urls.append(content.partition("url=")[2])
        if attributes.get("name") == "robots":
            self.is_indexed = content != "noindex"
        if attributes.get("rel") == "canonical":
            self.canonical.append(attributes["href"])
        self._is_data = attributes.get("type") == "application/ld+json"

    def handle_data(self, data: str) -> None:
        """Collect the URLs in a data block."""
        if self._is_data:
            self.urls += in_values(json.loads(data))
        self._is_data = False


def in_values(value: object, key: str = "", parent: str = "") -> Iterator[str]:
    """The values of URL keys in JSON, and the links in its Markdown."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from in_values(inner, name, key)
    elif isinstance(value, list):
        for inner in value:
            yield from in_values(inner, key, parent)
    elif isinstance(value, str) and value:
        if key in KEYS or (parent == "links" and key in LINKS):
            yield value
        elif key == "markdown":
            yield from in_markdown(value.encode())


KEYS = frozenset({"$schema", "$id", "item", "url", "src", "start_url", "scope", "page", "record"})
"""The keys whose values are URLs: in records, structured data, and the manifest."""


LINKS = frozenset({"self", "markdown", "home", "short", "names", "openapi"})
"""More such keys under `links`."""


def in_markdown(data: bytes) -> Iterator[str]:
    """The links in a Markdown text."""
    engine = MarkdownIt("commonmark", {"html": False}).enable("table")
    for token in engine.parse(data.decode()):
        for child in token.children or ():
            if child.type == "link_open":
                yield str(child.attrs["href"])


def in_xml(data: bytes) -> Iterator[str]:
    """Every URL in a site map, a feed, and an OpenSearch description."""
    for element in ET.fromstring(data).iter():  # noqa: S314 - our own file
        name = element.tag.rpartition("}")[2]
        if name in {"loc", "Image"} and element.text:
            yield element.text
        if name in {"link", "a", "Url"}:
            yield element.get("href") or element.get("template") or ""


def in_text(data: bytes) -> Iterator[str]:
    """Every absolute URL in a plain text."""
    yield from re.findall(r"https?://\S+", data.decode())


READERS: Mapping[str, Callable[[bytes], Iterator[str]]] = {
    ".html": lambda data: iter(Page(data).urls),
    ".json": lambda data: in_values(json.loads(data)),
    ".webmanifest": lambda data: in_values(json.loads(data)),
    ".md": in_markdown,
    ".xml": in_xml,
}


def links_in(path: PurePosixPath, data: bytes) -> Iterator[str]:
    """Every URL in a file of the site."""
    if path.name.startswith("llms"):
        yield from in_markdown(data)
    elif path.suffix == ".txt":
        yield from in_text(data)
    elif path.name == urls.SEARCH:
        first = json.loads(data)["path"]
        yield f"{first}/"
        yield from (page[1] for page in json.loads(data)["pages"])
    elif path.suffix in READERS:
        yield from READERS[path.suffix](data)


# --- the promises ------------------------------------------------------------------------------


@pytest.mark.slow
@ALL_BASES
def test_every_url_in_every_format_resolves(base: str, site: Callable[[str], Site]) -> None:
    """All kinds of files, below any path, are checked."""
    built = site(base)
    links = [
        (path, link, urljoin(built.url(path), link.partition("{searchTerms}")[0]))
        for path, links in built.links.items()
        for link in links
    ]
    internal = [
        (path, link, url)
        for path, link, url in links
        if url.startswith(HOST) and not url.rstrip("/").endswith(("/contact", "/api/v1"))
    ]
    seen = Counter(path.suffix for path, *_ in internal)
    assert seen.keys() == {".html", ".json", ".webmanifest", ".md", ".xml", ".txt"}
    pages, records = LINKS_BY_BASE[base]
    assert seen[".html"] > pages
    assert seen[".json"] > records
    ids = {path: Page(data).ids for path, data in built.files.items() if path.suffix == ".html"}
    offenders = []
    for path, link, url in internal:
        target, _, anchor = url.removeprefix(built.public).partition("#")
        file = urls.output_path(unquote(target.partition("?")[0]))
        has_anchor = unquote(anchor) in ids.get(file, {unquote(anchor)})
        if (
            not url.startswith(built.public)
            or file not in built.files
            or (anchor and not has_anchor)
        ):
            offenders.append(f"{path} links to {link}")
    assert_none(offenders)


@ALL_BASES
def test_the_site_map_lists_exactly_the_canonical_url_of_each_page(
    base: str, site: Callable[[str], Site]
) -> None:
    """The sitemap lists nothing else."""
    built = site(base)
    parsed = {path: Page(data) for path, data in built.files.items() if path.suffix == ".html"}
    canonical = {
        built.url(path): page.canonical for path, page in parsed.items() if page.is_indexed
    }
    assert canonical == {url: [url] for url in canonical}
    assert set(built.links[PurePosixPath(urls.SITEMAP)]) == set(canonical)


@ALL_BASES
def test_nothing_links_to_the_error_page_or_to_a_redirect(
    base: str, site: Callable[[str], Site]
) -> None:
    """The sitemap, the feed, lists, the search index, and all links point directly to pages."""
    built = site(base)
    passing = {
        built.url(path)
        for path, data in built.files.items()
        if path.suffix == ".html" and b'content="noindex"' in data
    }
    assert built.public + urls.ERROR_PAGE in passing
    assert len(passing) > 1
    assert_none(
        f"{path} links to {link}"
        for path, links in built.links.items()
        # The record of a code lists the URLs that redirect to it.
        if built.url(path) not in passing and not path.match(f"{urls.API}/*/[0-9]*.json")
        for link in links
        if urljoin(built.url(path), link).partition("#")[0] in passing
    )


def test_a_site_without_a_url_works_below_any_path(built_site: Files) -> None:
    """Only its error page has absolute URLs or paths, in any format."""
    pages = {path: data for path, data in built_site.items() if path.suffix == ".html"}
    links = [
        (path, link)
        for path, data in [*pages.items(), *second_site().items()]
        if path.as_posix() != urls.ERROR_PAGE
        for link in links_in(path, data)
    ]
    assert {path.suffix for path, _ in links} >= {".html", ".json", ".webmanifest", ".md"}
    assert_none(f"{path} links to {link}" for path, link in links if link.startswith(("/", HOST)))


def test_files_with_absolute_urls_need_a_public_url(built_site: Files, public_site: Files) -> None:
    """They exist with one, and not without."""
    files = {urls.SITEMAP, urls.ROBOTS, urls.OPENSEARCH, urls.FEED, urls.SECURITY}
    assert files <= {path.as_posix() for path in public_site}
    assert not files & {path.as_posix() for path in built_site}
