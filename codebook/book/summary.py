"""A book cut down to what its pages say of each other.

The page of one code shows all that the book knows of it, but of other codes only number, name,
marks and facts. Whoever makes a page is given the outline of the book beside the one thing that
the page is about. What the outline lacks cannot slip into the page, so a change of it makes no
other page anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from codebook.book.book import Book, Chapter, Code, Group
from codebook.book.documents import (
    Article,
    Body,
    CodeClass,
    Comparison,
    Guide,
    Mention,
    Register,
    Table,
)
from codebook.cache.memory import Cache
from codebook.diagnostics.source import Span
from codebook.syntax.rich_text import Text

_NOWHERE = Span("")
"""For what no problem is reported of any more: most edits move all places below them."""
_NO_TEXT = Text((), "")


def outline(book: Book, memory: Cache) -> Book:
    """The book without its texts: no long one, no short one, no row of a table, no place."""
    codes = memory.recall_each("named", book.codes, lambda _, code: _named(code))
    return replace(
        book,
        home=None,
        registers=tuple(map(_register, book.registers)),
        chapters=tuple(_chapter(chapter, codes) for chapter in book.chapters),
        codes=MappingProxyType(codes),
        guides=tuple(map(_guide, book.guides)),
        tables=tuple(map(_table, book.tables)),
        redirects=tuple(replace(each, span=_NOWHERE) for each in book.redirects),
    )


def apart(book: Book, memory: Cache) -> Book:
    """The book with all its texts, each in one place.

    A code has its guides and tables in outline; a class has its codes with no more than what lists
    of codes show, the short text.
    """
    listed = memory.recall_each("listed", book.codes, lambda _, code: _listed(code))
    alone = memory.recall_each("alone", book.codes, lambda _, code: _alone(code))
    return replace(
        book,
        chapters=tuple(
            replace(chapter, groups=tuple(_group(group, listed) for group in chapter.groups))
            for chapter in book.chapters
        ),
        codes=MappingProxyType(alone),
    )


def _named(code: Code) -> Code:
    return replace(_listed(code), text=_NO_TEXT)


def _listed(code: Code) -> Code:
    return replace(
        code,
        span=_NOWHERE,
        code_class=_class(code.code_class),
        article=code.article and _article(code.article),
        excerpts=(),
        guides=(),
    )


def _alone(code: Code) -> Code:
    excerpts = tuple(replace(each, table=_table(each.table)) for each in code.excerpts)
    guides = tuple(_guide(guide, guide.body.lead) for guide in code.guides)
    return replace(code, excerpts=excerpts, guides=guides)


def _chapter(chapter: Chapter, codes: Mapping[int, Code]) -> Chapter:
    groups = tuple(replace(_group(each, codes), span=_NOWHERE) for each in chapter.groups)
    return Chapter(_class(chapter.code_class), groups, None)


def _group(group: Group, codes: Mapping[int, Code]) -> Group:
    own = tuple(codes[code.number] for code in group.codes)
    return replace(group, register=_register(group.register), codes=own)


def _class(code_class: CodeClass) -> CodeClass:
    return replace(code_class, span=_NOWHERE)


def _register(register: Register) -> Register:
    return Register(register.path, register.title, (), (), (), (), ())


def _article(article: Article) -> Article:
    code = Mention(article.code.number, _NOWHERE)
    return Article(article.path, code, "", "", (), (), (), None, (), _body(article.body))


def _guide(guide: Guide, lead: str = "") -> Guide:
    return replace(guide, body=_body(guide.body, lead))


def _table(table: Table) -> Table:
    return replace(table, rows=(), body=_body(table.body))


def _body(body: Body, lead: str = "") -> Body:
    """Whether the text compares everything, and its first words where others say them."""
    everything = tuple(each for each in body.comparisons if each == Comparison(None, None))
    return Body(everything, (), (), lead)
