"""Sitemaps, feeds, and other files for programs have valid syntax and working URLs.

Standard parsers read each file in `test_sitemap.py`, `test_atom.py`, and `test_well_known.py`;
`test_opensearch.py` follows the specification.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from msgspec.structs import replace

from codebook.book import urls
from codebook.book.book import Book
from codebook.io.sources import read_folder
from codebook.site.feeds.atom import feed
from codebook.site.feeds.opensearch import opensearch
from codebook.site.feeds.sitemap import sitemap
from codebook.site.feeds.well_known import robots, security
from tests.repositories import existing_history, new_repository
from tests.sample_books import (
    BASES,
    HOSTILE,
    SECOND,
    WORDS,
    load_book,
    one_commit_history,
    parse_feed,
    parse_sitemap,
    security_contact,
    summary,
    table,
    with_url,
)

OTHER_FILES = frozenset(
    {
        urls.SITEMAP,
        urls.FEED,
        urls.OPENSEARCH,
        urls.ROBOTS,
        urls.SECURITY,
        urls.ICON,
    }
)
"""The URLs of the files that are tested here, and of the icon."""
MAKERS: Sequence[Callable[[Book], bytes | None]] = (
    lambda book: sitemap(table(book), one_commit_history(book)),
    lambda book: feed(table(book), one_commit_history(book)),
    lambda book: opensearch(summary(book), WORDS),
    lambda book: robots(summary(book)),
    lambda book: security(summary(book)),
)
ALL_FEEDS = pytest.mark.parametrize(
    "make", MAKERS, ids=["sitemap", "feed", "opensearch", "robots", "security"]
)


@ALL_FEEDS
def test_every_url_below_the_site_resolves(
    book: Book, page_urls: frozenset[str], make: Callable[[Book], bytes | None]
) -> None:
    """It points to a page or one of these files, but not to the error page or a redirect."""
    data = make(with_url(book, book.settings.url, security=security_contact()))
    assert data is not None
    text = data.decode()
    linked = set(re.findall(re.escape(book.settings.url) + r"([^\s\"<]*)", text))
    targets = {url.removesuffix("?q={searchTerms}") for url in linked} - {"tell/"}
    assert targets
    assert targets <= page_urls | OTHER_FILES
    assert not targets & {redirect.url for redirect in table(book).site.redirects}
    assert urls.ERROR_PAGE not in text


@ALL_FEEDS
def test_files_are_reproducible_and_end_with_a_line_feed(
    small: Book, make: Callable[[Book], bytes | None]
) -> None:
    """The title can contain any characters, and XML has a declaration."""
    book = with_url(replace(small, title=HOSTILE), BASES[0], security=security_contact())
    data = make(book)
    assert data is not None
    assert data == make(book)
    assert data.decode().endswith("\n")
    assert b"\r" not in data
    if data.startswith(b"<"):
        assert data.startswith(b"<?xml version='1.0' encoding='utf-8'?>\n")
        ET.fromstring(data)  # noqa: S314 - our own bytes


def test_the_feed_and_the_site_map_follow_the_git_history(tmp_path: Path) -> None:
    """From a repository to the feed and the sitemap, no date is invented."""
    repository = new_repository(tmp_path / "book")
    content = repository.folder
    shutil.copytree(SECOND, content, dirs_exist_ok=True)
    repository.commit(0, "Write the book")
    article = (content / "codes" / "1010.md").read_bytes().decode()
    repository.commit(1, "Say more <of> 1010 & its “fog”", **{"codes/1010.md": f"{article}\n"})
    history = existing_history(content)
    book = with_url(load_book(read_folder(content, "content")), BASES[0])
    parsed = parse_feed(feed(table(book), history))
    assert [(entry.title, entry.updated) for entry in parsed.entries] == [
        ("Say more <of> 1010 & its “fog”", "2096-10-03T07:06:40+00:00"),
        ("Write the book", "2096-10-02T07:06:40+00:00"),
    ]
    modified = parse_sitemap(sitemap(table(book), history))
    for url in ("signals/1010/", "signals/1xxx/", "guides/in-or-out/"):
        assert modified.pop(BASES[0] + url) == "2096-10-03T07:06:40+00:00"
    assert set(modified.values()) == {"2096-10-02T07:06:40+00:00"}
