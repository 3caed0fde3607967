"""Codes and classes: what the registers describe, joined with articles, tables and guides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType

from codebook.book.book import Code, Excerpt
from codebook.book.check.facts import facts_of, unknown_code
from codebook.book.documents import (
    Article,
    CodeClass,
    Documents,
    Entry,
    Guide,
    Register,
    Row,
    Table,
)
from codebook.book.layout import FACTS, article_number
from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule


def described(documents: Documents, names: Mapping[int, str]) -> Parsed[Mapping[int, Code]]:
    """Every code that a register describes, in order of number."""
    entries: dict[int, tuple[Register, CodeClass, Entry]] = {}
    diagnostics: list[Diagnostic] = []
    for register in documents.registers:
        for section in register.sections:
            for entry in section.entries:
                if entry.number in entries:
                    diagnostics.append(_twice(entry, entries[entry.number][2]))
                else:
                    entries[entry.number] = (register, section.code_class, entry)
    articles = {article.code.number: article for article in documents.articles}
    facts = {number: facts_of(article, documents.facts) for number, article in articles.items()}
    judged = FACTS not in documents.unread
    excerpts = _excerpts(documents.tables)
    guides = _guides(documents.guides)
    codes: dict[int, Code] = {}
    for number, (register, code_class, entry) in sorted(entries.items()):
        article = articles.get(number)
        codes[number] = Code(
            number=number,
            name=entry.name or (article.name if article else "") or names.get(number, ""),
            text=entry.text,
            register=register.path,
            span=entry.span,
            code_class=code_class,
            article=article,
            facts=facts[number].value if article else (),
            excerpts=tuple(excerpts[number]),
            guides=tuple(guides[number]),
        )
    for article in documents.articles:
        diagnostics += facts[article.code.number].diagnostics if judged else ()
        diagnostics += _article_problems(article, codes, documents)
    return Parsed(MappingProxyType(codes), tuple(diagnostics))


def _excerpts(tables: Iterable[Table]) -> Mapping[int, Sequence[Excerpt]]:
    """What each table says of each code, by code."""
    found: defaultdict[int, list[Excerpt]] = defaultdict(list)
    for table in tables:
        rows: defaultdict[int, list[Row]] = defaultdict(list)
        for row in table.rows:
            rows[row.code.number].append(row)
        for number, own in rows.items():
            found[number].append(Excerpt(table, tuple(own)))
    return found


def _guides(guides: Iterable[Guide]) -> Mapping[int, Sequence[Guide]]:
    """The guides that compare a code or link to it, by code."""
    found: defaultdict[int, list[Guide]] = defaultdict(list)
    for guide in guides:
        compared = {
            mention.number for each in guide.body.comparisons for mention in each.codes or ()
        }
        linked = {article_number(target.path) for target in guide.body.targets}
        for number in compared | linked:
            if number is not None:
                found[number].append(guide)
    return found


def _twice(entry: Entry, first: Entry) -> Diagnostic:
    return Diagnostic(
        Rule.DUPLICATE_CODE,
        entry.span,
        f"code {entry.number} is described twice",
        label="second description",
        note=Note("first described here", first.span),
        help="put the two texts together, or correct one of the numbers",
    )


def _home(article: Article, codes: Collection[int], documents: Documents) -> str:
    """What to do with an article that belongs to no code."""
    number = article.code.number
    written = {each.code.number for each in documents.articles}
    free = [str(each) for each in codes if each not in written]
    near = get_close_matches(str(number), free, n=1)
    cure = f"describe it in a register: - {number}, and a text in the line below"
    return f"did you mean {near[0]}.md? else {cure}" if near else cure


def _article_problems(
    article: Article, codes: Collection[int], documents: Documents
) -> Iterator[Diagnostic]:
    number = article.code.number
    if number not in codes and not documents.may_describe(number):
        yield Diagnostic(
            Rule.ORPHAN_ARTICLE,
            article.code.span,
            f"no register describes code {number}",
            help=_home(article, codes, documents),
        )
    for mention in article.see_also:
        if mention.number == number:
            yield Diagnostic(
                Rule.UNKNOWN_CODE,
                mention.span,
                f"code {number} is told to see itself",
                help=f"remove {number}, or name another code",
            )
        else:
            yield from unknown_code(mention, codes, documents)
