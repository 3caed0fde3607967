"""The whole works at a root, below a path and deeper: every address in every format is right."""

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
EACH_BASE = pytest.mark.parametrize("base", BASES)

SECURITY = b'[security]\ncontact = ["https://codes.example/contact"]\nexpires = 2027-01-01\n'
"""So that the site holds everything that a site may hold."""


@dataclass(frozen=True)
class Site:
    """A site as it is published."""

    files: Mapping[PurePosixPath, bytes]
    public: str
    held: Mapping[PurePosixPath, tuple[str, ...]]
    """The addresses that each file holds, as it writes them."""

    def url(self, path: PurePosixPath) -> str:
        """The public address of a file."""
        return self.public + path.as_posix().removesuffix("index.html")


@pytest.fixture(scope="module")
def site(content: Folder, templates_without_fonts: Folder) -> Callable[[str], Site]:
    """The book's site at a base path, with a past."""

    @cache
    def site(base: str) -> Site:
        settings = PurePosixPath("book.toml")
        files = {**content.files, settings: content.files[settings] + b"\n" + SECURITY}
        now = datetime(2026, 11, 1, tzinfo=UTC)
        changes = tuple(
            Change(f"{number:040x}", now - timedelta(days=number), f"Change {path}", (path,))
            for number, path in enumerate(files)
        )
        history = History(changes, dict.fromkeys(files, now))
        outcome = build_site(
            Folder("content", files),
            templates_without_fonts,
            "site",
            HOST + base,
            history=history,
        )
        assert outcome.files is not None, outcome.diagnostics
        found = {path: tuple(held(path, data)) for path, data in outcome.files.items()}
        return Site(outcome.files, HOST + base, found)

    return site


# --- what addresses a file holds ------------------------------------------------------------------


class Page(HTMLParser):
    """What a page leads to, loads, and says of itself and others; and its ids."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.urls: list[str] = []
        self.ids: set[str] = set()
        self.canonical: list[str] = []
        self.is_indexed = True
        self._is_data = False
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag holds."""
        del tag
        own = {name: value or "" for name, value in attrs}
        self.urls += (own[name] for name in ("href", "src", "action") if name in own)
        self.ids |= {own["id"]} if "id" in own else set()
        content = own.get("content", "")
        if own.get("property") in {"og:url", "og:image"}:
            self.urls.append(content)
        if own.get("http-equiv") == "refresh":
            self.urls.append(content.partition("url=")[2])
        if own.get("name") == "robots":
            self.is_indexed = content != "noindex"
        if own.get("rel") == "canonical":
            self.canonical.append(own["href"])
        self._is_data = own.get("type") == "application/ld+json"

    def handle_data(self, data: str) -> None:
        """Note what a data block holds."""
        if self._is_data:
            self.urls += in_values(json.loads(data))
        self._is_data = False


def in_values(value: object, key: str = "", parent: str = "") -> Iterator[str]:
    """The texts in some JSON that are addresses by their key, and those in its Markdown."""
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
"""The keys whose texts are addresses: in records, in descriptions of pages, in the manifest."""


LINKS = frozenset({"self", "markdown", "home", "short", "names", "openapi"})
"""Others that are, where they stand under `links`."""


def in_markdown(data: bytes) -> Iterator[str]:
    """What a Markdown text leads to."""
    engine = MarkdownIt("commonmark", {"html": False}).enable("table")
    for token in engine.parse(data.decode()):
        for child in token.children or ():
            if child.type == "link_open":
                yield str(child.attrs["href"])


def in_xml(data: bytes) -> Iterator[str]:
    """Every address in a site map, a feed and a description of the search."""
    for element in ET.fromstring(data).iter():  # noqa: S314 - our own file
        name = element.tag.rpartition("}")[2]
        if name in {"loc", "Image"} and element.text:
            yield element.text
        if name in {"link", "a", "Url"}:
            yield element.get("href") or element.get("template") or ""


def in_text(data: bytes) -> Iterator[str]:
    """Every whole address in a plain text."""
    yield from re.findall(r"https?://\S+", data.decode())


READERS: Mapping[str, Callable[[bytes], Iterator[str]]] = {
    ".html": lambda data: iter(Page(data).urls),
    ".json": lambda data: in_values(json.loads(data)),
    ".webmanifest": lambda data: in_values(json.loads(data)),
    ".md": in_markdown,
    ".xml": in_xml,
}


def held(path: PurePosixPath, data: bytes) -> Iterator[str]:
    """Every address that a file of the site holds."""
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


@EACH_BASE
def test_every_address_in_every_format_leads_to_a_file(
    base: str, site: Callable[[str], Site]
) -> None:
    """Pages, records, schemas, Markdown, site map, feed, search and lists, below any path."""
    own = site(base)
    ids: dict[PurePosixPath, set[str]] = {}
    seen: dict[str, int] = {}
    for path, held in own.held.items():
        for held_url in held:
            url = urljoin(own.url(path), held_url.partition("{searchTerms}")[0])
            if not url.startswith(HOST) or url.rstrip("/").endswith(("/contact", "/api/v1")):
                continue
            assert url.startswith(own.public), (path, held_url)
            there, _, anchor = url.removeprefix(own.public).partition("#")
            file = urls.output_path(unquote(there.partition("?")[0]))
            assert file in own.files, (path, held_url)
            if anchor and file.suffix == ".html":
                if file not in ids:
                    ids[file] = Page(own.files[file]).ids
                assert unquote(anchor) in ids[file], (path, held_url)
            seen[path.suffix] = seen.get(path.suffix, 0) + 1
    assert seen.keys() == {".html", ".json", ".webmanifest", ".md", ".xml", ".txt"}
    assert seen[".html"] > 9_000
    assert seen[".json"] > 3_000


@EACH_BASE
def test_a_page_has_one_canonical_address_and_the_indexes_name_no_other(
    base: str, site: Callable[[str], Site]
) -> None:
    """Each page is in the site map under the address that it calls its own, and nothing else is."""
    own = site(base)
    canonical = set()
    for path, data in own.files.items():
        if path.suffix == ".html" and (page := Page(data)).is_indexed:
            assert page.canonical == [own.url(path)]
            canonical |= set(page.canonical)
    assert set(own.held[PurePosixPath(urls.SITEMAP)]) == canonical


@EACH_BASE
def test_no_index_leads_to_the_error_page_or_to_what_only_leads_on(
    base: str, site: Callable[[str], Site]
) -> None:
    """Site map, feed, lists, the search, and every link of every page lead straight to pages."""
    own = site(base)
    passing = {
        own.url(path)
        for path, data in own.files.items()
        if path.suffix == ".html" and b'content="noindex"' in data
    }
    assert own.public + urls.ERROR_PAGE in passing
    assert own.public + "404/" in passing
    for path, held in own.held.items():
        # The record of a code says under which addresses the code is found besides.
        if own.url(path) in passing or path.match(f"{urls.API}/status/*.json"):
            continue
        for each in held:
            assert urljoin(own.url(path), each).partition("#")[0] not in passing, (path, each)


def test_a_site_is_the_same_below_any_path_where_no_address_is_known(
    built_site: Mapping[PurePosixPath, bytes],
) -> None:
    """Without one nothing but the error page names a host or begins at a root."""
    for path, data in built_site.items():
        if path.as_posix() == urls.ERROR_PAGE:
            continue
        for url in held(path, data):
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
def test_what_names_pages_in_full_needs_a_public_address(
    name: str, built_site: Mapping[PurePosixPath, bytes], site: Callable[[str], Site]
) -> None:
    """It is there with one, and not without."""
    assert PurePosixPath(name) in site("/").files
    assert PurePosixPath(name) not in built_site
