"""Robots are told what they may read, and whoever finds a hole whom to tell, in words they know."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.robotparser import RobotFileParser

import pytest
import sectxt  # type: ignore[import-untyped]

from codebook.book import urls
from codebook.book.book import Book
from codebook.site.feeds.well_known import robots, security
from tests import sample_books
from tests.sample_books import BASES, security_contact, summary, with_url


@pytest.fixture(scope="module", params=BASES)
def book(request: pytest.FixtureRequest) -> Book:
    """The book of the repository, at the root of a host and below a path."""
    return with_url(sample_books.repository_book(), request.param)


@pytest.fixture(scope="module")
def plain() -> Book:
    """The book of the repository, with no public address."""
    return sample_books.repository_book()


def test_robots_may_read_everything_and_are_told_of_the_map(book: Book) -> None:
    """As Python's own reader of such files understands it."""
    parser = RobotFileParser()
    parser.parse(robots(summary(book)).decode("ascii").splitlines())
    assert parser.site_maps() == [f"{book.settings.url}sitemap.xml"]
    for address in ("", "status/404/", "api/v1/index.json", "status/?q=x"):
        assert parser.can_fetch("AnyBot/1.0", book.settings.url + address)


def test_a_reader_of_security_notices_accepts_ours(book: Book) -> None:
    """The contacts in their order, a day that is not too far away, and where it is."""
    said = security_contact(policy="https://codes.example/policy/")
    data = security(summary(replace(book, settings=replace(book.settings, security=said))))
    assert data is not None
    own = book.settings.url + urls.SECURITY
    found = sectxt.Parser(data, urls=own)
    assert found.errors == []
    # A signature and a key are for a person to add, not for a build.
    assert {each["code"] for each in found.recommendations} <= {"not_signed", "no_encryption"}
    assert found.notifications == []
    assert [(line["field_name"], line["value"]) for line in found.lines if line["value"]] == [
        ("contact", "https://codes.example/tell/"),
        ("contact", "mailto:tell@codes.example"),
        ("expires", f"{said.expires.isoformat()}T00:00:00Z"),
        ("preferred-languages", "en"),
        ("canonical", own),
        ("policy", "https://codes.example/policy/"),
    ]


def test_what_the_settings_do_not_say_is_not_said(plain: Book) -> None:
    """No notice without settings, no policy without an address, nothing that is not https."""
    assert security(summary(with_url(plain, BASES[0]))) is None
    data = security(summary(with_url(plain, "http://codes.example/", security=security_contact())))
    assert data is not None
    assert sectxt.Parser(data).errors == []
    assert b"Policy" not in data
    assert b"Canonical" not in data


def test_a_notice_that_expired_is_found_to_be_so(plain: Book) -> None:
    """The reader looks at the day; it begins at midnight, in UTC."""
    said = security_contact(expires=date(2020, 2, 29))
    data = security(summary(with_url(plain, BASES[0], security=said)))
    assert data is not None
    assert b"\nExpires: 2020-02-29T00:00:00Z\n" in data
    assert [each["code"] for each in sectxt.Parser(data).errors] == ["expired"]
