"""The books and sites that several test files use."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from bs4 import BeautifulSoup

from codebook.book.book import Book
from codebook.diagnostics.source import Folder
from tests import sample_books
from tests.sample_books import BASES, PUBLIC, Files, parse_pages, publish, with_url


@pytest.fixture(scope="session")
def public_site(
    content: Folder, once_per_run: Callable[[str, Callable[[], Files]], Files]
) -> Files:
    """The site at its public URL, without cards."""
    return once_per_run("public-site", lambda: publish(content, PUBLIC))


@pytest.fixture(scope="session")
def pages(built_site: Files) -> Mapping[str, BeautifulSoup]:
    """The pages of the site without a base URL, by their URL."""
    return parse_pages(built_site)


@pytest.fixture(scope="session")
def page_urls(built_site: Files) -> frozenset[str]:
    """The URLs of all pages of the repository's book, from its files."""
    return sample_books.page_urls(built_site)


@pytest.fixture(scope="session")
def plain() -> Book:
    """The book of the repository, without a base URL."""
    return sample_books.repository_book()


@pytest.fixture(scope="module", params=BASES)
def book(request: pytest.FixtureRequest) -> Book:
    """The book of the repository, at the root of a host and below a path."""
    return with_url(sample_books.repository_book(), request.param)


@pytest.fixture(scope="session")
def small() -> Book:
    """A book with all kinds of documents that one can count."""
    return sample_books.second_book()
