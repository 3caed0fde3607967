"""The Atom feed lists every change of a page once, with links to the pages."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

from bs4 import BeautifulSoup
from msgspec.structs import replace

from codebook.book.book import Book
from codebook.book.urls import GUIDES, TABLES
from codebook.site.feeds.atom import feed
from tests import sample_books
from tests.sample_books import (
    BASES,
    HOSTILE,
    SANITIZED,
    START,
    change,
    history_of,
    parse_feed,
    with_url,
)


def linked(entry: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - as above
    """The URLs and titles that an entry lists."""
    soup = BeautifulSoup(entry.content[0].value, "html.parser")
    return [(str(link["href"]), link.get_text()) for link in soup.find_all("a")]


def test_a_feed_reader_reads_the_feed(book: Book) -> None:
    """Title, author, links, and changes, newest first."""
    changes = (
        change(1, "codes/404.md", subject="Say more of 404"),
        change(2, "guides/which-code.md", "index.md", subject="Help to choose"),
    )
    url = book.settings.url
    parsed = parse_feed(feed(sample_books.table(book), history_of(*changes)))
    assert (parsed.feed.title, parsed.feed.author) == (book.title, book.title)
    assert parsed.feed.subtitle == book.settings.description
    assert parsed.feed.language == "en"
    assert parsed.feed.updated == "2096-02-02T04:05:06+00:00"
    assert {(link.rel, link.type, link.href) for link in parsed.feed.links} == {
        ("self", "application/atom+xml", f"{url}feed.xml"),
        ("alternate", "text/html", url),
    }
    assert [(entry.title, entry.updated) for entry in parsed.entries] == [
        ("Say more of 404", "2096-02-02T04:05:06+00:00"),
        ("Help to choose", "2096-02-01T04:05:06+00:00"),
    ]
    assert linked(parsed.entries[0]) == [(f"{url}status/404/", "404 Not Found")]
    assert parsed.entries[0].link == f"{url}status/404/"
    assert parsed.entries[0].content[0].type == "application/xhtml+xml"
    assert [href for href, _ in linked(parsed.entries[1])][:1] == [url]


def test_every_url_in_the_feed_points_to_a_page(
    book: Book, page_urls: frozenset[str], plain: Book
) -> None:
    """The change can be to any single document or to all of them.

    It's no news about the page of all guides or of all tables.
    """
    paths = sorted({path for route in sample_books.table(plain).indexed for path in route.sources})
    changes = (change(0, *paths), *(change(1, path) for path in paths))
    urls: set[str] = set()
    for start in range(0, len(changes), 50):
        parsed = parse_feed(
            feed(sample_books.table(book), history_of(*changes[start : start + 50]))
        )
        urls |= {entry.link for entry in parsed.entries}
        urls |= {url for entry in parsed.entries for url, _ in linked(entry)}
    assert urls <= {book.settings.url + url for url in page_urls}
    assert len(urls) == len(page_urls - {GUIDES, TABLES})


def test_ids_stay_when_the_feed_is_rebuilt_or_the_site_moves(small: Book) -> None:
    """Every ID is unique, and feed readers must not show an entry again."""
    history = history_of(*(change(number, "codes/1010.md") for number in range(3)))
    later = history_of(change(-1, "index.md"), *history.changes)
    feeds = [feed(sample_books.table(with_url(small, url)), history) for url in (*BASES, BASES[0])]
    assert feeds[0] == feeds[2] != feeds[1]
    ids = [[atom.feed.id, *(entry.id for entry in atom.entries)] for atom in map(parse_feed, feeds)]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 4
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", urn) for urn in ids[0])
    after = parse_feed(feed(sample_books.table(with_url(small, BASES[0])), later))
    assert [after.feed.id, *(entry.id for entry in after.entries[1:])] == ids[0]


def test_published_ids_never_change(small: Book) -> None:
    """If this test has to change, feed readers will show every entry as new."""
    parsed = parse_feed(
        feed(sample_books.table(with_url(small, BASES[0])), history_of(change(1, "index.md")))
    )
    assert (parsed.feed.id, parsed.entries[0].id) == (
        "urn:uuid:11684314-f733-528a-9fae-58d9ab27f879",
        "urn:uuid:5ea52859-2148-552c-ad56-224bf506319c",
    )


def pages_of(book: Book, *paths: str) -> list[str]:
    """The URLs that the entry of a change of these files lists."""
    url = BASES[0]
    atom = parse_feed(feed(sample_books.table(with_url(book, url)), history_of(change(0, *paths))))
    return [href.removeprefix(url) for entry in atom.entries for href, _ in linked(entry)]


def test_a_change_links_to_the_pages_built_from_it(small: Book) -> None:
    """A table is part of its page and of the pages of its codes."""
    assert pages_of(small, "index.md") == [""]
    assert pages_of(small, "guides/in-or-out.md") == ["guides/in-or-out/"]
    assert pages_of(small, "tables/lanterns.md") == ["tables/lanterns/"]
    rows = {row.code.number for row in small.tables[0].rows}
    assert pages_of(small, "tables/lanterns.csv") == [
        *(f"signals/{number}/" for number in small.codes if number in rows),
        "tables/lanterns/",
    ]


def test_a_shared_file_links_to_all_pages_built_from_it(small: Book) -> None:
    """If a file of fewer pages changed too, the entry links only to those."""
    listed = [route.url for route in sample_books.table(small).indexed]
    assert pages_of(small, "harbor-signals.md") == [
        url for url in listed if not url.startswith(("guides/", "tables/"))
    ]
    assert pages_of(small, "facts.toml") == [f"signals/{n}/" for n in (1010, 1020, 6660)]
    assert pages_of(small, "book.toml") == listed[:20]
    assert pages_of(small, "harbor-signals.md", "facts.toml", "book.toml") == listed[:20]
    assert pages_of(small, "book.toml", "harbor-signals.md", "codes/1010.md") == ["signals/1010/"]


def test_a_change_on_no_page_is_not_in_the_feed(small: Book) -> None:
    """Examples are a license, a list of URLs, and a removed page."""
    assert pages_of(small, "LICENSE", "addresses.txt", "codes/1999.md", "guides/gone.md") == []
    parsed = parse_feed(
        feed(sample_books.table(with_url(small, BASES[0])), history_of(change(0, "LICENSE")))
    )
    assert (parsed.entries, parsed.feed.updated) == ([], START.isoformat())


def test_an_entry_lists_some_pages_and_counts_the_rest(book: Book) -> None:
    """It lists the first 20."""
    listed = list(sample_books.table(book).indexed)
    parsed = parse_feed(feed(sample_books.table(book), history_of(change(0, "book.toml"))))
    assert linked(parsed.entries[0]) == [
        (book.settings.url + page.url, page.title) for page in listed[:20]
    ]
    assert f"and {len(listed) - 20} more" in parsed.entries[0].content[0].value


def test_the_feed_has_only_the_newest_changes(small: Book) -> None:
    """It has the last fifty changes to pages, and no others."""
    changes = [
        change(number, "codes/1010.md" if number % 2 else "LICENSE", subject=str(number))
        for number in range(200)
    ]
    parsed = parse_feed(feed(sample_books.table(with_url(small, BASES[0])), history_of(*changes)))
    assert [entry.title for entry in parsed.entries] == [str(n) for n in range(1, 100, 2)]
    assert parsed.feed.updated == changes[1].when.isoformat()


def test_no_title_and_no_subject_breaks_the_feed(small: Book) -> None:
    """Invalid characters are replaced, markup is text, and empty subjects get a title."""
    book = with_url(replace(small, title=HOSTILE), BASES[0], description=HOSTILE)
    changes = (change(0, "index.md", subject=HOSTILE), change(1, "codes/1010.md"))
    data = feed(sample_books.table(book), history_of(*changes))
    # Read as XML: feed readers clean what they take for markup.
    root = ET.fromstring(data)  # noqa: S314 - our own bytes
    atom = "{http://www.w3.org/2005/Atom}"
    titles = [title.text for title in root.iter(f"{atom}title")]
    assert titles == [SANITIZED, SANITIZED, "1010 Come in"]
    assert root.findtext(f"{atom}subtitle") == SANITIZED
    assert root.findtext(f"{atom}author/{atom}name") == SANITIZED
    assert [link.text for link in root.iter("{http://www.w3.org/1999/xhtml}a")][:1] == [SANITIZED]
    assert len(parse_feed(data).entries) == 2
