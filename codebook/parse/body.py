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
    """The heading that the blocks begin with; one of a lower level is taken for it, and reported.

    There is nothing where the blocks begin with something else, or with the heading of a list.
    """
    first = blocks[0] if blocks else None
    is_section = len(blocks) > 1 and blocks[1].kind == "bullet_list"
    if first is None or first.kind != "heading" or (first.number > 1 and is_section):
        span = source.whole(first.first) if first else source.at(1)
        cure = "begin with a line like: # Title"
        return Parsed(None, (Problem(Rule.MISSING_TITLE, span, "the title is missing", help=cure),))
    problems = list(only_words(first, source, "a title"))
    if first.number > 1:
        span, message = source.whole(first.first), f"the title is a heading of level {first.number}"
        problems.append(Problem(Rule.MISSING_TITLE, span, message, help="begin it with one #"))
    return Parsed(first, tuple(problems))


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
    """The problem for a block that has no place where it stands; `instead` is what to do."""
    return Problem(
        Rule.UNEXPECTED_BLOCK,
        source.whole(block.first),
        f"a {_NAMES[block.kind]} has no place here",
        help="remove it" if block.kind == "hr" else instead,
    )


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
    "list_item": "list",
}


def _is_comparison(block: Block) -> bool:
    return block.kind == "fence" and block.info == "compare"


def _comparison(block: Block, source: Source) -> tuple[list[Comparison], list[Problem]]:
    read = toml.read(source, block.first + 1, block.content)
    fitted = toml.fit(read.value, ComparisonHead)
    problems = [*(read.problems or fitted.problems)]
    if read.problems or fitted.value is None:
        return [], problems
    codes = tuple(
        Mention(number, read.value.value(("codes",), str(number))) for number in fitted.value.codes
    )
    facts = tuple(Word(key, read.value.value(("facts",), key)) for key in fitted.value.facts)
    return [Comparison(codes, facts)], problems


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
