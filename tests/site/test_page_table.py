"""The page table: what a route promises, and what it means that two have one URL."""

from __future__ import annotations

import pytest

from codebook.diagnostics.source import Span
from codebook.site.check.collisions import collisions
from codebook.site.redirects import Redirect
from codebook.site.routes import AllCodes, Home, NotFound, Route, Subject

SPAN = Span("content/book.toml", 3)


@pytest.mark.parametrize(
    ("subject", "json_url", "markdown_url", "section"),
    [
        (AllCodes((), ()), "", "codes/index.md", "Codes"),
        (AllCodes((), ()), "api/v1/index.json", "", "Codes"),
        (AllCodes((), ()), "api/v1/index.json", "codes/index.md", ""),
        (Home(None, ()), "api/v1/index.json", "index.md", "Home"),
        (NotFound(()), "", "index.md", ""),
    ],
)
def test_a_route_has_the_urls_that_its_kind_of_page_has(
    subject: Subject, json_url: str, markdown_url: str, section: str
) -> None:
    """A URL that is forgotten, or that nothing is written to, stops the build."""
    with pytest.raises(ValueError, match=type(subject).__name__):
        Route("", subject, "", "", json_url=json_url, markdown_url=markdown_url, section=section)


def test_a_page_that_every_book_has_keeps_its_url() -> None:
    """What a book puts there is an error, at the line of the book."""
    error_page = Route("404.html", NotFound(()), "", "")
    redirect = Route("404.html", Redirect("404.html", "status/"), "", "", span=SPAN)
    for routes in ([error_page, redirect], [redirect, error_page]):
        (diagnostic,) = collisions(routes)
        assert (diagnostic.span, diagnostic.note) == (SPAN, None)


def test_two_pages_of_every_book_at_one_url_end_the_build() -> None:
    """No edit of a book can fix it, so the build ends."""
    error_page = Route("404.html", NotFound(()), "", "")
    with pytest.raises(ValueError, match="404"):
        list(collisions([error_page, error_page]))
