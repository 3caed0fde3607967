"""The parts that documents have in common: a head in TOML, a title, a body."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from codebook import markdown, toml
from codebook.markdown import Block, Document
from codebook.parse.shapes import ComparisonHead
from codebook.problems import Parsed, Problem, Rule
from codebook.records import Body, Comparison, Mention
from codebook.richtext import Text
from codebook.settings import Word
from codebook.source import Source


def head(document: Document, source: Source) -> Parsed[toml.TomlText | None]:
    """The fenced `toml` block that the document begins with, or nothing."""
    first = document.blocks[:1]
    if not first or first[0].kind != "fence" or first[0].info != "toml":
        return Parsed(None)
    read = toml.read(source, first[0].first + 1, first[0].content)
    return Parsed(read.value, read.problems)


def title(blocks: Sequence[Block], source: Source) -> Parsed[Block | None]:
    """The level-1 heading that the blocks begin with, or nothing and a problem."""
    if blocks and blocks[0].kind == "heading" and blocks[0].number == 1:
        return Parsed(blocks[0], tuple(only_words(blocks[0], source, "a title")))
    span = source.whole(blocks[0].first) if blocks else source.at(1)
    problem = Problem(
        Rule.MISSING_TITLE, span, "the title is missing", help="begin with a line like: # Title"
    )
    return Parsed(None, (problem,))


def body(blocks: Sequence[Block], document: Document, source: Source) -> Parsed[Body]:
    """The blocks as a body: texts, and comparisons between them."""
    parts: list[Text | Comparison] = []
    problems = list(_outline(blocks, source))
    for compared, run in groupby(blocks, key=_is_comparison):
        if compared:
            for block in run:
                comparison, found = _comparison(block, source)
                parts += comparison
                problems += found
        else:
            parts.append(markdown.text_of(tuple(run)))
    headings = tuple(markdown.headings_of(blocks, source))
    return Parsed(Body(tuple(parts), headings, document.targets), tuple(problems))


def only_words(block: Block, source: Source, what: str) -> Iterator[Problem]:
    """A problem where the words of a name hold markup that would be lost."""
    if markdown.has_markup(block):
        yield Problem(
            Rule.UNEXPECTED_MARKUP,
            source.whole(block.first),
            f"{what} is words alone",
            help="remove the markup",
        )


def unexpected(block: Block, source: Source, instead: str) -> Problem:
    """The problem for a block that has no place where it stands."""
    name = _NAMES.get(block.kind, "block")
    return Problem(
        Rule.UNEXPECTED_BLOCK,
        source.whole(block.first),
        f"a {name} has no place here",
        help=instead,
    )


EMPTY = Body((), (), ())
"""The body of a document that could not be read."""

_NAMES = {
    "bullet_list": "list",
    "ordered_list": "numbered list",
    "fence": "code block",
    "code_block": "block indented by four or more blanks",
    "blockquote": "quote",
    "hr": "line across",
    "heading": "heading",
    "paragraph": "paragraph",
    "table": "table",
}


def _is_comparison(block: Block) -> bool:
    return block.kind == "fence" and block.info == "compare"


def _comparison(block: Block, source: Source) -> tuple[list[Comparison], list[Problem]]:
    read = toml.read(source, block.first + 1, block.content)
    fitted = toml.fit(read.value, ComparisonHead)
    if read.problems or fitted.value is None:
        return [], [*(read.problems or fitted.problems)]
    codes = tuple(
        Mention(number, read.value.value(("codes",), str(number))) for number in fitted.value.codes
    )
    facts = tuple(Word(key, read.value.value(("facts",), key)) for key in fitted.value.facts)
    return [Comparison(codes, facts)], []


def _outline(blocks: Sequence[Block], source: Source) -> Iterator[Problem]:
    """Headings go down one level at a time, and only the page's title is on level 1."""
    above = 1
    for block in blocks:
        if block.kind != "heading":
            continue
        if block.number == 1:
            yield unexpected(block, source, "a page has one title; begin this one with ##")
        elif block.number > above + 1:
            yield Problem(
                Rule.SKIPPED_LEVEL,
                source.whole(block.first),
                f"a heading of level {block.number} follows one of level {above}",
                help=f"begin it with {'#' * (above + 1)}",
            )
        above = max(block.number, 1)
