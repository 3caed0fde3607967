"""An article from its Markdown: a head, then sections under known headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codebook.book.documents import Article, Claim, FormerName, Mention
from codebook.book.layout import NUMBER, SLUG
from codebook.book.parse import body as common
from codebook.book.parse.front_matter import head_of
from codebook.book.parse.toml_types import ArticleHead
from codebook.book.settings import Word
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule, did_you_mean
from codebook.diagnostics.source import Source
from codebook.syntax import markdown, toml
from codebook.syntax.rich_text import Heading

_SECTION_LEVEL = 2


def article(source: Source, headings: Sequence[str]) -> Parsed[Article | None]:
    """The article; nothing where its name is not a code, or it cannot be read.

    `headings` are the level-2 headings that an article may have; where there are none, any may.
    """
    if not NUMBER.fullmatch(source.path.stem):
        diagnostic = Diagnostic(
            Rule.INVALID_NAME,
            source.at(1),
            f'"{source.path.stem}" is not a code',
            help=_renamed(source.path.stem),
        )
        return Parsed(None, (diagnostic,))
    read = markdown.read(source)
    if read.value is None:
        return Parsed(None, read.diagnostics)
    headed = head_of(read.value, source)
    if headed.value is None:
        return Parsed(None, (*read.diagnostics, *headed.diagnostics))
    body = common.body(read.value.blocks[1:], read.value, source)
    fitted = toml.fit(headed.value, ArticleHead)
    diagnostics = (
        *read.diagnostics,
        *headed.diagnostics,
        *fitted.diagnostics,
        *body.diagnostics,
        *_unknown_headings(body.value.headings, headings, source),
        *_strange_aliases(fitted.value, headed.value),
    )
    head = fitted.value or ArticleHead()
    made = Article(
        path=source.path,
        code=Mention(int(source.path.stem), source.at(1)),
        name=head.name,
        spec=head.spec,
        formerly=tuple(FormerName(each.name, each.source) for each in head.formerly),
        see_also=tuple(
            Mention(number, headed.value.value(("see_also",), str(number)))
            for number in head.see_also
        ),
        keywords=tuple(head.keywords),
        aliases=None
        if head.aliases is None
        else tuple(Word(each, headed.value.value(("aliases",), each)) for each in head.aliases),
        claims=tuple(_claims(head, headed.value)),
        body=body.value,
    )
    return Parsed(made, diagnostics)


def _renamed(stem: str) -> str:
    number = stem.lstrip("0")
    fits = NUMBER.fullmatch(number) is not None
    return f"rename the file: {number}.md" if fits else "name the file by its code: NUMBER.md"


def _claims(head: ArticleHead, places: toml.TomlText) -> Iterator[Claim]:
    for key, fact in head.facts.items():
        yield Claim(
            key=Word(key, places.key(("facts", key))),
            value=fact.value,
            source=fact.source,
            note=fact.note,
            uncertain=fact.uncertain,
            value_span=places.value(("facts", key, "value"), fact.value),
        )


def _unknown_headings(
    found: Sequence[Heading], known: Sequence[str], source: Source
) -> Iterator[Diagnostic]:
    for heading in found:
        if known and heading.level == _SECTION_LEVEL and heading.text not in known:
            yield Diagnostic(
                Rule.UNKNOWN_HEADING,
                heading.span,
                f'"{heading.text}" is not a heading of articles',
                help=_underlined(heading, source) or did_you_mean(heading.text, known),
            )


def _underlined(heading: Heading, source: Source) -> str:
    """What to do where words are a heading because of the line below them."""
    below = source.lines[heading.span.line :][:1]
    if below and below[0].strip() and not below[0].strip(" -="):
        sign = below[0].strip()[0]
        return f"put a blank line above the line of {sign}; it makes a heading of the words above"
    return ""


def _strange_aliases(head: ArticleHead | None, places: toml.TomlText) -> Iterator[Diagnostic]:
    for alias in (head.aliases if head else None) or ():
        if not SLUG.fullmatch(alias):
            yield Diagnostic(
                Rule.INVALID_VALUE,
                places.value(("aliases",), alias),
                f'"{alias}" cannot be part of an address',
                help="write it in lower-case letters, digits and single hyphens",
            )
