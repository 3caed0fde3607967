"""Parse the documents with a long text: articles, guides, and texts of classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from codebook.book.documents import Article, ClassText, FormerName, Guide, Mention, StatedFact
from codebook.book.layout import SLUG
from codebook.book.parse.article_headings import heading_diagnostics
from codebook.book.parse.body import parse_body, parse_title
from codebook.book.parse.front_matter import parse_optional_head, parse_with_head
from codebook.book.parse.symptoms import parse_symptoms
from codebook.book.parse.toml_types import ArticleHead, ClassTextHead, GuideHead
from codebook.book.settings import MAX_SUMMARY, Word
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule
from codebook.diagnostics.source import Source
from codebook.syntax import markdown, toml


def parse_article(source: Source, known_headings: Sequence[str]) -> Parsed[Article | None]:
    """Parse an article, whose file is named after a code; None if it can't be parsed.

    `known_headings` is the allowed level-2 headings, in order; if it's empty, any is allowed.
    """
    parsed = parse_with_head(source, ArticleHead, known_headings)
    if parsed.value is None:
        return Parsed(None, parsed.diagnostics)
    head = parsed.value.head or ArticleHead()
    head_toml, body = parsed.value.head_toml, parsed.value.body
    alias_spans = head_toml.texts(("aliases",), head.aliases or ())
    aliases = tuple(map(Word, head.aliases or (), alias_spans))
    symptoms = parse_symptoms(head.symptoms, head_toml)
    article = Article(
        path=source.path,
        code=Mention(int(source.path.stem), source.at(1)),
        name=head.name,
        known_as=_optional("known_as", head.known_as, head_toml),
        summary=_optional("summary", head.summary, head_toml),
        spec=head.spec,
        formerly=tuple(FormerName(former.name, former.source) for former in head.formerly),
        see_also=tuple(
            map(Mention, head.see_also, head_toml.texts(("see_also",), map(str, head.see_also)))
        ),
        keywords=tuple(head.keywords),
        aliases=None if head.aliases is None else aliases,
        stated_facts=tuple(_stated_facts(head, head_toml)),
        symptoms=symptoms.value,
        body=body,
        has_valid_head=parsed.value.has_valid_head,
    )
    diagnostics = (
        *parsed.diagnostics,
        *symptoms.diagnostics,
        *heading_diagnostics(body.headings, known_headings, source),
        *_invalid_aliases(aliases),
        *_long_summary(article.summary),
    )
    return Parsed(article, diagnostics)


def _optional(key: str, value: str, head_toml: toml.TomlText) -> Word:
    """The value of a key with single spaces; empty if there is no such key."""
    text = " ".join(value.split())
    return Word(text, head_toml.value((key,), value) if text else head_toml.source.at(1))


def parse_class_text(source: Source) -> Parsed[ClassText | None]:
    """Parse the text of a class; None if it can't be parsed."""
    parsed = parse_with_head(source, ClassTextHead)
    if parsed.value is None:
        return Parsed(None, parsed.diagnostics)
    head = parsed.value.head or ClassTextHead()
    label = Word(source.path.stem, source.at(1))
    class_text = ClassText(source.path, label, head.unassigned, parsed.value.body)
    return Parsed(class_text, parsed.diagnostics)


def parse_guide(source: Source) -> Parsed[Guide | None]:
    """Parse a guide; None if it can't be parsed."""
    document = markdown.read(source)
    if document.value is None:
        return Parsed(None, document.diagnostics)
    head = parse_optional_head(document.value.blocks, source, GuideHead)
    fields, blocks = head.value
    titled = parse_title(blocks, source)
    body = parse_body(titled.value.blocks, document.value, source)
    keywords = tuple(fields.keywords)
    guide = Guide(source.path, titled.value.title, keywords, body.value, source.at(1))
    parsed = (document, head, titled, body)
    return Parsed(guide, tuple(chain.from_iterable(each.diagnostics for each in parsed)))


def _stated_facts(head: ArticleHead, head_toml: toml.TomlText) -> Iterator[StatedFact]:
    for key, fact in head.facts.items():
        yield StatedFact(
            key=Word(key, head_toml.key(("facts", key))),
            value=fact.value,
            # A source of the wrong type is already reported; it isn't missing.
            source=fact.source or str(head_toml.values["facts"][key].get("source", "")),
            note=fact.note,
            uncertain=fact.uncertain,
            value_span=head_toml.value(("facts", key, "value"), fact.value),
        )


def _long_summary(summary: Word) -> Iterator[Diagnostic]:
    if len(summary.text) > MAX_SUMMARY:
        yield Diagnostic(
            Rule.INVALID_VALUE,
            summary.span,
            f"the summary has {len(summary.text)} characters",
            help=f"shorten it to {MAX_SUMMARY} characters",
        )


def _invalid_aliases(aliases: Sequence[Word]) -> Iterator[Diagnostic]:
    for alias in aliases:
        if not SLUG.fullmatch(alias.text):
            yield Diagnostic(
                Rule.INVALID_VALUE,
                alias.span,
                f'"{alias.text}" cannot be part of a URL',
                help="use only lowercase letters, digits, and single hyphens",
            )
