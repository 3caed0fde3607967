"""The parts that documents have in common: a title and a body."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import groupby, pairwise

from codebook.book.documents import Body, CodeBlock, Comparison, Mention
from codebook.book.parse.toml_types import ComparisonHead
from codebook.book.settings import Word
from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule
from codebook.diagnostics.source import Source
from codebook.syntax import markdown, toml
from codebook.syntax.markdown import Block, Document
from codebook.syntax.rich_text import Heading, Text

_COMPARE = "compare"
"""The language of a fence that sets facts side by side."""
_NEAR = 0.7


@dataclass(frozen=True, slots=True)
class Titled:
    """A document's title, and the blocks below it."""

    title: str
    blocks: Sequence[Block]


def titled(blocks: Sequence[Block], source: Source) -> Parsed[Titled]:
    """The document's title: its first heading, unless that is the heading of a list.

    Whatever stands before it is reported, and so is a heading of another level than the first.
    """
    place = next((at for at, block in enumerate(blocks) if block.kind == "heading"), len(blocks))
    heads_list = [block.kind for block in blocks[place + 1 : place + 2]] == ["bullet_list"]
    if place == len(blocks) or (blocks[place].number > 1 and heads_list):
        span = source.whole(blocks[0].first) if blocks else source.at(1)
        cure = "begin the file with a line like: # Title"
        diagnostic = Diagnostic(Rule.MISSING_TITLE, span, "the title is missing", help=cure)
        return Parsed(Titled("", blocks), (diagnostic,))
    heading = blocks[place]
    diagnostics = [
        unexpected(block, source, "move it below the title, or remove it")
        for block in blocks[:place]
    ]
    diagnostics += only_words(heading, source, "a title")
    span = source.whole(heading.first)
    if not markdown.plain(heading):
        cure = "write the title behind the #"
        diagnostics.append(Diagnostic(Rule.MISSING_TITLE, span, "the title is empty", help=cure))
    elif heading.number > 1:
        message = f"the title is a heading of level {heading.number}"
        diagnostics.append(
            Diagnostic(Rule.MISSING_TITLE, span, message, help="begin the line with one #")
        )
    return Parsed(Titled(markdown.plain(heading), blocks[place + 1 :]), tuple(diagnostics))


def body(blocks: Sequence[Block], document: Document, source: Source) -> Parsed[Body]:
    """The blocks as a body: texts, and comparisons and code blocks between them."""
    parts: list[Text | Comparison | CodeBlock] = []
    section = ""
    diagnostics = list(_outline(blocks, source))
    for kind, group in groupby(blocks, key=_kind):
        run = tuple(group)
        diagnostics += (diagnostic for each in run for diagnostic in _misnamed(each, source))
        if kind == _COMPARE:
            for block in run:
                comparison, found = _comparison(block, source)
                parts += comparison
                diagnostics += found
        elif kind == "fence":
            parts += (
                CodeBlock(each.info, each.content, markdown.text_of((each,)), section)
                for each in run
            )
        else:
            parts += (markdown.text_of(each) for each in _sections(run))
            section = next((each.slug for each in _headings(run, source)[::-1]), section)
    headings = _headings(blocks, source)
    first = parts[0] if parts and blocks[0].kind != "heading" else None
    lead = first.plain if isinstance(first, Text) else ""
    made = Body(tuple(parts), headings, document.targets, lead, document.is_whole)
    return Parsed(made, tuple(diagnostics))


def only_words(block: Block, source: Source, what: str) -> Iterator[Diagnostic]:
    """A problem where the words of a name hold markup that would be lost."""
    if markdown.has_markup(block):
        yield Diagnostic(
            Rule.UNEXPECTED_MARKUP,
            source.whole(block.first),
            f"{what} holds markup, and is to be words alone",
            help="remove the signs around the words: * _ ` [ ] ( )",
        )


def unexpected(block: Block, source: Source, instead: str) -> Diagnostic:
    """The problem for a block that has no place where it stands; `instead` is what to do."""
    return Diagnostic(
        Rule.UNEXPECTED_BLOCK,
        source.whole(block.first),
        f"a {_NAMES[block.kind]} has no place here",
        help="remove it" if block.kind == "hr" else instead,
    )


_NAMES: Mapping[str, str] = {
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


def _kind(block: Block) -> str:
    if block.kind != "fence":
        return "text"
    return _COMPARE if block.info == _COMPARE else "fence"


def _misnamed(block: Block, source: Source) -> Iterator[Diagnostic]:
    """A problem where a comparison is meant, and would be shown as code."""
    near = get_close_matches(block.info.lower(), [_COMPARE], cutoff=_NEAR)
    if block.kind == "fence" and near and block.info != _COMPARE:
        yield Diagnostic(
            Rule.UNEXPECTED_BLOCK,
            source.find(block.info, block.first, block.first),
            f'"{block.info}" is no language, and the block would be shown as code',
            help=f'did you mean "{_COMPARE}"?',
        )


def _sections(blocks: Sequence[Block]) -> Iterator[Sequence[Block]]:
    """The blocks, cut before each heading of a section."""
    starts = [at for at, block in enumerate(blocks) if block.kind == "heading" and at]
    for start, end in pairwise([0, *starts, len(blocks)]):
        yield blocks[start:end]


def _headings(blocks: Sequence[Block], source: Source) -> tuple[Heading, ...]:
    return tuple(markdown.headings_of(blocks, source))


def _comparison(block: Block, source: Source) -> tuple[list[Comparison], list[Diagnostic]]:
    read = toml.read(source, block.first + 1, block.content)
    if read.value is None:
        return [], [*read.diagnostics]
    places = read.value
    fitted = toml.fit(places, ComparisonHead)
    diagnostics = [*read.diagnostics, *fitted.diagnostics]
    if fitted.value is None:
        return [], diagnostics
    head = fitted.value
    codes = (
        None
        if head.codes is None
        else tuple(Mention(number, places.value(("codes",), str(number))) for number in head.codes)
    )
    facts = (
        None
        if head.facts is None
        else tuple(Word(key, places.value(("facts",), key)) for key in head.facts)
    )
    return [Comparison(codes, facts)], diagnostics


def _outline(blocks: Sequence[Block], source: Source) -> Iterator[Diagnostic]:
    """Headings stand for themselves, say something, and go down one level at a time."""
    above, heading = 1, None
    for block in blocks:
        if block.kind != "heading":
            yield from _buried(block, source)
            continue
        span = source.whole(block.first)
        if not markdown.plain(block):
            cure = "write its words behind the #, or remove it"
            yield Diagnostic(Rule.EMPTY_TEXT, span, "this heading is empty", help=cure)
        elif block.number == 1:
            yield Diagnostic(
                Rule.UNEXPECTED_BLOCK,
                span,
                "a page has one title, and this would be another",
                help="begin the line with ##",
            )
        elif block.number > above + 1:
            yield Diagnostic(
                Rule.SKIPPED_LEVEL,
                span,
                f"a heading of level {block.number} follows one of level {above}",
                note=Note("the heading above it", heading) if heading else None,
                help=f"begin the line with {'#' * (above + 1)}",
            )
        above, heading = block.number, span


def _buried(block: Block, source: Source) -> Iterator[Diagnostic]:
    """Headings inside lists and quotes, where no link and no list of contents finds them."""
    for child in block.children:
        if child.kind == "heading":
            yield unexpected(child, source, "move it out of the list or quote")
        yield from _buried(child, source)
