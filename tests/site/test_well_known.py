"""Standard parsers accept `robots.txt` and `security.txt`."""

from __future__ import annotations

from datetime import date
from urllib.robotparser import RobotFileParser

import sectxt  # type: ignore[import-untyped]
from msgspec.structs import replace

from codebook.book import urls
from codebook.book.book import Book
from codebook.site.feeds.well_known import robots, security
from tests.sample_books import BASES, security_contact, summary, with_url


def test_crawlers_can_read_everything_and_find_the_sitemap(book: Book) -> None:
    """Python's own parser reads the file."""
    parser = RobotFileParser()
    parser.parse(robots(summary(book)).decode("ascii").splitlines())
    assert parser.site_maps() == [f"{book.settings.url}sitemap.xml"]
    for url in ("", "status/404/", "api/v1/index.json", "status/?q=x"):
        assert parser.can_fetch("AnyBot/1.0", book.settings.url + url)


def test_a_security_parser_accepts_the_notice(book: Book) -> None:
    """It has the contacts in order, an expiration date in the near future, and its URL."""
    contact = security_contact(policy="https://codes.example/policy/")
    data = security(summary(replace(book, settings=replace(book.settings, security=contact))))
    assert data is not None
    url = book.settings.url + urls.SECURITY
    parser = sectxt.Parser(data, urls=url)
    assert parser.errors == []
    # A signature and a key are for a person to add, not for a build.
    assert {hint["code"] for hint in parser.recommendations} <= {"not_signed", "no_encryption"}
    assert parser.notifications == []
    assert [(line["field_name"], line["value"]) for line in parser.lines if line["value"]] == [
        ("contact", "https://codes.example/tell/"),
        ("contact", "mailto:tell@codes.example"),
        ("expires", f"{contact.expires.isoformat()}T00:00:00Z"),
        ("preferred-languages", "en"),
        ("canonical", url),
        ("policy", "https://codes.example/policy/"),
    ]


def test_a_notice_has_only_the_configured_fields(plain: Book) -> None:
    """Without settings, there is no notice; without a URL, no policy or canonical URL."""
    assert security(summary(with_url(plain, BASES[0]))) is None
    data = security(summary(with_url(plain, "http://codes.example/", security=security_contact())))
    assert data is not None
    assert sectxt.Parser(data).errors == []
    assert b"Policy" not in data
    assert b"Canonical" not in data


def test_an_expired_notice_is_detected(plain: Book) -> None:
    """The parser compares days, which start at midnight UTC."""
    contact = security_contact(expires=date(2020, 2, 29))
    data = security(summary(with_url(plain, BASES[0], security=contact)))
    assert data is not None
    assert b"\nExpires: 2020-02-29T00:00:00Z\n" in data
    assert [error["code"] for error in sectxt.Parser(data).errors] == ["expired"]
