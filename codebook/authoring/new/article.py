"""A new article: its head filled in from the tables, its first section begun."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from textwrap import wrap

from codebook.authoring.new.words import MARK, quoted
from codebook.book import urls
from codebook.book.book import Book, Code, Excerpt
from codebook.book.citations import split_citations
from codebook.book.settings import FactKind

_WIDTH = 98
_NO_BREAK = "\N{NO-BREAK SPACE}"
_BARE = re.compile(r"[A-Za-z0-9_-]+")
"""A key that TOML takes without quotes."""


def article(book: Book, code: Code) -> str:
    """The text of `codes/NUMBER.md` for a code that has no article.

    What the book knows is set; what else a head may hold stands there as remarks, each ready to
    be filled in. Remarks of TOML are shown on no page.
    """
    head = "\n".join(["```toml", *_head(book, code), "```"])
    heading = opening(book, code)
    section = f"## {heading}\n\n" if heading else ""
    return f"{head}\n\n{section}{MARK}: write this section.\n"


def opening(book: Book, code: Code) -> str:
    """The heading that most articles of the code's register begin with; empty where any may be."""
    others = (each for each in book.codes.values() if each.register == code.register)
    first = Counter(
        each.article.body.headings[0].text
        for each in others
        if each.article and each.article.body.headings
    )
    allowed = book.settings.headings
    return next((text for text, _ in first.most_common() if text in allowed), "".join(allowed[:1]))


def _head(book: Book, code: Code) -> Iterator[str]:
    spec = _spec(book, code)
    yield f"name = {quoted(code.name)}" if code.name else '# name = ""'
    yield f"spec = {quoted(spec)}" if spec else '# spec = ""'
    yield '# formerly = [{ name = "", source = "" }]'
    yield f"see_also = [{', '.join(map(str, _neighbours(book, code)))}]"
    yield '# keywords = [""]'
    if _is_taken(book, code):
        yield "# The name leads to another code already; this one has its number alone."
        yield "aliases = []"
    if book.settings.headings:
        yield ""
        yield from _remark("Sections, in this order: ", book.settings.headings)
    if book.facts:
        yield ""
        yield "# Take the # away from what you know, and say where it is written."
        yield "[facts]"
    for kind in book.facts.values():
        yield from _fact(kind, code)


def _spec(book: Book, code: Code) -> str:
    """What the table that names the codes cites at the beginning of a cell."""
    names = book.settings.names
    for excerpt in code.excerpts:
        if names and excerpt.table.slug == names.table.text:
            for cell in (cell for row in excerpt.rows for cell in row.cells):
                first = next(split_citations(cell, book.settings.citations), None)
                if first and first.url and not first.is_address:
                    return first.text
    return ""


def _is_taken(book: Book, code: Code) -> bool:
    """Whether the address that the code's name makes is that of another code as well."""
    address = urls.name_url(book.settings.path, urls.slug(code.name))
    own = urls.code(book.settings.path, code.number)
    return any(each.address == address and each.to != own for each in book.redirects)


def _neighbours(book: Book, code: Code) -> Iterator[int]:
    """The codes whose articles name this one: neighbours name each other."""
    for other in book.codes.values():
        named = other.article.see_also if other.article else ()
        if any(each.number == code.number for each in named):
            yield other.number


def _remark(said: str, words: Iterable[str]) -> Iterator[str]:
    """Lines of TOML that say nothing to a program; none of the words is broken in two."""
    whole = ", ".join(each.replace(" ", _NO_BREAK) for each in words)
    for line in wrap(said + whole, _WIDTH, break_long_words=False, break_on_hyphens=False):
        yield f"# {line}".replace(_NO_BREAK, " ")


def _fact(kind: FactKind, code: Code) -> Iterator[str]:
    """A fact as the head states it where it is known, else as a remark."""
    allowed = map(quoted, kind.values) if kind.values else ("in your own words",)
    yield from _remark(f"{kind.label}: ", allowed)
    key = kind.key if _BARE.fullmatch(kind.key) else quoted(kind.key)
    known = [found for excerpt in code.excerpts for found in _stated(kind, excerpt)]
    if len({value for value, _ in known}) == 1:
        value, source = known[0]
        yield f"{key} = {{ value = {quoted(value)}, source = {quoted(source)} }}"
    else:
        yield f'# {key} = {{ value = "", source = "" }}'


def _stated(kind: FactKind, excerpt: Excerpt) -> Iterator[tuple[str, str]]:
    """The values in a column that has the fact's own key, and where the table is from."""
    for place, column in enumerate(excerpt.table.columns):
        if column.key == kind.key:
            for row in excerpt.rows:
                value = row.cells[place].strip()
                if value in kind.values or (value and not kind.values):
                    yield value, excerpt.table.source
