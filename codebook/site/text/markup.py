"""Pieces of Markdown: a book's texts with addresses that hold elsewhere, plain words, tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from codebook.book import urls
from codebook.book.book import Book, Code, Fact
from codebook.book.citations import split_citations
from codebook.book.documents import Body, CodeBlock, Comparison
from codebook.book.settings import FactKind
from codebook.syntax.rich_text import Text

_SIGNS = re.compile(r"[\\`*\[\]<|]|(?<!\w)_++|_++(?!\w)|&(?=#?\w+;)|~(?=~)")
"""What would be read as markup within a line, in CommonMark 0.31.2 or in GitHub's tables."""


def text_markdown(text: Text, book: Book, here: str) -> str:
    """A text of the book, its links as the file at `here` names them."""
    url = book.settings.url
    return text.markdown(lambda target: urls.absolute_or_relative(url, here, book.address(target)))


def body_markdown(body: Body, book: Book, here: str) -> str:
    """A long text of the book, from its first heading or words to its last."""
    return "\n\n".join(part_markdown(part, book, here) for part in body.parts)


def part_markdown(part: Text | Comparison | CodeBlock, book: Book, here: str) -> str:
    """One part of a long text."""
    match part:
        case Comparison():
            codes, kinds = book.compared(part), book.kinds(part)
            return side_by_side(codes, kinds, book, here, brief=part.codes is None)
        case CodeBlock():
            return text_markdown(part.text, book, here)
        case _:
            return text_markdown(part, book, here)


def side_by_side(
    codes: Sequence[Code], kinds: Sequence[FactKind], book: Book, here: str, *, brief: bool
) -> str:
    """These facts of these codes; brief ones leave note and source to the code's own page."""
    rows: list[list[str]] = []
    for code in codes:
        facts = {fact.kind.key: fact for fact in code.facts}
        cells = (facts.get(kind.key) for kind in kinds)
        row = [_cell(each, book, brief=brief) if each else "not stated" for each in cells]
        rows.append([code_link(code, book, here), *row])
    return table(["Code", *(words(kind.label) for kind in kinds)], rows)


def sentences(fact: Fact, book: Book) -> str:
    """Everything about a fact, its value first."""
    said = [words(each.rstrip(".")) for each in (fact.value, fact.meaning, fact.note) if each]
    if fact.uncertain:
        said.append(f"Uncertain: {words(fact.uncertain.rstrip('.'))}")
    return ". ".join([*said, f"Source: {citation(fact.source, book)}"])


def citation(plain: str, book: Book) -> str:
    """Plain words in which web addresses, and citations that the book knows, are links."""
    return "".join(
        f"<{each.url}>"
        if each.is_address
        else link(each.text, each.url)
        if each.url
        else words(each.text)
        for each in split_citations(plain, book.settings.citations)
    )


def code_link(code: Code, book: Book, here: str) -> str:
    """A link to the page of a code, with what is to be known before one goes there."""
    address = urls.code(book.settings.path, code.number)
    marks = "".join(f" ({words(mark)})" for mark in code.marks)
    return link(code.title, urls.absolute_or_relative(book.settings.url, here, address)) + marks


def link(plain: str, url: str) -> str:
    """Plain words that lead somewhere."""
    return f"[{words(plain)}]({url.replace('(', '%28').replace(')', '%29')})"


def words(plain: str) -> str:
    """Plain words within a line, so that they are read as nothing else."""
    return _SIGNS.sub(lambda match: re.sub("(.)", r"\\\1", match[0]), " ".join(plain.split()))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as GitHub writes it; the cells are Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(each or " " for each in line) + " |" for line in lines)


def _cell(fact: Fact, book: Book, *, brief: bool) -> str:
    if brief:
        return words(fact.value)
    told = [fact.value, *([fact.note] if fact.note else [])]
    told += [f"uncertain: {fact.uncertain}"] if fact.uncertain else []
    return f"{words('. '.join(each.rstrip('.') for each in told))} ({citation(fact.source, book)})"
