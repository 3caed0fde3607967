"""Parse a code of a register: a list item with a number, an optional name, and a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from codebook.book.documents import Entry
from codebook.book.layout import NUMBER
from codebook.book.parse.body import unexpected, unexpected_markup
from codebook.book.parse.numbers import has_digit, intended_number, spelling_help
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule
from codebook.diagnostics.source import Source, Span
from codebook.syntax import markdown
from codebook.syntax.decode import visible
from codebook.syntax.markdown import Block

_CODE = re.compile(rf"(?P<number>{NUMBER.pattern})(?:\s+(?P<name>(?![:.,;)=–—-]+(?:\s|$)).+))?")
_SEPARATED = re.compile(
    rf"(?P<number>{NUMBER.pattern})\s*[:.,;)=–—-]+\s*(?P<name>[^\W\d_].*[^\W\d_].*)"
)
"""A number and a name with punctuation between them."""
_FIRST_WORD = re.compile(r"[-*+]?\s*(?P<word>[^\s:,;)=–—-]+)")
_MISREAD = re.compile(
    r"(?P<marker>[-*+\u2010-\u2015\u2212•·●○◦▪■‣\u2043∙・\uf0b7])(?P<space>\s*)"
    rf"(?P<number>{NUMBER.pattern})(?=\s|$)"
)
"""A line that only looks like the start of an entry, also with the dashes and bullets of word
processors."""
_TEXTS = frozenset({"paragraph", "code_block"})
"""The kinds of blocks that a list item becomes if it's indented or has no valid marker."""
_MAX_QUOTED = 40
"""The maximum number of characters that a message quotes."""


class MisreadCode(Struct, frozen=True):
    """A code that is read as text, because its line doesn't start a list item."""

    number: int
    diagnostic: Diagnostic


def parse_entry(item: Block, source: Source) -> Parsed[Entry | None]:
    """Parse a list item; None if it doesn't start with a code. Misread codes aren't reported."""
    other_blocks = [block for block in item.children if block.kind != "paragraph"]
    if not item.children or item.children[0] in other_blocks:
        return Parsed(None, (_no_code(item, source),))
    paragraphs = [block for block in item.children if block.kind == "paragraph"]
    first, rest = markdown.cut_at_break(paragraphs[0])
    text = markdown.untagged(first)
    match = _CODE.fullmatch(visible(text))
    if match is None:
        has_text = rest is not None or len(paragraphs) > 1
        return Parsed(None, (_not_a_code(text, item, source, has_text=has_text),))
    span = source.find(match["number"], item.first, item.last)
    description = markdown.text_of(([rest] if rest else []) + paragraphs[1:])
    diagnostics = [
        *(_block_in_entry(block, match["number"], source) for block in other_blocks),
        *unexpected_markup(first, source, "the name of a code"),
    ]
    if not description.plain:
        diagnostics.append(_missing_text(match, span))
    entry = Entry(int(match["number"]), match["name"] or "", description, span)
    return Parsed(entry, tuple(diagnostics))


def named_number(block: Block) -> int | None:
    """Return the code that an invalid entry probably describes."""
    if block.kind == "list_item" and block.children and block.children[0].kind == "ordered_list":
        return block.children[0].number
    match = _FIRST_WORD.match(markdown.plain(block))
    return intended_number(match["word"].rstrip(".")) if match else None


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


def _not_a_code(text: str, item: Block, source: Source, *, has_text: bool) -> Diagnostic:
    word = text.partition(" ")[0]
    help_text = "start with a number and an optional name, and put the text on the next line"
    quoted = text
    if match := _SEPARATED.fullmatch(text):
        help_text = (
            f"separate the number and the name with a space: {match['number']} {match['name']}"
            if has_text
            else f"write only the number, {match['number']}, and put the text on the next line"
        )
    elif has_digit(word) and not NUMBER.fullmatch(word):
        quoted, help_text = word, spelling_help(word)
    span = source.find(quoted, item.first, item.last)
    quoted = quoted if len(quoted) <= _MAX_QUOTED else quoted[: _MAX_QUOTED - 1] + "…"
    return Diagnostic(Rule.INVALID_CODE, span, f'"{quoted}" is not a code', help=help_text)


def misread_codes(block: Block, source: Source) -> Iterator[MisreadCode]:
    """Yield the codes in the lines of a text, or of the texts of a list item.

    The first line of a list item isn't one of them.
    """
    for text_block in (it for it in (block, *block.children) if it.kind in _TEXTS):
        for line in range(text_block.first, text_block.last + 1):
            text = source.lines[line - 1]
            match = _MISREAD.match(text, len(text) - len(text.lstrip()))
            if match and not (block.kind == "list_item" and line == block.first):
                span = source.at(line, match.start() + 1, len(match[0]))
                yield MisreadCode(int(match["number"]), _misread(match, span))


def _misread(match: re.Match[str], span: Span) -> Diagnostic:
    number, marker, space = match["number"], match["marker"], match["space"]
    name = "the dash" if marker == "-" else f'"{marker}"'
    if marker not in "-*+":
        reason = f"{name} does not start a list item"
        help_text = f"start the line with a hyphen and a space: - {number}"
    elif space:
        reason = "its line is indented"
        help_text = f"remove the spaces before {name}: {marker} {number}"
    else:
        reason = f"there is no space after {name}"
        help_text = f"add a space after {name}: {marker} {number}"
    message = f"code {number} is read as text: {reason}"
    return Diagnostic(Rule.INVALID_CODE, span, message, help=help_text)


def _missing_text(match: re.Match[str], span: Span) -> Diagnostic:
    help_text = "describe the code on the next line"
    if match["name"]:
        help_text = "move the text to the line below the number, or add a text below the name"
    message = f"code {match['number']} has no text"
    return Diagnostic(Rule.MISSING_TEXT, span, message, help=help_text)
