"""How the cost of a build grows with everything that a book can have many of.

For each thing there is a book with n of it and little else. Its cost is the time on all processors,
less that of an almost empty book.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path

from bench.generators.codebook import Codebook
from bench.generators.generator import write_text
from bench.measure import cost_of
from bench.results import MEASURABLE, Growth
from bench.synthetic import synthetic_book

Book = Mapping[str, str]
"""The files of a content folder."""

_SMALLEST = 50
_LARGEST = 20_000
_MAX_BYTES = 250_000
"""A quarter of what a file of a book, and its HTML, can have: HTML is longer than Markdown."""
_RUNS = 2
"""How often each size is built; the fastest run counts."""


def growths(program: Codebook, folder: Path) -> Iterator[Growth]:
    """Build the books of all things in a folder, and delete nothing, because that would take time.

    Each thing begins with the size that costs enough to be measured.
    """

    def seconds(book: Book) -> float:
        return _seconds(program, book, Path(tempfile.mkdtemp(dir=folder)))

    empty = min(seconds(_book()) for _ in range(_RUNS + 1))
    for thing, book in THINGS.items():
        sys.stderr.write(f"growth: {thing}\n")
        size = next(
            size
            for size in (_SMALLEST * 2**doubling for doubling in count())
            if size >= _LARGEST
            or not _fits(book(size * 8))
            or seconds(book(size)) - empty >= MEASURABLE
        )
        first, second, third = (
            min(seconds(book(size * factor)) for _ in range(_RUNS)) - empty for factor in (1, 2, 4)
        )
        yield Growth(thing, size, (first, second, third))


def _fits(book: Book) -> bool:
    return all(len(text) <= _MAX_BYTES for text in book.values())


def _seconds(program: Codebook, book: Book, folder: Path) -> float:
    """The processor time of a build in an empty folder."""
    for path, text in book.items():
        write_text(folder / "content" / path, text)
    (folder / "templates").symlink_to(program.checkout / "templates")
    return cost_of(program.command(""), folder).cpu


_SETTINGS = """\
title = "Growth"
description = "A book with many things of one kind."
language = "en"
path = "status"
headings = ["Text"]
"""
_HEAD = "```toml\n{}\n```\n\n## Text\n\n{}\n"


def _book(codes: int = 1, classes: int = 1, files: Book | None = None, settings: str = "") -> Book:
    """A book with so many codes in so many classes of the same size, more files, and settings."""
    size = max(10, -(-codes // classes))
    starts = [1000 + size * index for index in range(classes)]
    contents = "".join(
        f"{at}. Class {at} ({start}–{start + size - 1})\n" for at, start in enumerate(starts, 1)
    )
    sections = "".join(
        f"## {at}. Class {at}\n\n{''.join(map(_entry, _codes_of(start, codes, classes)))}"
        for at, start in enumerate(starts, 1)
    )
    return {
        "book.toml": _SETTINGS + settings,
        "index.md": "# Growth\n\nA book.\n",
        "codes.md": f"/ [Home](index.md)\n\n# Codes\n\n{contents}\n{sections}",
        **(files or {}),
    }


def _codes_of(start: int, codes: int, classes: int) -> range:
    return range(start, start + max(1, codes // classes))


def _entry(code: int) -> str:
    return f"- {code} Name {code}\nThe text of this code.\n\n"


def _with_article(body: str, head: str = "", codes: int = 1, settings: str = "") -> Book:
    """A book whose first code has an article."""
    return _book(codes, files={"codes/1000.md": _HEAD.format(head, body)}, settings=settings)


def _repeated(template: str) -> Callable[[int], Book]:
    """A book with an article in which a text is repeated; `{}` is its number."""

    def book(count: int) -> Book:
        return _with_article("".join(template.format(number) for number in range(count)))

    return book


def _registers(count: int) -> Book:
    first = _book()
    more = {
        f"codes-{number}.md": first["codes.md"]
        .replace("# Codes", f"# Codes {number}")
        .replace("Class 1", f"Class {number}")
        .replace("100", f"{number}0")
        for number in range(200, 200 + count)
    }
    return {**first, **more}


def _articles(count: int) -> Book:
    articles = {
        f"codes/{code}.md": _HEAD.format("", f"The article of {code}.")
        for code in range(1000, 1000 + count)
    }
    return _book(count, files=articles)


def _guides(count: int) -> Book:
    guides = {f"guides/g{number}.md": f"# Guide {number}\n\nText.\n" for number in range(count)}
    return _book(files=guides)


def _table(name: str, rows: int) -> Book:
    lines = (f"1000,Value {number}\n" for number in range(rows))
    head = f'title = "Table {name}"\nsource = "A document"\nread = 2026-11-02\nlicense = "Free"\n'
    columns = '\n[columns]\ncode = "Code"\nvalue = "Value"'
    return {
        f"tables/{name}.csv": "code,value\n" + "".join(lines),
        f"tables/{name}.md": f"```toml\n{head}{columns}\n```\n\nA table.\n",
    }


def _tables(count: int) -> Book:
    tables = [_table(f"t{number}", 1) for number in range(count)]
    return _book(files={path: text for table in tables for path, text in table.items()})


def _facts(count: int) -> Book:
    kinds = (f'[f{at}]\nlabel = "Fact {at}"\nabout = "About it."\n' for at in range(count))
    stated = (f'f{at} = {{ value = "yes", source = "A document" }}\n' for at in range(count))
    article = _with_article("Text.", f"[facts]\n{''.join(stated)}")
    return {**article, "facts.toml": "".join(kinds)}


def _former_names(count: int) -> Book:
    names = (f'{{ name = "Former {at}", source = "A document" }}' for at in range(count))
    return _with_article("Text.", f"formerly = [{', '.join(names)}]")


def _keywords(count: int) -> Book:
    return _with_article("Text.", f"keywords = {[f'k{at}' for at in range(count)]}")


def _aliases(count: int) -> Book:
    return _with_article("Text.", f"aliases = {[f'a{at}' for at in range(count)]}")


def _see_also(count: int) -> Book:
    related = list(range(1001, 1001 + count))
    return _with_article("Text.", f"see_also = {related}", count + 1)


def _links(count: int) -> Book:
    links = (f"- [{code}]({code}.md)\n" for code in range(1000, 1000 + count))
    return _with_article("".join(links), "", count)


def _published(count: int) -> Book:
    urls = "".join(f"status/{code}/\n" for code in range(1000, 1000 + count))
    return _book(count, files={"addresses.txt": urls})


def _moved(count: int) -> Book:
    moved = "".join(f'"guides/old-{number}/" = "guides/g0.md"\n' for number in range(count))
    return {**_guides(1), **_book(settings=f"\n[moved]\n{moved}")}


def _references(count: int) -> Book:
    patterns = (
        f"\n[[references]]\npattern = '\\bDocument {at}\\b'\nurl = \"https://example.org/{at}\"\n"
        for at in range(count)
    )
    return _with_article("See Document 1.", settings="".join(patterns))


def _corpus(count: int) -> Book:
    return {path.as_posix(): text for path, text in synthetic_book(count).items()}


THINGS: Mapping[str, Callable[[int], Book]] = {
    "codes with everything": _corpus,
    "codes": _book,
    "classes": lambda count: _book(count, count),
    "registers": _registers,
    "articles": _articles,
    "guides": _guides,
    "tables": _tables,
    "rows of a table": lambda count: _book(files=_table("t", count)),
    "facts": _facts,
    "former names": _former_names,
    "keywords": _keywords,
    "aliases": _aliases,
    "see_also": _see_also,
    "published URLs": _published,
    "moved URLs": _moved,
    "references": _references,
    "paragraphs": _repeated("Paragraph {}.\n\n"),
    "headings": _repeated("### Heading {}\n\nText.\n\n"),
    "list items": _repeated("- Item {}.\n"),
    "nested list items": _repeated("- Item {}.\n  - Below.\n    - And below that.\n"),
    "rows of a Markdown table": lambda count: _with_article(
        "| a | b |\n|---|---|\n" + "".join(f"| {at} | text |\n" for at in range(count))
    ),
    "code blocks": _repeated("```text\nBlock {}.\n```\n\n"),
    "words with formatting": _repeated("**Word {}** and `code`.\n\n"),
    "external links": _repeated("[Link](https://example.org/{}).\n\n"),
    "links to codes": _links,
}
"""A book with n of each thing."""
