"""The page table: the URLs of routes, and collisions of URLs."""

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
    """A missing URL, or one without a file, stops the build."""
    with pytest.raises(ValueError, match=type(subject).__name__):
        Route("", subject, "", "", json_url=json_url, markdown_url=markdown_url, section=section)


def test_a_page_that_every_book_has_keeps_its_url() -> None:
    """Another page at this URL is an error at its source in the book."""
    error_page = Route("404.html", NotFound(()), "", "")
    redirect = Route("404.html", Redirect("404.html", "status/"), "", "", span=SPAN)
    for routes in ([error_page, redirect], [redirect, error_page]):
        (diagnostic,) = collisions(routes)
        assert (diagnostic.span, diagnostic.note) == (SPAN, None)


def test_colliding_urls_of_built_in_pages_raise_an_exception() -> None:
    """Editing the book can't fix them."""
    error_page = Route("404.html", NotFound(()), "", "")
    with pytest.raises(ValueError, match="404"):
        list(collisions([error_page, error_page]))
