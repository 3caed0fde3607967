"""One code of a register: a bullet with a number, perhaps a name, and a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from codebook import markdown
from codebook.layout import NUMBER
from codebook.markdown import Block
from codebook.parse.body import only_words, unexpected
from codebook.problems import Parsed, Problem, Rule
from codebook.records import Entry
from codebook.source import Source, Span

_CODE = re.compile(rf"(?P<number>{NUMBER.pattern})(?:\s+(?P<name>.+))?")
_LEADING = re.compile(rf"[-*+]?\s*0*(?P<number>{NUMBER.pattern})(?![0-9])")
NO_BLANK = re.compile(rf"[-*+](?P<number>{NUMBER.pattern})(?=\s|$)")
"""How a code begins where the blank after the dash was forgotten."""

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
    problems = [
        *(
            unexpected(each, source, "say it in a paragraph, or in the code's article")
            for each in others
        ),
        *_swallowed(paragraphs, source),
        *only_words(first, source, "the name of a code"),
    ]
    if not text.plain:
        problems.append(_missing_text(match, span))
    return Parsed(Entry(int(match["number"]), match["name"] or "", text, span), tuple(problems))


def named_number(block: Block) -> int | None:
    """The code that a block which is no entry seems to be about."""
    match = _LEADING.match(markdown.plain(block))
    return int(match["number"]) if match else None


def _no_code(item: Block, source: Source) -> Problem:
    if item.children and item.children[0].kind != "ordered_list":
        return unexpected(item.children[0], source, "begin the bullet with the number of a code")
    span = source.whole(item.first)
    cure = "write the number of a code behind the dash"
    if item.children:
        cure = "write the number without the dot or bracket behind it"
    return Problem(Rule.INVALID_CODE, span, "this bullet has no code", help=cure)


def _not_a_code(words: str, span: Span) -> Problem:
    shown = words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"
    cure = "begin the bullet with a number, then its name if you like, then a new line"
    number = words.lstrip("0")
    if number != words and _CODE.fullmatch(number):
        cure = f"write it without the nought in front: {number}"
    return Problem(Rule.INVALID_CODE, span, f'"{shown}" is not a code', help=cure)


def _swallowed(paragraphs: Sequence[Block], source: Source) -> Iterator[Problem]:
    """Lines of a text that would be codes of their own with a blank after the dash."""
    for block in paragraphs:
        for line in range(block.first + 1, block.last + 1):
            match = NO_BLANK.match(source.lines[line - 1].strip())
            if match:
                yield Problem(
                    Rule.INVALID_CODE,
                    source.whole(line),
                    "this line looks like a code, and is read as words of the one above",
                    help=f"put a blank after the dash: - {match['number']}",
                )


def _missing_text(match: re.Match[str], span: Span) -> Problem:
    cure = "put the text on a line of its own below the number"
    return Problem(
        Rule.MISSING_TEXT,
        span,
        f"code {match['number']} has no text",
        help=cure if match["name"] else "say below the number what it means",
    )
