"""Codes and classes: what the registers describe, joined with articles, tables and guides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from codebook.addresses import article_path
from codebook.book import Chapter, Code, Excerpt, Group
from codebook.check.facts import facts_of, unknown_code
from codebook.problems import Note, Parsed, Problem, Rule
from codebook.records import Article, CodeClass, Documents, Entry, Guide, Register, Table


def described(documents: Documents, names: Mapping[int, str]) -> Parsed[Mapping[int, Code]]:
    """Every code that a register describes, in order of number."""
    entries: dict[int, tuple[Register, CodeClass, Entry]] = {}
    problems: list[Problem] = []
    for register in documents.registers:
        for section in register.sections:
            for entry in section.entries:
                if entry.number in entries:
                    problems.append(_twice(entry, entries[entry.number][2]))
                else:
                    entries[entry.number] = (register, section.code_class, entry)
    articles = {article.code.number: article for article in documents.articles}
    codes: dict[int, Code] = {}
    for number, (register, code_class, entry) in sorted(entries.items()):
        article = articles.get(number)
        facts = facts_of(article, documents.facts)
        problems += facts.problems
        codes[number] = Code(
            number=number,
            name=entry.name or (article.name if article else "") or names.get(number, ""),
            text=entry.text,
            register=register.path,
            span=entry.span,
            code_class=code_class,
            article=article,
            facts=facts.value,
            excerpts=tuple(_excerpts(number, documents.tables)),
            guides=tuple(guide for guide in documents.guides if _names(guide, number)),
        )
    known = frozenset(codes) | documents.unplaced
    for article in documents.articles:
        problems += _article_problems(article, known)
    return Parsed(MappingProxyType(codes), tuple(problems))


def chapters_of(documents: Documents, codes: Mapping[int, Code]) -> Parsed[tuple[Chapter, ...]]:
    """Every class that a register announces, in order of range."""
    classes: dict[tuple[int, int], CodeClass] = {}
    problems: list[Problem] = []
    for place, register in enumerate(documents.registers):
        for code_class in register.classes:
            if place:
                problems += _across(code_class, classes.values())
            classes.setdefault((code_class.low, code_class.high), code_class)
    chapters = tuple(
        Chapter(code_class, tuple(_groups(code_class, documents.registers, codes)))
        for _, code_class in sorted(classes.items())
    )
    return Parsed(chapters, tuple(problems))


def _groups(
    code_class: CodeClass, registers: Sequence[Register], codes: Mapping[int, Code]
) -> Iterator[Group]:
    for register in registers:
        for section in register.sections:
            own = section.code_class
            if (own.low, own.high) == (code_class.low, code_class.high):
                found = (codes[entry.number] for entry in section.entries)
                yield Group(own.name, register, section.span, tuple(found))


def _across(code_class: CodeClass, others: Iterable[CodeClass]) -> Iterator[Problem]:
    """Classes of two registers may be the same range, or have nothing in common."""
    for other in others:
        same = (code_class.low, code_class.high) == (other.low, other.high)
        if not same and code_class.low <= other.high and other.low <= code_class.high:
            yield Problem(
                Rule.OVERLAPPING_CLASS,
                code_class.span,
                f"{code_class.low}–{code_class.high} cuts across a class of another register",
                note=Note("the other class", other.span),
                help=f"announce {other.low}–{other.high} here too, or correct one of the ranges",
            )


def _excerpts(number: int, tables: Iterable[Table]) -> Iterator[Excerpt]:
    for table in tables:
        rows = tuple(row for row in table.rows if row.code.number == number)
        if rows:
            yield Excerpt(table, rows)


def _names(guide: Guide, number: int) -> bool:
    """Whether the guide compares the code or links to it."""
    compared = (mention.number for each in guide.body.comparisons for mention in each.codes)
    linked = (target.path for target in guide.body.targets)
    return number in compared or article_path(number) in linked


def _twice(entry: Entry, first: Entry) -> Problem:
    return Problem(
        Rule.DUPLICATE_CODE,
        entry.span,
        f"code {entry.number} is described twice",
        label="second description",
        note=Note("first described here", first.span),
        help="merge the two texts, or correct one of the numbers",
    )


def _article_problems(article: Article, codes: Collection[int]) -> Iterator[Problem]:
    if article.code.number not in codes:
        yield Problem(
            Rule.ORPHAN_ARTICLE,
            article.code.span,
            f"no register describes code {article.code.number}",
            help=f"add it to a register: `- {article.code.number}` and a short text",
        )
    for mention in article.see_also:
        if mention.number not in codes:
            yield unknown_code(mention, codes)
        elif mention.number == article.code.number:
            yield Problem(
                Rule.UNKNOWN_CODE,
                mention.span,
                "a code is no neighbour of itself",
                help="name another code, or remove it",
            )
