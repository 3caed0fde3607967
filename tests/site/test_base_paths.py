"""The whole site at a root, below a path, and deeper: every URL in every format is right."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from html.parser import HTMLParser
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt

from codebook.book import urls
from codebook.book.history import Change, History
from codebook.build.pipeline import build_site
from codebook.diagnostics.source import Folder

HOST = "https://codes.example"
BASES = ("/", "/repo/", "/a/b/")
ALL_BASES = pytest.mark.parametrize("base", BASES)

SECURITY = b'[security]\ncontact = ["https://codes.example/contact"]\nexpires = 2027-01-01\n'
"""Gives the site every optional file."""


@dataclass(frozen=True)
class Site:
    """A site as it is published."""

    files: Mapping[PurePosixPath, bytes]
    public: str
    links: Mapping[PurePosixPath, tuple[str, ...]]
    """The URLs in each file, as written."""

    def url(self, path: PurePosixPath) -> str:
        """The public URL of a file."""
        return self.public + path.as_posix().removesuffix("index.html")


@pytest.fixture(scope="module")
def build(content: Folder, templates_without_fonts: Folder) -> Callable[[str], Site]:
    """Build the book's site at a base path, with a history."""

    @cache
    def build(base: str) -> Site:
        settings = PurePosixPath("book.toml")
        files = {**content.files, settings: content.files[settings] + b"\n" + SECURITY}
        now = datetime(2026, 11, 1, tzinfo=UTC)
        changes = tuple(
            Change(f"{number:040x}", now - timedelta(days=number), f"Change {path}", (path,))
            for number, path in enumerate(files)
        )
        history = History(changes, dict.fromkeys(files, now))
        result = build_site(
            Folder("content", files),
            templates_without_fonts,
            "site",
            HOST + base,
            history=history,
        )
        assert result.files is not None, result.diagnostics
        links = {path: tuple(links_in(path, data)) for path, data in result.files.items()}
        return Site(result.files, HOST + base, links)

    return build


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
    """The strings in JSON that are URLs by their key, and the links in its Markdown."""
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


@ALL_BASES
def test_every_url_in_every_format_resolves(base: str, build: Callable[[str], Site]) -> None:
    """Pages, records, schemas, Markdown, site map, feed, search, and lists, below any path."""
    site = build(base)
    ids: dict[PurePosixPath, set[str]] = {}
    seen: dict[str, int] = {}
    for path, links in site.links.items():
        for link in links:
            url = urljoin(site.url(path), link.partition("{searchTerms}")[0])
            if not url.startswith(HOST) or url.rstrip("/").endswith(("/contact", "/api/v1")):
                continue
            assert url.startswith(site.public), (path, link)
            target, _, anchor = url.removeprefix(site.public).partition("#")
            file = urls.output_path(unquote(target.partition("?")[0]))
            assert file in site.files, (path, link)
            if anchor and file.suffix == ".html":
                if file not in ids:
                    ids[file] = Page(site.files[file]).ids
                assert unquote(anchor) in ids[file], (path, link)
            seen[path.suffix] = seen.get(path.suffix, 0) + 1
    assert seen.keys() == {".html", ".json", ".webmanifest", ".md", ".xml", ".txt"}
    assert seen[".html"] > 9_000
    assert seen[".json"] > 3_000


@ALL_BASES
def test_the_site_map_lists_exactly_the_canonical_url_of_each_page(
    base: str, build: Callable[[str], Site]
) -> None:
    """Each page is in the site map under its canonical URL, and nothing else is."""
    site = build(base)
    canonical = set()
    for path, data in site.files.items():
        if path.suffix == ".html" and (page := Page(data)).is_indexed:
            assert page.canonical == [site.url(path)]
            canonical |= set(page.canonical)
    assert set(site.links[PurePosixPath(urls.SITEMAP)]) == canonical


@ALL_BASES
def test_nothing_links_to_the_error_page_or_to_a_redirect(
    base: str, build: Callable[[str], Site]
) -> None:
    """Site map, feed, lists, the search, and every link of every page point directly to pages."""
    site = build(base)
    passing = {
        site.url(path)
        for path, data in site.files.items()
        if path.suffix == ".html" and b'content="noindex"' in data
    }
    assert site.public + urls.ERROR_PAGE in passing
    assert site.public + "404/" in passing
    for path, links in site.links.items():
        # The record of a code lists the URLs that redirect to it.
        if site.url(path) in passing or path.match(f"{urls.API}/status/*.json"):
            continue
        for link in links:
            assert urljoin(site.url(path), link).partition("#")[0] not in passing, (path, link)


def test_a_site_without_a_url_works_below_any_path(
    built_site: Mapping[PurePosixPath, bytes],
) -> None:
    """Only its error page has absolute URLs or paths."""
    for path, data in built_site.items():
        if path.as_posix() == urls.ERROR_PAGE:
            continue
        for url in links_in(path, data):
            assert not url.startswith("/"), (path, url)
            assert not url.startswith(HOST), (path, url)


@pytest.mark.parametrize(
    "name",
    [
        urls.SITEMAP,
        urls.ROBOTS,
        urls.OPENSEARCH,
        urls.FEED,
        urls.SECURITY,
    ],
)
def test_files_with_absolute_urls_need_a_public_url(
    name: str, built_site: Mapping[PurePosixPath, bytes], build: Callable[[str], Site]
) -> None:
    """They exist with one, and not without."""
    assert PurePosixPath(name) in build("/").files
    assert PurePosixPath(name) not in built_site
