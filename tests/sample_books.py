"""Books with a base URL and made-up histories, and parsers of sitemaps and feeds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree import ElementTree as ET

import feedparser  # type: ignore[import-untyped]
import xmlschema
from bs4 import BeautifulSoup
from msgspec.structs import replace

from codebook.book import urls
from codebook.book.book import Book, summarize
from codebook.book.check import assemble
from codebook.book.history import Change, History
from codebook.book.parse import parse_documents
from codebook.book.settings import Security
from codebook.book.summary import BookSummary
from codebook.build.pipeline import build_site
from codebook.cache import Cache
from codebook.diagnostics.source import Folder
from codebook.io.sources import read_folder
from codebook.site.load_words import load_words
from codebook.site.routes import PageTable, page_table
from tests.templates import templates_without_fonts

Files = Mapping[PurePosixPath, bytes]

ROOT = Path(__file__).resolve().parent.parent
SECOND = ROOT / "tests" / "fixtures" / "second-book"
BASES = ("https://codes.example/", "https://codes.example/a/b/")
PUBLIC = BASES[1]
"""The base URL of the published site of the repository's book."""
REPOSITORY = "https://git.example/a/b"
"""Its repository."""
CONTACT = "https://codes.example/contact"
"""Its security contact."""
START = datetime(2096, 2, 3, 4, 5, 6, tzinfo=UTC)
"""The time of the newest commit: later than all dates in the books, which were written before."""
HOSTILE = "]]></title> \x00\x08\x1b\x0b\ufffe\ud800 <b>&amp; \"x\" 'y'\r\n é"
"""Characters that XML does not allow, delimiters, and characters to escape."""
SANITIZED = "]]></title> \ufffd\ufffd\ufffd\ufffd\ufffd\ufffd <b>&amp; \"x\" 'y' é"
"""The same with U+FFFD for characters that XML does not allow."""

_words = load_words(Cache(), read_folder(ROOT / "templates", "templates"))
assert _words.value, _words.diagnostics
WORDS = _words.value
"""The words of the interface."""

schema = xmlschema.XMLSchema(ROOT / "tests" / "fixtures" / "sitemap-0.9.xsd")


def load_book(folder: Folder) -> Book:
    """The book in a folder, without a base URL."""
    return assemble(Cache(), parse_documents(Cache(), folder).value).value


def with_url(book: Book, url: str, **settings: Any) -> Book:  # noqa: ANN401 - of any kind
    """The book with a base URL and other settings."""
    return replace(book, settings=replace(book.settings, url=url, **settings))


def table(book: Book) -> PageTable:
    """The page table of a book."""
    return page_table(Cache(), book, WORDS)


def summary(book: Book) -> BookSummary:
    """The summary of a book for its pages."""
    return summarize(Cache(), book)


@cache
def repository_book() -> Book:
    """The book of the repository."""
    return load_book(read_folder(ROOT / "content", "content"))


@cache
def second_book() -> Book:
    """The small book of the fixtures, with all kinds of documents."""
    return load_book(read_folder(SECOND, "content"))


@cache
def second_site(url: str = "") -> Files:
    """The site of the second book, without cards."""
    content = read_folder(SECOND, "content")
    result = build_site(content, templates_without_fonts(), "site", url)
    assert result.files is not None, result.diagnostics
    return result.files


def publish(content: Folder, url: str) -> Files:
    """A site at a base URL with all optional files: it has a history, a contact, a repository."""
    book = PurePosixPath("book.toml")
    settings = content.files[book].decode()
    if "repository = " not in settings:
        settings = f'repository = "{REPOSITORY}"\n{settings}'
    settings += f'\n[security]\ncontact = ["{CONTACT}"]\nexpires = 2027-01-01\n'
    files = {**content.files, book: settings.encode()}
    changes = tuple(
        change(number, path, subject=f"Change {path}") for number, path in enumerate(files)
    )
    folder = Folder("content", files)
    history = history_of(*changes)
    result = build_site(folder, templates_without_fonts(), "site", url, history=history)
    assert result.files is not None, result.diagnostics
    return dict(result.files)


def markdown_pages(site: Files) -> set[PurePosixPath]:
    """The Markdown versions of pages, except for former URLs."""
    moved = f"# {WORDS.markdown.moved}\n".encode()
    return {
        path for path, data in site.items() if path.suffix == ".md" and not data.startswith(moved)
    }


def parse_pages(site: Files) -> Mapping[str, BeautifulSoup]:
    """The pages of a site by their URL, without redirect pages."""
    return {
        path.as_posix().removesuffix("index.html"): BeautifulSoup(data, "html.parser")
        for path, data in site.items()
        if path.suffix == ".html" and b'http-equiv="refresh"' not in data
    }


@cache
def second_pages(url: str = "") -> Mapping[str, BeautifulSoup]:
    """The pages of the second book by their URL."""
    return parse_pages(second_site(url))


def page_urls(site: Files) -> frozenset[str]:
    """The URLs of all pages of a built site."""
    return frozenset(
        path.as_posix().removesuffix("index.html")
        for path, data in site.items()
        if path.suffix == ".html"
        and path.as_posix() != urls.ERROR_PAGE
        and b'http-equiv="refresh"' not in data
    )


def change(number: int, *paths: str | PurePosixPath, subject: str = "") -> Change:
    """A commit that changed these files, so many days before the newest."""
    when = START - timedelta(days=number)
    return Change(f"{number:040x}", when, subject, tuple(map(PurePosixPath, paths)))


def history_of(*changes: Change) -> History:
    """The history of these commits, with the dates of the files."""
    dates = {path: commit.when for commit in reversed(changes) for path in commit.paths}
    return History(changes, dates)


def one_commit_history(book: Book) -> History:
    """A history with a single commit of all files."""
    paths = {path for route in table(book).indexed for path in route.sources}
    return history_of(change(0, *sorted(paths), subject="Write the book"))


def security_contact(**settings: Any) -> Security:  # noqa: ANN401 - of any kind
    """A security contact that expires half a year from today."""
    expires = datetime.now(UTC).date() + timedelta(days=180)
    contact = Security(("https://codes.example/tell/", "mailto:tell@codes.example"), expires, "")
    return replace(contact, **settings)


def parse_sitemap(data: bytes) -> dict[str, str | None]:
    """The last modification by URL of a sitemap that matches the schema."""
    schema.validate(data.decode())
    names = {"": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    rows = ET.fromstring(data).findall("url", names)  # noqa: S314 - our own bytes
    dates = {row.findtext("loc", "", names): row.findtext("lastmod", None, names) for row in rows}
    assert len(dates) == len(rows)
    return dates


def parse_feed(data: bytes) -> Any:  # noqa: ANN401 - feedparser has no types
    """The feed as feedparser reads it, without a single error."""
    feed = feedparser.parse(data)
    assert feed.bozo == 0, feed.bozo_exception
    assert feed.version == "atom10"
    return feed
