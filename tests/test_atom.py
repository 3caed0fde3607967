"""The feed tells its readers of every change of a page: once, and where they can read it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup

from codebook.book.book import Book
from codebook.site.feeds.atom import feed
from tests import sample_books
from tests.sample_books import (
    BASES,
    HOSTILE,
    SANITIZED,
    START,
    Files,
    change,
    history_of,
    parse_feed,
    with_url,
)


@pytest.fixture(scope="module", params=BASES)
def book(request: pytest.FixtureRequest) -> Book:
    """The book of the repository, at the root of a host and below a path."""
    return with_url(sample_books.repository_book(), request.param)


@pytest.fixture(scope="module")
def plain() -> Book:
    """The book of the repository, with no public address."""
    return sample_books.repository_book()


@pytest.fixture(scope="module")
def small() -> Book:
    """A book with all kinds of documents that one can count."""
    return sample_books.second_book()


@pytest.fixture(scope="module")
def pages(built_site: Files) -> frozenset[str]:
    """The addresses of all pages of the repository's book, as its files show them."""
    return sample_books.page_urls(built_site)


def linked(entry: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - as above
    """The addresses and the titles that an entry lists."""
    soup = BeautifulSoup(entry.content[0].value, "html.parser")
    return [(str(link["href"]), link.get_text()) for link in soup.find_all("a")]


def test_a_feed_reader_reads_the_feed(book: Book) -> None:
    """What it is, whose it is, where it is, and what changed, the newest first."""
    changes = (
        change(1, "codes/404.md", subject="Say more of 404"),
        change(2, "guides/which-code.md", "index.md", subject="Help to choose"),
    )
    url = book.settings.url
    found = parse_feed(feed(sample_books.table(book), history_of(*changes)))
    assert (found.feed.title, found.feed.author) == (book.title, book.title)
    assert found.feed.subtitle == book.settings.description
    assert found.feed.language == "en"
    assert found.feed.updated == "2026-02-02T04:05:06+00:00"
    assert {(link.rel, link.type, link.href) for link in found.feed.links} == {
        ("self", "application/atom+xml", f"{url}feed.xml"),
        ("alternate", "text/html", url),
    }
    assert [(each.title, each.updated) for each in found.entries] == [
        ("Say more of 404", "2026-02-02T04:05:06+00:00"),
        ("Help to choose", "2026-02-01T04:05:06+00:00"),
    ]
    assert linked(found.entries[0]) == [(f"{url}status/404/", "404 Not Found")]
    assert found.entries[0].link == f"{url}status/404/"
    assert found.entries[0].content[0].type == "application/xhtml+xml"
    assert [address for address, _ in linked(found.entries[1])][:1] == [url]


def test_every_address_in_the_feed_is_one_of_a_page(
    book: Book, pages: frozenset[str], plain: Book
) -> None:
    """Whatever was changed: each document by itself, and all of them."""
    paths = sorted({path for route in sample_books.table(plain).indexed for path in route.sources})
    changes = (change(0, *paths), *(change(1, path) for path in paths))
    found: set[str] = set()
    for start in range(0, len(changes), 50):
        read_back = parse_feed(
            feed(sample_books.table(book), history_of(*changes[start : start + 50]))
        )
        found |= {each.link for each in read_back.entries}
        found |= {address for each in read_back.entries for address, _ in linked(each)}
    assert found <= {book.settings.url + address for address in pages}
    assert len(found) == len(pages)


def test_ids_stay_when_the_feed_is_made_again_and_when_the_site_moves(small: Book) -> None:
    """A reader that has read an entry must not be shown it once more; no two are the same."""
    history = history_of(*(change(number, "codes/1010.md") for number in range(3)))
    later = history_of(change(-1, "index.md"), *history.changes)
    made = [feed(sample_books.table(with_url(small, base)), history) for base in (*BASES, BASES[0])]
    assert made[0] == made[2] != made[1]
    ids = [[found.feed.id, *(each.id for each in found.entries)] for found in map(parse_feed, made)]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 4
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", each) for each in ids[0])
    after = parse_feed(feed(sample_books.table(with_url(small, BASES[0])), later))
    assert [after.feed.id, *(each.id for each in after.entries[1:])] == ids[0]


def test_ids_are_those_that_were_published(small: Book) -> None:
    """If this test has to be changed, every reader will take every entry for a new one."""
    found = parse_feed(
        feed(sample_books.table(with_url(small, BASES[0])), history_of(change(1, "index.md")))
    )
    assert (found.feed.id, found.entries[0].id) == (
        "urn:uuid:11684314-f733-528a-9fae-58d9ab27f879",
        "urn:uuid:5ea52859-2148-552c-ad56-224bf506319c",
    )


def pages_of(book: Book, *paths: str) -> list[str]:
    """The addresses that a change of these files leads to, as its entry lists them."""
    url = BASES[0]
    found = parse_feed(feed(sample_books.table(with_url(book, url)), history_of(change(0, *paths))))
    return [address.removeprefix(url) for each in found.entries for address, _ in linked(each)]


def test_a_change_leads_to_the_pages_that_are_made_from_it(small: Book) -> None:
    """A table is on its own page, and on those of the codes that it names."""
    assert pages_of(small, "index.md") == [""]
    assert pages_of(small, "guides/in-or-out.md") == ["guides/in-or-out/"]
    assert pages_of(small, "tables/lanterns.md") == ["tables/lanterns/"]
    rows = {row.code.number for row in small.tables[0].rows}
    assert pages_of(small, "tables/lanterns.csv") == [
        *(f"signals/{number}/" for number in small.codes if number in rows),
        "tables/lanterns/",
    ]


def test_what_is_shared_leads_to_all_pages_made_from_it(small: Book) -> None:
    """Where nothing else was touched, that is: what belongs to fewer pages tells more."""
    listed = [route.url for route in sample_books.table(small).indexed]
    assert pages_of(small, "harbour-signals.md") == [
        address for address in listed if not address.startswith(("guides/", "tables/"))
    ]
    assert pages_of(small, "facts.toml") == [f"signals/{n}/" for n in (1010, 1020, 6660)]
    assert pages_of(small, "book.toml") == listed[:20]
    assert pages_of(small, "harbour-signals.md", "facts.toml", "book.toml") == listed[:20]
    assert pages_of(small, "book.toml", "harbour-signals.md", "codes/1010.md") == ["signals/1010/"]


def test_a_change_of_what_is_on_no_page_is_not_told(small: Book) -> None:
    """A licence, a list of addresses, a page that is gone."""
    assert pages_of(small, "LICENSE", "addresses.txt", "codes/1999.md", "guides/gone.md") == []
    found = parse_feed(
        feed(sample_books.table(with_url(small, BASES[0])), history_of(change(0, "LICENSE")))
    )
    assert (found.entries, found.feed.updated) == ([], START.isoformat())


def test_an_entry_names_some_pages_and_says_how_many_more(book: Book) -> None:
    """As many as somebody may read."""
    listed = list(sample_books.table(book).indexed)
    found = parse_feed(feed(sample_books.table(book), history_of(change(0, "book.toml"))))
    assert linked(found.entries[0]) == [
        (book.settings.url + page.url, page.title) for page in listed[:20]
    ]
    assert f"and {len(listed) - 20} more" in found.entries[0].content[0].value


def test_the_feed_holds_the_newest_changes_alone(small: Book) -> None:
    """Fifty that touched pages, however many lie between them."""
    changes = [
        change(number, "codes/1010.md" if number % 2 else "LICENSE", subject=str(number))
        for number in range(200)
    ]
    found = parse_feed(feed(sample_books.table(with_url(small, BASES[0])), history_of(*changes)))
    assert [each.title for each in found.entries] == [str(n) for n in range(1, 100, 2)]
    assert found.feed.updated == changes[1].when.isoformat()


def test_no_title_and_no_subject_breaks_the_feed(small: Book) -> None:
    """What cannot be said is marked; markup is text; an entry without a subject has a title."""
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
