"""The sitemap lists every page once, with the date of its last change if known."""

from __future__ import annotations

from datetime import timedelta

import pytest
import xmlschema
from msgspec.structs import replace

from codebook.book.book import Book
from codebook.site.feeds.sitemap import sitemap
from tests.sample_books import (
    BASES,
    START,
    change,
    history_of,
    one_commit_history,
    parse_sitemap,
    schema,
    table,
    with_url,
)


def test_every_page_is_listed_once(book: Book, page_urls: frozenset[str]) -> None:
    """No page is missing, and neither the error page nor redirects are listed."""
    dates = parse_sitemap(sitemap(table(book), None))
    assert set(dates) == {book.settings.url + url for url in page_urls}
    assert not {book.settings.url + redirect.url for redirect in table(book).site.redirects} & set(
        dates
    )


@pytest.mark.parametrize(
    "error",
    [
        ("<loc>https:", "<loc>ftp:"),
        ("<loc>https://codes.example/</loc>", ""),
        ("2096-02-03T04:05:06+00:00", "2096-02-03T04:05:06"),
        ("2096-02-03T04:05:06+00:00", "3 February 2096"),
        ("2096-02-03T04:05:06+00:00", "2096-02-30"),
        ("<loc>https://codes.example/", f"<loc>https://codes.example/{'x' * 2048}"),
        ("/sitemap/0.9", "/sitemap/0.8"),
        ("signals/</loc>", "</loc>"),
        ("lastmod", "modified"),
    ],
)
def test_the_schema_of_sitemaps_finds_errors(small: Book, error: tuple[str, str]) -> None:
    """Otherwise, a valid sitemap would prove nothing."""
    data = sitemap(table(with_url(small, BASES[0])), one_commit_history(small)).decode()
    assert error[0] in data
    schema.validate(data)
    with pytest.raises(xmlschema.XMLSchemaException):
        schema.validate(data.replace(*error))


def test_a_page_changed_when_the_newest_of_its_documents_did(small: Book) -> None:
    """A code's page is made from its register, its article, the facts and tables.

    Pages that compare the facts of codes, such as classes and some guides, depend on theirs.
    """
    book = with_url(small, BASES[0])
    history = history_of(
        change(1, "codes/1010.md"),
        change(2, "guides/in-or-out.md", "facts.toml"),
        change(3, "codes/1020.md", "tables/lanterns.csv", "tables/lanterns.md"),
        change(4, "index.md"),
        change(5, "harbor-signals.md", "codes/6660.md", "tables/ships.csv", "tables/ships.md"),
    )
    days = {
        "": 4,
        "signals/": 5,
        "signals/1010/": 1,
        "signals/1020/": 2,
        "signals/1xxx/": 1,
        "signals/2xxx/": 5,
        "guides/in-or-out/": 1,
        "tables/lanterns/": 3,
    }
    dates = parse_sitemap(sitemap(table(book), history))
    for url, day in days.items():
        assert dates[BASES[0] + url] == (START - timedelta(days=day)).isoformat(), url


def test_an_unknown_date_is_omitted(small: Book) -> None:
    """It's unknown if the date of any of the documents is unknown."""
    book = with_url(small, BASES[0])
    history = one_commit_history(book)
    incomplete = replace(
        history,
        dates={path: when for path, when in history.dates.items() if path.stem != "1010"},
    )
    dates = parse_sitemap(sitemap(table(book), incomplete))
    assert {url.removeprefix(BASES[0]) for url, date in dates.items() if date is None} == {
        "signals/1xxx/",
        "signals/1010/",
        "guides/in-or-out/",
    }
    assert set(parse_sitemap(sitemap(table(book), None)).values()) == {None}
