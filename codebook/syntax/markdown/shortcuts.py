"""Rules for the most frequent Markdown, in a fraction of the time of markdown-it's own rules.

markdown-it tries each of its rules at each line and at each character that isn't a letter. These
rules try only those that the first character allows, and read plain paragraphs, links, and texts at
once. The tokens are the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from markdown_it.common.utils import mdTrim
from markdown_it.helpers import parseLinkLabel
from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.parser_inline import RuleFuncInlineType
from markdown_it.rules_block import (
    StateBlock,
    blockquote,
    code,
    fence,
    heading,
    hr,
    lheading,
    list_block,
    paragraph,
    reference,
    table,
)
from markdown_it.rules_inline import StateInline, link
from markdown_it.token import Token

from codebook.syntax.markdown.bare_urls import starts

_MARKUP = re.compile(r"[!&*<\[\\\]_`~]| \n")
"""What a text contains if it consists of more than lines of plain text."""
_PLAIN_LABEL = re.compile(r"\[(?P<text>[^\n!&*<\[\\\]_`~:@]+)\]")
_PLAIN_TARGET = re.compile(r"\((?P<url>[^\x00-\x20\x7f\\()<&]+)\)")


def plain_text(text: str) -> list[Token] | None:
    """Return the tokens of a paragraph without markup; None if it can contain any."""
    if _MARKUP.search(text) or starts(text):
        return None
    first, *rest = text.split("\n")
    tokens = [Token("text", "", 0, content=first)] if first else []
    for line in rest:
        tokens.append(Token("softbreak", "br", 0))
        tokens.append(Token("text", "", 0, content=line.lstrip(" \t")))
    return tokens


def any_link(state: StateInline, silent: bool) -> bool:
    """An inline rule: a link without a title, spaces, or escaped characters in its parentheses."""
    start, maximum = state.pos, state.posMax
    label = _PLAIN_LABEL.match(state.src, start, maximum)
    if label and "www." in label["text"].lower():
        label = None
    end = label.end() if label else parseLinkLabel(state, start, disableNested=True) + 1
    target = _PLAIN_TARGET.match(state.src, end, maximum)
    if end == 0 or target is None:
        return end > 0 and link(state, silent)
    if not silent:
        state.push("link_open", "a", 1).attrs = {"href": state.md.normalizeLink(target["url"])}
        if label:
            state.append_pending(label["text"])
        else:
            state.pos, state.posMax = start + 1, end - 1
            state.linkLevel += 1
            state.md.inline.tokenize(state)
            state.linkLevel -= 1
            state.posMax = maximum
        state.push("link_close", "a", -1)
    state.pos = target.end()
    return True


def by_character(
    rules: Mapping[str, Sequence[RuleFuncInlineType]], others: Sequence[RuleFuncInlineType]
) -> RuleFuncInlineType:
    """Return an inline rule that tries only the rules for the next character, or else `others`."""

    def try_rules(state: StateInline, silent: bool) -> bool:
        return any(rule(state, silent) for rule in rules.get(state.src[state.pos], others))

    return try_rules


def any_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block rule: try only the rules for the first character of the line."""
    character = state.src[state.bMarks[start] + state.tShift[start]]
    return any(rule(state, start, end, silent) for rule in _RULES.get(character, _TEXT_RULES))


def _plain_paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block rule: a paragraph that can't be a table or an underlined heading."""
    del end, silent
    if state.is_code_block(start):
        return False
    parent, state.parentType = state.parentType, "paragraph"
    line = start + 1
    while line < state.lineMax and not state.isEmpty(line):
        begin = state.bMarks[line] + state.tShift[line]
        rules = _INTERRUPTING.get(state.src[begin])
        # A negative indent marks the lines of a block quote without >.
        if rules is not None and state.sCount[line] >= 0:
            if _UNDERLINE.match(state.src, begin, state.eMarks[line]):
                state.parentType = parent
                return False
            if any(rule(state, line, state.lineMax, True) for rule in rules):
                break
        line += 1
    state.parentType = parent
    state.line = line
    state.push("paragraph_open", "p", 1).map = [start, line]
    inline = state.push("inline", "", 0)
    inline.content = mdTrim(state.getLines(start, line, state.blkIndent, False))
    inline.map = [start, line]
    inline.children = []
    state.push("paragraph_close", "p", -1)
    return True


_INTERRUPTING: Mapping[str, Sequence[RuleFuncBlockType]] = {
    character: rules
    for characters, rules in (
        ("`~", (fence,)),
        (">", (blockquote,)),
        ("#", (heading,)),
        ("*-_", (hr, list_block)),
        ("+0123456789", (list_block,)),
        ("=:|", ()),
    )
    for character in characters
}
"""The blocks that can interrupt a paragraph, by their first character."""
_UNDERLINE = re.compile(r"[=:|]|-(?![ \t]+[^ \t])")
"""The start of a line that can be the second one of a table or an underlined heading."""
_TEXT_RULES = (_plain_paragraph, table, code, lheading, paragraph)
_RULES: Mapping[str, Sequence[RuleFuncBlockType]] = {
    character: (table, code, *rules, *_TEXT_RULES)
    for character, rules in {**_INTERRUPTING, "[": (reference,)}.items()
}
