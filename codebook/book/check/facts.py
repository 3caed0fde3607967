"""Check facts and comparisons: declarations, values, sources, and known codes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from codebook.book.documents import Article, Documents, Mention, StatedFact
from codebook.book.layout import FACTS, article_path
from codebook.book.settings import FactKind
from codebook.book.summary import Fact
from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule, did_you_mean
from codebook.diagnostics.source import Span


def facts_of(article: Article, kinds: Sequence[FactKind]) -> Parsed[tuple[Fact, ...]]:
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
    kinds = [kind.key for kind in documents.facts]
    for comparison in (part for body in documents.bodies for part in body.comparisons):
        for mention in comparison.codes or ():
            yield from unknown_code(mention, codes, documents)
        for word in comparison.facts or ():
            if word.text not in kinds and FACTS not in documents.unparsed:
                yield _unknown_fact(word.text, word.span, kinds)


def unknown_code(
    mention: Mention, codes: Collection[int], documents: Documents
) -> Iterator[Diagnostic]:
    """Report a reference to a code that no register describes."""
    if mention.number in codes:
        return
    near = sorted(codes, key=lambda code: (abs(code - mention.number), code))[:3]
    known = ", ".join(map(str, sorted(near)))
    yield Diagnostic(
        Rule.UNKNOWN_CODE,
        mention.span,
        f"no register describes code {mention.number}",
        help=f"use a code that a register describes, such as {known}"
        if near
        else "describe the code in a register, or remove it",
        subject=str(article_path(mention.number)),
        follows_from=documents.hiding_code(mention.number),
    )


def _fact_diagnostics(article: Article, kinds: Sequence[FactKind]) -> Iterator[Diagnostic]:
    known = {kind.key: kind for kind in kinds}
    for stated in article.stated_facts:
        kind = known.get(stated.key.text)
        if kind is None:
            yield _unknown_fact(stated.key.text, stated.key.span, list(known))
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


def _unknown_fact(key: str, span: Span, known: Sequence[str]) -> Diagnostic:
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
