"""One code of a register: a bullet with a number, perhaps a name, and a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from codebook.book.documents import Entry
from codebook.book.layout import NUMBER
from codebook.book.parse.body import only_words, unexpected
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule
from codebook.diagnostics.source import Source, Span
from codebook.syntax import markdown
from codebook.syntax.markdown import Block

_CODE = re.compile(rf"(?P<number>{NUMBER.pattern})(?:\s+(?P<name>.+))?")
_LEADING = re.compile(rf"[-*+]?\s*0*(?P<number>{NUMBER.pattern})(?![0-9])")
NO_BLANK = re.compile(rf"[-*+](?P<number>{NUMBER.pattern})(?=\s|$)")
"""How a code begins where the blank after the dash was forgotten."""

_PARTED = re.compile(rf"(?P<number>{NUMBER.pattern})\s*[:.,;)=–—-]+\s*(?P<name>\S.*)")
"""A number and a name with more than a blank between them."""

_SHOWN = 40
"""Characters of a bullet that a message repeats."""


def entry(item: Block, source: Source) -> Parsed[Entry | None]:
    """The code that a bullet describes; nothing where it does not begin with one."""
    others = [block for block in item.children if block.kind != "paragraph"]
    if not item.children or item.children[0] in others:
        return Parsed(None, (_no_code(item, source),))
    paragraphs = [block for block in item.children if block.kind == "paragraph"]
    first, rest = markdown.cut_at_break(paragraphs[0])
    words = markdown.untagged(first)
    match = _CODE.fullmatch(words)
    if match is None:
        span = source.find(markdown.plain(first), item.first, item.last)
        return Parsed(None, (_not_a_code(words, span),))
    span = source.find(match["number"], item.first, item.last)
    text = markdown.text_of(([rest] if rest else []) + paragraphs[1:])
    diagnostics = [
        *(_misplaced_block(each, match["number"], source) for each in others),
        *_swallowed(paragraphs, source),
        *only_words(first, source, "the name of a code"),
    ]
    if not text.plain:
        diagnostics.append(_missing_text(match, span))
    return Parsed(Entry(int(match["number"]), match["name"] or "", text, span), tuple(diagnostics))


def named_number(block: Block) -> int | None:
    """The code that a block which is no entry seems to be about."""
    match = _LEADING.match(markdown.plain(block))
    if block.kind == "list_item" and block.children and block.children[0].kind == "ordered_list":
        return block.children[0].number
    return int(match["number"]) if match else None


def nested_numbers(item: Block) -> Iterator[int]:
    """The codes that bullets within a bullet seem to be about."""
    for block in item.children:
        if block.kind == "bullet_list":
            for inner in block.children:
                number = named_number(inner)
                yield from () if number is None else (number,)
                yield from nested_numbers(inner)


def _misplaced_block(block: Block, number: str, source: Source) -> Diagnostic:
    """The problem for a block that is no paragraph of a code's text."""
    inner = named_number(block.children[0]) if block.kind == "bullet_list" else None
    if inner is None:
        return unexpected(block, source, "say it in a paragraph, or in the code's article")
    span = source.find(str(inner), block.first, block.first)
    return Diagnostic(
        Rule.UNEXPECTED_BLOCK,
        span,
        f"code {inner} is indented, and so belongs to the text of code {number}",
        help=f"remove the blanks before the dash: {source.lines[block.first - 1].strip()}",
    )


def _no_code(item: Block, source: Source) -> Diagnostic:
    if item.children and item.children[0].kind != "ordered_list":
        return unexpected(item.children[0], source, "write a number behind the dash, then its text")
    span = source.whole(item.first)
    if item.children:
        number = item.children[0].number
        dotted = source.search(str(number), item.first, item.first)
        span = source.at(dotted.line, dotted.column, dotted.length + 1) if dotted else span
        cure = f"write it without the sign behind it: {number}"
        return Diagnostic(
            Rule.INVALID_CODE, span, "a numbered list begins here, not a code", help=cure
        )
    cure = "write a number behind the dash, or remove the dash"
    return Diagnostic(Rule.INVALID_CODE, span, "this bullet has no code", help=cure)


def _not_a_code(words: str, span: Span) -> Diagnostic:
    shown = words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"
    cure = "begin it with a number; its name may follow, and its text in the next line"
    number = words.lstrip("0")
    parted = _PARTED.fullmatch(words)
    if number != words and _CODE.fullmatch(number):
        cure = f"write it without the nought in front: {number}"
    elif parted:
        cure = f"write a blank between number and name: {parted['number']} {parted['name']}"
    return Diagnostic(Rule.INVALID_CODE, span, f'"{shown}" is not a code', help=cure)


def _swallowed(paragraphs: Sequence[Block], source: Source) -> Iterator[Diagnostic]:
    """Lines of a text that would be codes of their own with a blank after the dash."""
    for block in paragraphs:
        for line in range(block.first + 1, block.last + 1):
            match = NO_BLANK.match(source.lines[line - 1].strip())
            if match:
                yield Diagnostic(
                    Rule.INVALID_CODE,
                    source.whole(line),
                    f"{match['number']} begins no code, but goes on with the text above: "
                    "there is no blank after the dash",
                    help=f"write - {match['number']}",
                )


def _missing_text(match: re.Match[str], span: Span) -> Diagnostic:
    cure = "begin a new line behind the number, or write the text below the name"
    return Diagnostic(
        Rule.MISSING_TEXT,
        span,
        f"code {match['number']} has no text",
        help=cure if match["name"] else "say in the line below what it means",
    )
