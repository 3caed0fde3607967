"""What the tests of the indexes share: books under public addresses, and pasts made up for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree import ElementTree as ET

import feedparser  # type: ignore[import-untyped]
import xmlschema

from codebook.book import urls
from codebook.book.book import Book
from codebook.book.check import assemble
from codebook.book.history import Change, History
from codebook.book.parse import parse_documents
from codebook.book.settings import Security
from codebook.diagnostics.source import Folder
from codebook.io import read_folder
from codebook.site.routes import routes

Files = Mapping[PurePosixPath, bytes]

ROOT = Path(__file__).resolve().parent.parent
SECOND = ROOT / "tests" / "fixtures" / "second-book"
BASES = ("https://codes.example/", "https://codes.example/a/b/")
START = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
HOSTILE = "]]></title> \x00\x08\x1b\x0b\ufffe\ud800 <b>&amp; \"x\" 'y'\r\n é"
"""What no XML holds, what ends some of it, and what has to be escaped."""
TOLD = "]]></title> \ufffd\ufffd\ufffd\ufffd\ufffd\ufffd <b>&amp; \"x\" 'y' é"
"""The same as far as it can be said."""

schema = xmlschema.XMLSchema(ROOT / "tests" / "fixtures" / "sitemap-0.9.xsd")


def whole(folder: Folder) -> Book:
    """The book in a folder, with no public address."""
    return assemble(parse_documents(folder).value.documents).value


def published(book: Book, url: str, **settings: Any) -> Book:  # noqa: ANN401 - of any kind
    """The book under a public address."""
    return replace(book, settings=replace(book.settings, url=url, **settings))


@cache
def plain() -> Book:
    """The book of the repository."""
    return whole(read_folder(ROOT / "content", "content"))


@cache
def small() -> Book:
    """A book with all kinds of documents that one can count."""
    return whole(read_folder(SECOND, "content"))


def pages(built: Files) -> frozenset[str]:
    """The addresses of all pages of the repository's book, as its files show them."""
    return frozenset(
        path.as_posix().removesuffix("index.html")
        for path, data in built.items()
        if path.suffix == ".html"
        and path.as_posix() != urls.ERROR_PAGE
        and b'http-equiv="refresh"' not in data
    )


def change(number: int, *paths: str | PurePosixPath, subject: str = "") -> Change:
    """The change of a day, counted backwards, that touched these files."""
    when = START - timedelta(days=number)
    return Change(f"{number:040x}", when, subject, tuple(map(PurePosixPath, paths)))


def remembered(*changes: Change) -> History:
    """The history of these changes, with the dates that follow from them."""
    dates = {path: each.when for each in reversed(changes) for path in each.paths}
    return History(changes, dates)


def everything(book: Book) -> History:
    """A history in which everything was written at once."""
    paths = {path for page in routes(book) for path in page.documents}
    return remembered(change(0, *sorted(paths), subject="Write the book"))


def secured(**settings: Any) -> Security:  # noqa: ANN401 - of any kind
    """Whom to tell, until half a year from today."""
    expires = datetime.now(UTC).date() + timedelta(days=180)
    said = Security(("https://codes.example/tell/", "mailto:tell@codes.example"), expires, "")
    return replace(said, **settings)


def mapped(data: bytes) -> dict[str, str | None]:
    """What a site map says of each address, once the schema allows it."""
    schema.validate(data.decode())
    names = {"": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    urls = ET.fromstring(data).findall("url", names)  # noqa: S314 - our own bytes
    found = {url.findtext("loc", "", names): url.findtext("lastmod", None, names) for url in urls}
    assert len(found) == len(urls)
    return found


def taken(data: bytes) -> Any:  # noqa: ANN401 - feedparser has no types
    """What a feed reader makes of the feed, in which it finds nothing to mend."""
    found = feedparser.parse(data)
    assert found.bozo == 0, found.bozo_exception
    assert found.version == "atom10"
    return found
