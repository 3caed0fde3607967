"""Parse a code of a register: a list item with a number, an optional name, and a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from codebook.book.documents import Entry
from codebook.book.layout import NUMBER
from codebook.book.parse.body import unexpected, unexpected_markup
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule
from codebook.diagnostics.source import Source, Span
from codebook.syntax import markdown
from codebook.syntax.markdown import Block

_CODE = re.compile(rf"(?P<number>{NUMBER.pattern})(?:\s+(?P<name>.+))?")
_LEADING = re.compile(rf"[-*+]?\s*0*(?P<number>{NUMBER.pattern})(?![0-9])")
MISSING_SPACE = re.compile(rf"[-*+](?P<number>{NUMBER.pattern})(?=\s|$)")
"""The start of an entry without a space after the dash."""
_SEPARATED = re.compile(rf"(?P<number>{NUMBER.pattern})\s*[:.,;)=–—-]+\s*(?P<name>\S.*)")
"""A number and a name with punctuation between them."""
_MAX_QUOTED = 40
"""The maximum number of characters that a message quotes."""


def parse_entry(item: Block, source: Source) -> Parsed[Entry | None]:
    """Parse a list item; None if it doesn't start with a code."""
    other_blocks = [block for block in item.children if block.kind != "paragraph"]
    if not item.children or item.children[0] in other_blocks:
        return Parsed(None, (_no_code(item, source),))
    paragraphs = [block for block in item.children if block.kind == "paragraph"]
    first, rest = markdown.cut_at_break(paragraphs[0])
    text = markdown.untagged(first)
    match = _CODE.fullmatch(text)
    if match is None:
        span = source.find(markdown.plain(first), item.first, item.last)
        return Parsed(None, (_not_a_code(text, span),))
    span = source.find(match["number"], item.first, item.last)
    description = markdown.text_of(([rest] if rest else []) + paragraphs[1:])
    diagnostics = [
        *(_block_in_entry(block, match["number"], source) for block in other_blocks),
        *_unseparated_codes(paragraphs, source),
        *unexpected_markup(first, source, "the name of a code"),
    ]
    if not description.plain:
        diagnostics.append(_missing_text(match, span))
    entry = Entry(int(match["number"]), match["name"] or "", description, span)
    return Parsed(entry, tuple(diagnostics))


def named_number(block: Block) -> int | None:
    """Return the code that an invalid entry probably describes."""
    match = _LEADING.match(markdown.plain(block))
    if block.kind == "list_item" and block.children and block.children[0].kind == "ordered_list":
        return block.children[0].number
    return int(match["number"]) if match else None


def nested_numbers(item: Block) -> Iterator[int]:
    """Yield the codes that nested list items probably describe."""
    for block in item.children:
        if block.kind == "bullet_list":
            for nested in block.children:
                number = named_number(nested)
                yield from () if number is None else (number,)
                yield from nested_numbers(nested)


def _block_in_entry(block: Block, number: str, source: Source) -> Diagnostic:
    """The diagnostic for a block of an entry other than a paragraph."""
    nested = named_number(block.children[0]) if block.kind == "bullet_list" else None
    if nested is None:
        return unexpected(
            block, source, "write it as a paragraph, or move it to the code's article"
        )
    span = source.find(str(nested), block.first, block.first)
    return Diagnostic(
        Rule.UNEXPECTED_BLOCK,
        span,
        f"code {nested} is indented, which makes it part of code {number}",
        help=f"remove the spaces before the dash: {source.lines[block.first - 1].strip()}",
    )


def _no_code(item: Block, source: Source) -> Diagnostic:
    if item.children and item.children[0].kind != "ordered_list":
        return unexpected(item.children[0], source, "start the list item with a code")
    span = source.whole(item.first)
    if item.children:
        number = item.children[0].number
        dotted = source.search(str(number), item.first, item.first)
        span = source.at(dotted.line, dotted.column, dotted.length + 1) if dotted else span
        message = "expected a code, found a numbered list"
        help_text = f"remove the punctuation after the number: {number}"
    else:
        message = "this list item has no code"
        help_text = "write a code after the dash, or remove the dash"
    return Diagnostic(Rule.INVALID_CODE, span, message, help=help_text)


def _not_a_code(text: str, span: Span) -> Diagnostic:
    quoted = text if len(text) <= _MAX_QUOTED else text[: _MAX_QUOTED - 1] + "…"
    help_text = "start with a number and an optional name, and put the text on the next line"
    stripped = text.lstrip("0")
    if stripped != text and _CODE.fullmatch(stripped):
        help_text = f"write the code without leading zeros: {stripped}"
    elif match := _SEPARATED.fullmatch(text):
        help_text = (
            f"separate the number and the name with a space: {match['number']} {match['name']}"
        )
    return Diagnostic(Rule.INVALID_CODE, span, f'"{quoted}" is not a code', help=help_text)


def _unseparated_codes(paragraphs: Sequence[Block], source: Source) -> Iterator[Diagnostic]:
    """Report lines of a text that would be entries with a space after the dash."""
    for block in paragraphs:
        for line in range(block.first + 1, block.last + 1):
            match = MISSING_SPACE.match(source.lines[line - 1].strip())
            if match:
                yield Diagnostic(
                    Rule.INVALID_CODE,
                    source.whole(line),
                    f"code {match['number']} is part of the text above: "
                    "there is no space after the dash",
                    help=f"add a space after the dash: - {match['number']}",
                )


def _missing_text(match: re.Match[str], span: Span) -> Diagnostic:
    help_text = "describe the code on the next line"
    if match["name"]:
        help_text = "move the text to the line below the number, or add a text below the name"
    message = f"code {match['number']} has no text"
    return Diagnostic(Rule.MISSING_TEXT, span, message, help=help_text)
