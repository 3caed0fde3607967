"""Texts keep their author's Markdown, with placeholders for link targets."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from pathlib import Path, PurePosixPath

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from codebook.book.check import assemble
from codebook.book.parse import parse_documents
from codebook.cache import Cache
from codebook.diagnostics.source import Source
from codebook.io.sources import read_folder
from codebook.site.text.markup import escape
from codebook.syntax import markdown
from codebook.syntax.rich_text import LinkTarget, Text

ROOT = Path(__file__).resolve().parents[2]


def texts(folder: Path) -> Iterator[Text]:
    """Every formatted text in a book."""
    documents = parse_documents(Cache(), read_folder(folder, "content")).value
    book = assemble(Cache(), documents).value
    for part in (part for body in documents.bodies for part in body.parts()):
        if isinstance(part, Text):
            yield part
        elif hasattr(part, "text"):
            yield part.text
    yield from (code.text for code in book.codes.values())
    yield from (credit.text for credit in book.settings.credits)
    yield from (text for register in book.registers for text in register.references)


TEXTS = [*texts(ROOT / "content"), *texts(ROOT / "tests" / "fixtures" / "second-book")]


def parse(written: str) -> Text:
    """The text of some Markdown."""
    source = Source.of(PurePosixPath("guides/a.md"), "content/guides/a.md", written)
    document = markdown.read(source).value
    assert document is not None
    return markdown.text_of(document.blocks)


def seen(html: str) -> str:
    """The visible text of some HTML, with spaces collapsed."""
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


def test_every_link_has_a_placeholder_in_the_markdown() -> None:
    """No text in the two books has a link to a file in place of a URL."""
    assert TEXTS
    for text in TEXTS:
        assert tuple(part for part in text.written if isinstance(part, LinkTarget)) == text.targets


@pytest.mark.slow
def test_the_markdown_of_every_text_matches_its_html() -> None:
    """Parsing the Markdown again gives the same text and the same links."""
    engine = MarkdownIt("commonmark", {"html": False}).enable("table")
    for text in TEXTS:
        rendered = BeautifulSoup(engine.render(text.markdown(lambda _: "x/")), "html.parser")
        first = BeautifulSoup(text.html(lambda _: "x/"), "html.parser")
        assert seen(str(rendered)) == seen(str(first))
        assert [a["href"] for a in rendered("a")] == [a["href"] for a in first("a")]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("See [one](b.md) and [two](c.md#d).", "See [one](X) and [two](X)."),
        ("1 \\* 2\n\n[a](b.md)\n\n1 * 2", "1 \\* 2\n\n[a](X)\n\n1 * 2"),
        ("`](b.md)` is code, [this](b.md) a link.", "`](b.md)` is code, [this](X) a link."),
        ("[b.md](b.md) and [b.md](b.md)", "[b.md](X) and [b.md](X)"),
        ("[a](<b.md>) [c](b%20c.md)", "[a](<X>) [c](X)"),
        ("- [a](b.md)\n- two\n\n      code\n\n1. x", "- [a](X)\n- two\n\n      code\n\n1. x"),
        ("> [a](b.md)\n> b", "> [a](X)\n> b"),
        ("| a |\n|---|\n| [a](b.md) |", "| a |\n|---|\n| [a](X) |"),
        ("[out](https://example.org/) [a](b.md)", "[out](https://example.org/) [a](X)"),
        ("Text\nin lines  \nand [a](b.md)", "Text\nin lines  \nand [a](X)"),
        ("<a:b> `<d>` is not", "\\<a:b> `<d>` is not"),
        ("## Heading {#own}\n\nText", "## Heading\n\nText"),
    ],
)
def test_markdown_is_kept_as_it_was_written(written: str, expected: str) -> None:
    """Only targets of links within the book are replaced."""
    assert parse(written).markdown(lambda _: "X") == expected


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40))
def test_escaped_text_is_plain_text(plain: str) -> None:
    """Markdown shows every value from a table or front matter unchanged."""
    html = MarkdownIt("commonmark").enable("table").render(f"a {escape(plain)} z")
    expected = " ".join(f"a {' '.join(plain.split())} z".split())
    assert " ".join(unescape(html).removeprefix("<p>").removesuffix("</p>\n").split()) == expected


def headings(written: str) -> list[str]:
    """The slugs of the headings in some Markdown."""
    source = Source.of(PurePosixPath("guides/a.md"), "content/guides/a.md", written)
    parsed = markdown.read(source)
    assert parsed.value is not None
    assert not parsed.diagnostics
    return [heading.slug for heading in markdown.headings_of(parsed.value.blocks, source)]


@pytest.mark.parametrize(
    ("written", "slugs"),
    [
        ("## In the night", ["in-the-night"]),
        ("## After dark {#in-the-night}", ["in-the-night"]),
        ("## After dark{#in-the-night}", ["in-the-night"]),
        ("## In the night\n\n## Dark {#in-the-night}", ["in-the-night-1", "in-the-night"]),
        ("## {#b}", ["b"]),
        ("## Code `{#b}`", ["code-b"]),
    ],
)
def test_a_heading_keeps_its_id_when_its_text_changes(written: str, slugs: list[str]) -> None:
    """An explicit ID is the slug of its heading, and no other heading gets it."""
    assert headings(written) == slugs


@pytest.mark.parametrize("written", ["## A {#B}", "## A {#b_c}", "## A {#b} c", "# A {#b}"])
def test_what_cannot_be_an_id_is_text_with_a_warning(written: str) -> None:
    """The author would see it only on the page."""
    source = Source.of(PurePosixPath("guides/a.md"), "content/guides/a.md", written)
    (diagnostic,) = markdown.read(source).diagnostics
    assert diagnostic.rule == "unread-markup"
    assert diagnostic.span.column == written.index("{") + 1
