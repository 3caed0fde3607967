"""Check facts and comparisons: declarations, values, sources, and known codes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence

from codebook.book.documents import Article, Documents, Mention, StatedFact
from codebook.book.layout import FACTS, article_path
from codebook.book.settings import FactKind
from codebook.book.summary import Fact
from codebook.cache import Cache, memoize_each
from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule, did_you_mean
from codebook.diagnostics.source import Span

_MAX_NEAREST = 3
"""How many known codes a help lists."""


@memoize_each
def facts_of(
    _cache: Cache, _number: int, article: Article, kinds: tuple[FactKind, ...]
) -> Parsed[tuple[Fact, ...]]:
    """Return the facts of an article in the order of their declarations."""
    stated_facts = {stated.key.text: stated for stated in article.stated_facts}
    facts = tuple(
        Fact(
            kind,
            stated.value,
            kind.values.get(stated.value, ""),
            stated.source,
            stated.note,
            stated.uncertain,
        )
        for kind in kinds
        if (stated := stated_facts.get(kind.key))
    )
    return Parsed(facts, tuple(_fact_diagnostics(article, kinds)))


def check_comparisons(documents: Documents, codes: Collection[int]) -> Iterator[Diagnostic]:
    """Report unknown codes and facts in comparisons."""
    kinds = dict.fromkeys(kind.key for kind in documents.facts)
    for comparison in (part for body in documents.bodies for part in body.comparisons):
        yield from unknown_codes(comparison.codes or (), codes, documents)
        for word in comparison.facts or ():
            if word.text not in kinds and FACTS not in documents.unparsed:
                yield _unknown_fact(word.text, word.span, kinds)


def check_settings(documents: Documents, codes: Collection[int]) -> Iterator[Diagnostic]:
    """Report unknown codes in the settings: those to suggest, and those to credit."""
    settings = documents.settings
    credited = (word for credit in settings.credits for word in credit.codes)
    mentions = (Mention(int(word.text), word.span) for word in (*settings.suggestions, *credited))
    yield from unknown_codes(mentions, codes, documents)


def unknown_codes(
    mentions: Iterable[Mention], codes: Collection[int], documents: Documents
) -> Iterator[Diagnostic]:
    """Report references to codes that no register describes."""
    unknown = [mention for mention in mentions if mention.number not in codes]
    known = sorted(codes) if unknown else []
    for mention in unknown:
        near = ", ".join(map(str, _nearest(mention.number, known)))
        yield Diagnostic(
            Rule.UNKNOWN_CODE,
            mention.span,
            f"no register describes code {mention.number}",
            help=f"use a code that a register describes, such as {near}"
            if near
            else "describe the code in a register, or remove it",
            subject=str(article_path(mention.number)),
            follows_from=documents.hiding_code(mention.number),
        )


def _nearest(number: int, known: Sequence[int]) -> Sequence[int]:
    """The known codes nearest to a number. Both lists are sorted."""
    index = bisect_left(known, number)
    candidates = known[max(index - _MAX_NEAREST, 0) : index + _MAX_NEAREST]
    return sorted(sorted(candidates, key=lambda code: (abs(code - number), code))[:_MAX_NEAREST])


def _fact_diagnostics(article: Article, kinds: Sequence[FactKind]) -> Iterator[Diagnostic]:
    known = {kind.key: kind for kind in kinds}
    for stated in article.stated_facts:
        kind = known.get(stated.key.text)
        if kind is None:
            yield _unknown_fact(stated.key.text, stated.key.span, known)
        elif kind.values and stated.value not in kind.values:
            yield _unknown_value(stated, kind)
        if not stated.source.strip():
            yield Diagnostic(
                Rule.MISSING_SOURCE,
                stated.key.span,
                f'the fact "{stated.key.text}" has no source',
                help='add the document and section after the value: source = "…"',
            )


def _unknown_value(stated: StatedFact, kind: FactKind) -> Diagnostic:
    return Diagnostic(
        Rule.UNKNOWN_VALUE,
        stated.value_span,
        f'"{stated.value}" is not a value of the fact "{kind.key}"',
        note=Note("the values are declared here", kind.span),
        help=did_you_mean(
            stated.value, kind.values, f"add it to [{kind.key}.values] in facts.toml"
        ),
        subject=f"the value {stated.value} of {kind.key}",
    )


def _unknown_fact(key: str, span: Span, known: Collection[str]) -> Diagnostic:
    return Diagnostic(
        Rule.UNKNOWN_FACT,
        span,
        f'facts.toml does not declare the fact "{key}"'
        if known
        else "the fact is unknown: facts.toml declares none",
        help=did_you_mean(
            key, known, f'declare it in facts.toml: [{key}] with label = "…" and about = "…"'
        ),
        subject=f"the fact {key}",
    )
