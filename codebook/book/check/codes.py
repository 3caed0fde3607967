"""Join the codes of the registers with articles, tables, and guides, and check them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from types import MappingProxyType

from codebook.book import urls
from codebook.book.book import Code, Excerpt, RelatedGuide
from codebook.book.check.classes import class_summary
from codebook.book.check.facts import facts_of, unknown_codes
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
from codebook.book.layout import FACTS, NUMBER, article_number, article_path
from codebook.book.summary import CodeSummary, Fact, GuideSummary, TableSummary
from codebook.cache import Cache, memoize, memoize_each
from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule


def join_codes(
    cache: Cache, documents: Documents, ordered: tuple[Guide, ...], names: Mapping[int, str]
) -> Parsed[Mapping[int, Code]]:
    """Return the codes of all registers, sorted by number, with the guides in their order."""
    entries: dict[int, tuple[Register, CodeClass, Entry]] = {}
    diagnostics: list[Diagnostic] = []
    for register in documents.registers:
        for section in register.sections:
            for entry in section.entries:
                if entry.number in entries:
                    diagnostics.append(_duplicate(entry, entries[entry.number][2]))
                else:
                    entries[entry.number] = (register, section.code_class, entry)
    articles = documents.articles_by_number
    facts = {
        number: facts_of(cache, number, article, documents.facts)
        for number, article in articles.items()
    }
    excerpts = _excerpts(cache, documents.tables)
    guides = _guides(cache, ordered)
    codes = {
        number: _code(
            cache,
            number,
            entry,
            code_class,
            register.path,
            "" if register is documents.registers[0] else register.title,
            articles.get(number),
            facts[number].value if number in facts else (),
            names.get(number, ""),
            excerpts.get(number, ()),
            guides.get(number, ()),
        )
        for number, (register, code_class, entry) in sorted(entries.items())
    }
    for article in documents.articles:
        if FACTS not in documents.unparsed:
            diagnostics += facts[article.code.number].diagnostics
        diagnostics += _article_diagnostics(article, codes, documents)
    return Parsed(MappingProxyType(codes), tuple(diagnostics))


@memoize_each
def _code(  # noqa: PLR0913, PLR0917 - every input is explicit
    _cache: Cache,
    number: int,
    entry: Entry,
    code_class: CodeClass,
    register: PurePosixPath,
    other_register: str,
    article: Article | None,
    facts: tuple[Fact, ...],
    name: str,
    excerpts: Sequence[Excerpt],
    guides: Sequence[RelatedGuide],
) -> Code:
    """A code. `name` is the one from a table, if the code has no other."""
    official = entry.name or (article.name if article else "") or name
    known_as = article.known_as.text if article else ""
    summary = CodeSummary(
        number=number,
        name=known_as or official,
        class_label=code_class.label,
        other_register=other_register,
        facts=facts,
    )
    return Code(
        summary=summary,
        official_name=official if summary.name != official else "",
        text=entry.text,
        register=register,
        span=entry.span,
        code_class=class_summary(code_class),
        article=article,
        excerpts=tuple(excerpts),
        guides=tuple(guides),
    )


@memoize
def _excerpts(_cache: Cache, tables: tuple[Table, ...]) -> Mapping[int, Sequence[Excerpt]]:
    """The rows of each table about each code, by code."""
    excerpts: defaultdict[int, list[Excerpt]] = defaultdict(list)
    for table in tables:
        rows: defaultdict[int, list[Row]] = defaultdict(list)
        for row in table.rows:
            if not row.written:
                rows[row.code.number].append(row)
        summary = TableSummary.of(table)
        for number, rows_of_code in rows.items():
            excerpts[number].append(Excerpt(summary, tuple(rows_of_code)))
    return excerpts


@memoize
def _guides(_cache: Cache, guides: tuple[Guide, ...]) -> Mapping[int, Sequence[RelatedGuide]]:
    """The guides that compare a code or link to it, by code."""
    related: defaultdict[int, list[RelatedGuide]] = defaultdict(list)
    for guide in guides:
        compared = {
            mention.number
            for comparison in guide.body.comparisons
            for mention in comparison.codes or ()
        }
        linked = {article_number(target.path) for target in guide.body.targets}
        for number in compared | linked:
            if number is not None:
                related[number].append(RelatedGuide(GuideSummary.of(guide), guide.body.lead))
    return related


def _duplicate(entry: Entry, first: Entry) -> Diagnostic:
    return Diagnostic(
        Rule.DUPLICATE_CODE,
        entry.span,
        f"code {entry.number} is described twice",
        label="second description",
        note=Note("first described here", first.span),
        help="merge the two texts, or correct one of the numbers",
    )


def _article_diagnostics(
    article: Article, codes: Mapping[int, Code], documents: Documents
) -> Iterator[Diagnostic]:
    number = article.code.number
    if number not in codes:
        yield Diagnostic(
            Rule.ORPHAN_ARTICLE,
            article.code.span,
            "no register describes this code anymore"
            if documents.was_published(urls.code(documents.settings.codes_path, number))
            else f"no register describes code {number}",
            help=_help_for_orphan(article, codes, documents),
            subject=str(article_path(number)),
            follows_from=documents.hiding_code(number),
        )
    for mention in article.see_also:
        if mention.number == number:
            yield Diagnostic(
                Rule.UNKNOWN_CODE,
                mention.span,
                f"the article about code {number} lists itself as related",
                help=f"replace {number} with another code, or remove it",
            )
    others = (mention for mention in article.see_also if mention.number != number)
    yield from unknown_codes(others, codes, documents)


def _help_for_orphan(article: Article, codes: Collection[int], documents: Documents) -> str:
    """The help for an article without a code."""
    number = article.code.number
    near = next(
        (
            code
            for code in sorted(_intended(number))
            if code in codes
            and code not in documents.articles_by_number
            and article_path(code) not in documents.unparsed
        ),
        None,
    )
    help_text = f"add it to a register: - {number}, with its text on the next line"
    return f"did you mean {near}.md? otherwise, {help_text}" if near else help_text


def _intended(number: int) -> Iterator[int]:
    """The codes that the number is if two neighboring digits are swapped, or one is repeated."""
    typed = str(number)
    for index in range(len(typed) - 1):
        pair = typed[index : index + 2]
        correct = (
            typed[:index] + (pair[0] if pair[0] == pair[1] else pair[::-1]) + typed[index + 2 :]
        )
        if NUMBER.fullmatch(correct):
            yield int(correct)
