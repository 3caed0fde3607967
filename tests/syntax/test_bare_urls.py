"""Bare URLs and email addresses are links, as in GitHub Flavored Markdown."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from bs4 import BeautifulSoup

from codebook.book.documents import Guide
from codebook.book.parse import parse_documents
from codebook.cache import Cache
from codebook.diagnostics.diagnostic import Parsed
from codebook.diagnostics.source import Folder
from codebook.syntax.rich_text import Text

LINKS = {
    "www.commonmark.org": ["http://www.commonmark.org"],
    "Visit www.commonmark.org/help for more.": ["http://www.commonmark.org/help"],
    "Visit www.commonmark.org/a.b.": ["http://www.commonmark.org/a.b"],
    "www.google.com/search?q=Markup+(business)))": [
        "http://www.google.com/search?q=Markup+(business)"
    ],
    "(www.google.com/search?q=Markup+(business))": [
        "http://www.google.com/search?q=Markup+(business)"
    ],
    "www.google.com/search?q=(business))+ok": ["http://www.google.com/search?q=(business))+ok"],
    "www.google.com/search?q=a&hl=en": ["http://www.google.com/search?q=a&hl=en"],
    "www.google.com/search?q=a&hl;": ["http://www.google.com/search?q=a"],
    "www.commonmark.org/he<lp": ["http://www.commonmark.org/he"],
    "(Visit https://example.org/?q=Markup+(business))": [
        "https://example.org/?q=Markup+(business)"
    ],
    "foo@bar.baz": ["mailto:foo@bar.baz"],
    "hello@mail+xyz.example isn't, but hello+xyz@mail.example is.": [
        "mailto:hello+xyz@mail.example"
    ],
    "a.b-c_d@a.b, a.b-c_d@a.b.": ["mailto:a.b-c_d@a.b", "mailto:a.b-c_d@a.b"],
    "a.b-c_d@a.b- and a.b-c_d@a.b_": [],
    "**See http://inlines**": ["http://inlines"],
    "~~www.google.com~~": ["http://www.google.com"],
    "\"http://google.com\", 'http://google.com'": ["http://google.com", "http://google.com"],
    "HTTPS://EXAMPLE.ORG/a": ["HTTPS://EXAMPLE.ORG/a"],
    "http://localhost:8080/a?b[]=c": ["http://localhost:8080/a?b%5B%5D=c"],
    "https://example.org/_a_b_/*c*/d": ["https://example.org/_a_b_/*c*/d"],
    "请看https://example.org/a。请": ["https://example.org/a"],
    "https://example.org/\\*a\\*": ["https://example.org/"],
    "| a |\n|---|\n| www.example.org |": ["http://www.example.org"],
    "[https://example.org](https://example.org/b)": ["https://example.org/b"],
    "[at https://example.org](mailto:a@example.org)": ["mailto:a@example.org"],
    "<https://example.org/>": ["https://example.org/"],
}
"""Texts with the URLs of their links; most are examples of the GitHub Flavored Markdown Spec."""
PLAIN = (
    *("ahttp://example.org", "http://", "https://]", "www.", "www.example", "https://a_b.c_d.org"),
    *(
        "ftp://example.org/",
        "user@host:1",
        "@scope/package@1.2.3",
        "/a@example.org",
        "https:/a.org",
    ),
    *("`https://example.org/`", "www\\.example.org", "https\\://example.org/"),
    "```text\nhttps://example.org/\n```",
)
"""Texts without a link."""


def guide(text: str, title: str = "Title") -> Parsed[Guide]:
    """A guide with this text below its title, in line 3."""
    files = {PurePosixPath("guides/a.md"): f"# {title}\n\n{text}\n".encode()}
    parsed = parse_documents(Cache(), Folder("content", files))
    (document,) = parsed.value.guides
    problems = (it for it in parsed.diagnostics if it.span.path == "content/guides/a.md")
    return Parsed(document, tuple(problems))


def links(text: str) -> list[str]:
    """The URLs of the links in a text."""
    parts = (part for part in guide(text).value.body.parts() if isinstance(part, Text))
    page = "".join(part.html(str) for part in parts)
    return [str(link["href"]) for link in BeautifulSoup(page, "html.parser").find_all("a")]


@pytest.mark.parametrize("text", LINKS)
def test_a_bare_url_is_a_link(text: str) -> None:
    """It ends before the punctuation of the sentence."""
    assert links(text) == LINKS[text]


@pytest.mark.parametrize("text", PLAIN)
def test_text_that_only_resembles_a_url_is_not_a_link(text: str) -> None:
    """Code, escaped text, parts of words, and other schemes stay as they are."""
    assert links(text) == []


def test_a_bare_url_stays_as_written_in_the_markdown_version() -> None:
    """Its text is also the plain text."""
    (text,) = guide("See https://example.org/_a_, (www.example.org).").value.body.parts()
    assert isinstance(text, Text)
    assert text.markdown(str) == "See https://example.org/_a_, (www.example.org)."
    assert text.plain == "See https://example.org/_a_, (www.example.org)."


def test_a_bare_url_that_is_not_allowed_is_an_error_at_the_url() -> None:
    """As for any other link."""
    (diagnostic,) = guide("See https://user:password@example.org/ there.").diagnostics
    assert (diagnostic.rule, diagnostic.span.column, diagnostic.span.length) == (
        "forbidden-link",
        5,
        34,
    )


def test_a_bare_url_in_a_title_is_text() -> None:
    """A title can't contain a link, and the author can't write the URL in any other way."""
    parsed = guide("Words.", title="About www.example.org")
    assert parsed.value.title == "About www.example.org"
    assert not parsed.diagnostics
