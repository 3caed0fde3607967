"""Parse the common parts of documents: title and body. Report unexpected blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import dropwhile, groupby, pairwise, takewhile

from msgspec import Struct

from codebook.book.documents import (
    SECTION_LEVEL,
    Alert,
    Body,
    BodyPart,
    CodeBlock,
    Comparison,
    Mention,
)
from codebook.book.parse.toml_types import ComparisonHead
from codebook.book.settings import Word
from codebook.cache import Packed
from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule, similar_word
from codebook.diagnostics.source import Source
from codebook.syntax import markdown, toml
from codebook.syntax.markdown import Block, Document

_COMPARE = "compare"
"""The language of comparisons."""


class TitledBlocks(Struct, frozen=True):
    """The title of a document, and the blocks below it."""

    title: str
    blocks: Sequence[Block]


def parse_title(blocks: Sequence[Block], source: Source) -> Parsed[TitledBlocks]:
    """Parse the title: the first heading, unless it's the heading of a list.

    Report blocks before the title, and a title that isn't a level-1 heading.
    """
    front_matter = _front_matter(blocks, source)
    if front_matter:
        titled = parse_title([it for it in blocks if it.first > front_matter], source)
        message, help_text = "front matter is not supported here", "remove it"
        diagnostic = Diagnostic(
            Rule.UNEXPECTED_BLOCK, source.whole(blocks[0].first), message, help=help_text
        )
        return Parsed(titled.value, (diagnostic, *titled.diagnostics))
    before = tuple(takewhile(lambda block: block.kind != "heading", blocks))
    heading = blocks[len(before)] if len(before) < len(blocks) else None
    below = blocks[len(before) + 1 :]
    has_list = bool(below) and below[0].kind == "bullet_list"
    if heading is None or (heading.number > 1 and has_list):
        span = source.whole(blocks[0].first) if blocks else source.at(1)
        help_text = "start the file with a title: # Title"
        diagnostic = Diagnostic(Rule.MISSING_TITLE, span, "the title is missing", help=help_text)
        return Parsed(TitledBlocks("", blocks), (diagnostic,))
    title, span = markdown.plain(heading), source.whole(heading.first)
    diagnostics = [
        *(unexpected(block, source, "move it below the title") for block in before),
        *unexpected_markup(heading, source, "a title"),
    ]
    if not title:
        message, help_text = "the title is empty", "write the title after the #"
        diagnostics.append(Diagnostic(Rule.MISSING_TITLE, span, message, help=help_text))
    elif heading.number > 1:
        message = f"the title is a level-{heading.number} heading"
        help_text = "start the line with a single #"
        diagnostics.append(Diagnostic(Rule.MISSING_TITLE, span, message, help=help_text))
    return Parsed(TitledBlocks(title, below), tuple(diagnostics))


def _front_matter(blocks: Sequence[Block], source: Source) -> int:
    """The last line of the YAML or TOML between borders at the start of a document; 0 if none."""
    first = blocks[0].first if blocks else 1
    _, end = borders(first, source)
    keys = source.lines[first : max(end - 1, 0)]
    return end if any(re.match(r"\s*[\w-]+\s*[:=]", line) for line in keys) else 0


def borders(first: int, source: Source) -> tuple[str, int]:
    """Return the border of another program's front matter at a line, and the line that ends it.

    The border is empty if the line is none; the other line is 0 if there is none.
    """
    border = source.lines[first - 1].strip()
    if border not in {"---", "+++"}:
        return "", 0
    after = enumerate(source.lines[first:], start=first + 1)
    return border, next((number for number, line in after if line.strip() == border), 0)


def parse_body(blocks: Sequence[Block], document: Document, source: Source) -> Parsed[Body]:
    """Parse blocks as a body: texts, comparisons, code blocks, and alerts."""
    parts: list[BodyPart] = []
    headings = tuple(markdown.headings_of(blocks, source))
    slugs = {heading.span.line: heading.slug for heading in headings}
    section = ""
    section_starts: list[int] = []
    diagnostics = [*_heading_diagnostics(blocks, source)]
    for is_text, group in groupby(blocks, key=_is_text):
        if is_text:
            texts = tuple(group)
            for first, *others in split_at_headings(texts):
                if first.kind == "heading" and first.number == SECTION_LEVEL:
                    section_starts.append(len(parts))
                parts.append(markdown.text_of((first, *others)))
            section = next(
                (slugs[it.first] for it in reversed(texts) if it.first in slugs), section
            )
            continue
        for block in group:
            if block.kind == "alert":
                parts.append(Alert(block.info, markdown.text_in(block)))
            elif block.info == _COMPARE:
                comparison = _comparison(block, source)
                parts += (comparison.value,) if comparison.value else ()
                # If a code block isn't closed, errors in a comparison follow from it.
                diagnostics += comparison.diagnostics if document.is_whole else ()
            else:
                text = markdown.text_of((block,))
                parts.append(CodeBlock(block.info, block.content, text, section))
                diagnostics += _misspelled_comparison(block, source)
    body = Body(
        Packed.of(tuple(parts)),
        tuple(part for part in parts if isinstance(part, Comparison)),
        headings,
        document.targets,
        _lead(blocks),
        section_starts[1] if len(section_starts) > 1 else len(parts),
        document.is_whole,
    )
    return Parsed(body, tuple(diagnostics))


def _is_text(block: Block) -> bool:
    return block.kind not in {"fence", "alert"}


def _lead(blocks: Sequence[Block]) -> str:
    """The plain text above the first heading and the first code block."""
    below_alerts = dropwhile(lambda block: block.kind == "alert", blocks)
    lead = takewhile(lambda block: _is_text(block) and block.kind != "heading", below_alerts)
    return " ".join(filter(None, map(markdown.plain, lead)))


def split_at_headings(blocks: Sequence[Block]) -> list[Sequence[Block]]:
    """Split the blocks before each heading."""
    starts = [index for index, block in enumerate(blocks) if not index or block.kind == "heading"]
    return [blocks[start:end] for start, end in pairwise([*starts, len(blocks)])]


def unexpected_markup(block: Block, source: Source, what: str) -> Iterator[Diagnostic]:
    """Report markup in a name, which would be lost."""
    if markdown.has_markup(block):
        yield Diagnostic(
            Rule.UNEXPECTED_MARKUP,
            source.whole(block.first),
            f"{what} cannot contain markup",
            help="remove the Markdown characters around the words: * _ ` [ ] ( )",
        )


def unexpected(block: Block, source: Source, help_text: str) -> Diagnostic:
    """Return the diagnostic for a block in the wrong place."""
    return Diagnostic(
        Rule.UNEXPECTED_BLOCK,
        source.whole(block.first),
        f"unexpected {_BLOCK_NAMES[block.kind]}",
        help="remove it" if block.kind == "hr" else help_text,
    )


_BLOCK_NAMES: Mapping[str, str] = {
    "bullet_list": "list",
    "ordered_list": "numbered list",
    "fence": "code block",
    "code_block": "indented code block",
    "blockquote": "block quote",
    "alert": "alert",
    "hr": "horizontal rule",
    "heading": "heading",
    "paragraph": "paragraph",
    "table": "table",
    "list_item": "list item",
}


def _misspelled_comparison(fence: Block, source: Source) -> Iterator[Diagnostic]:
    """Report a code block whose language is probably a misspelled `compare`."""
    if _looks_like_comparison(fence.info):
        yield Diagnostic(
            Rule.UNEXPECTED_BLOCK,
            source.find(fence.info, fence.first, fence.first),
            f'unknown language "{fence.info}": the block would be shown as code',
            help=f'did you mean "{_COMPARE}"?',
        )


@lru_cache(maxsize=1024)
def _looks_like_comparison(language: str) -> bool:
    return similar_word(language, [_COMPARE]) != ""


def _comparison(fence: Block, source: Source) -> Parsed[Comparison | None]:
    head_toml = toml.read(source, fence.first + 1, fence.content)
    if head_toml.value is None:
        return Parsed(None, head_toml.diagnostics)
    head = toml.fit(head_toml.value, ComparisonHead)
    diagnostics = (*head_toml.diagnostics, *head.diagnostics)
    if head.value is None:
        return Parsed(None, diagnostics)
    span_of, codes, facts = head_toml.value.value, head.value.codes, head.value.facts
    comparison = Comparison(
        None
        if codes is None
        else tuple(Mention(number, span_of(("codes",), str(number))) for number in codes),
        None if facts is None else tuple(Word(key, span_of(("facts",), key)) for key in facts),
    )
    return Parsed(comparison, diagnostics)


def _heading_diagnostics(blocks: Sequence[Block], source: Source) -> Iterator[Diagnostic]:
    """Report headings that are nested or empty, second titles, and skipped levels."""
    level, heading_span = 1, None
    for block in blocks:
        if block.kind != "heading":
            # They have no anchors.
            for heading in markdown.nested_headings(block):
                yield unexpected(heading, source, "move it out of the list or block quote")
            continue
        span = source.whole(block.first)
        if not markdown.plain(block):
            help_text = "write the heading after the #, or remove the line"
            yield Diagnostic(Rule.EMPTY_TEXT, span, "this heading is empty", help=help_text)
        elif block.number == 1:
            yield Diagnostic(
                Rule.UNEXPECTED_BLOCK,
                span,
                "a page can have only one title",
                help="start the line with ##",
            )
        elif block.number > level + 1:
            yield Diagnostic(
                Rule.SKIPPED_LEVEL,
                span,
                f"heading levels skip from {level} to {block.number}",
                note=Note("the previous heading", heading_span) if heading_span else None,
                help=f"start the line with {'#' * (level + 1)}",
            )
        level, heading_span = block.number, span
