"""The sites of the repository's book that several test files use."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from bs4 import BeautifulSoup

from codebook.diagnostics.source import Folder
from tests.sample_books import PUBLIC, Files, parse_pages, publish


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
