"""Every text of a book is kept as its author wrote it, with a hole for each address."""

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
from codebook.io import read_folder
from codebook.site.text.markup import escape
from codebook.syntax import markdown
from codebook.syntax.rich_text import LinkTarget, Text

ROOT = Path(__file__).resolve().parent.parent


def texts(folder: Path) -> Iterator[Text]:
    """Every formatted text of a book."""
    found = parse_documents(Cache(), read_folder(folder, "content")).value.documents
    book = assemble(found).value
    for part in (part for body in found.bodies for part in body.parts):
        if isinstance(part, Text):
            yield part
        elif hasattr(part, "text"):
            yield part.text
    yield from (code.text for code in book.codes.values())
    yield from (credit.text for credit in book.settings.credits)
    yield from (each for register in book.registers for each in register.references)


TEXTS = [*texts(ROOT / "content"), *texts(ROOT / "tests" / "fixtures" / "second-book")]


def of(written: str) -> Text:
    """The text that some Markdown becomes."""
    source = Source.of(PurePosixPath("guides/a.md"), "content/guides/a.md", written)
    found = markdown.read(source).value
    assert found is not None
    return markdown.text_of(found.blocks)


def seen(html: str) -> str:
    """What a reader sees of some HTML, blanks collapsed."""
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


def test_every_link_of_every_text_has_its_hole_in_the_markdown_too() -> None:
    """No text of the two books keeps a link to a file where an address belongs."""
    assert TEXTS
    for text in TEXTS:
        assert tuple(each for each in text.written if isinstance(each, LinkTarget)) == text.targets


def test_the_markdown_of_every_text_says_what_its_html_says() -> None:
    """Another reading of the Markdown of each text gives the same words and the same links."""
    engine = MarkdownIt("commonmark", {"html": False}).enable("table")
    for text in TEXTS:
        again = BeautifulSoup(engine.render(text.markdown(lambda _: "x/")), "html.parser")
        first = BeautifulSoup(text.html(lambda _: "x/"), "html.parser")
        assert seen(str(again)) == seen(str(first))
        assert [a["href"] for a in again("a")] == [a["href"] for a in first("a")]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("See [one](b.md) and [two](c.md#d).", "See [one](X) and [two](X)."),
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
    """Only the addresses of links into the book are cut out, wherever they stand."""
    assert of(written).markdown(lambda _: "X") == expected


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40))
def test_plain_words_are_read_as_nothing_but_words(plain: str) -> None:
    """Whatever a table or a head holds, it is shown in Markdown as it is."""
    shown = MarkdownIt("commonmark").enable("table").render(f"a {escape(plain)} z")
    expected = " ".join(f"a {' '.join(plain.split())} z".split())
    assert " ".join(unescape(shown).removeprefix("<p>").removesuffix("</p>\n").split()) == expected


def headings(written: str) -> list[str]:
    """The slugs of the headings in some Markdown."""
    source = Source.of(PurePosixPath("guides/a.md"), "content/guides/a.md", written)
    found = markdown.read(source)
    assert found.value is not None
    assert not found.diagnostics
    return [each.slug for each in markdown.headings_of(found.value.blocks, source)]


@pytest.mark.parametrize(
    ("written", "slugs"),
    [
        ("## In the night", ["in-the-night"]),
        ("## After dark {#in-the-night}", ["in-the-night"]),
        ("## After dark{#in-the-night}", ["in-the-night"]),
        ("## In the night\n\n## Dark {#in-the-night}", ["in-the-night-1", "in-the-night"]),
        ("## A {#B}", ["a-b"]),
        ("## A {#b} c", ["a-b-c"]),
        ("## {#b}", ["b"]),
        ("# A {#b}", ["a-b"]),
        ("## Code `{#b}`", ["code-b"]),
    ],
)
def test_a_heading_keeps_its_address_when_its_words_change(written: str, slugs: list[str]) -> None:
    """An id behind the words of a heading is its address, and no other heading gets it."""
    assert headings(written) == slugs
