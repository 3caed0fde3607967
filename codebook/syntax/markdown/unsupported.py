"""What markdown-it drops in silence, and what is too much for it.

It loses three things of a file by design: link definitions that no words use, the words after the
language of a fence, and cells beyond a table's columns. What is nested past its limit is lost too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from codebook.diagnostics.diagnostic import Diagnostic, Note, Rule
from codebook.diagnostics.source import Source
from codebook.syntax.markdown import engine
from codebook.syntax.markdown.blocks import is_closed, lines

_DEEPEST = 20
"""Levels of nesting that a book may use."""
_LARGEST = 1_000_000
"""Characters of HTML that one file may become: a table of 12 KB can become 666 KB."""

_BORDER = re.compile(r"`{2,}|~{2,}")
"""A line that seems to be the end of a fence."""


def excess(tokens: Sequence[Token], source: Source) -> Iterator[Diagnostic]:
    """Paragraphs, files and levels of nesting that are too much."""
    for token in tokens:
        if token.level >= _DEEPEST:
            yield Diagnostic(
                Rule.TOO_DEEP,
                source.whole(lines(token)[0]),
                f"lists or quotes are more than {_DEEPEST} levels deep here",
                help="take some of them apart, or remove signs at the start of the line",
            )
            return
    for token in tokens:
        if token.type == "inline" and len(token.content) > engine.LONGEST:
            yield Diagnostic(
                Rule.TOO_LARGE,
                source.at(lines(token)[0]),
                f"this paragraph has more than {engine.LONGEST:,} characters",
                help="split it into several, with blank lines between them",
            )
    if _html_length(tokens) > _LARGEST:
        yield Diagnostic(
            Rule.TOO_LARGE,
            source.at(1),
            f"this file becomes more than {_LARGEST:,} characters of HTML",
            help="split it, or take the largest table out of it",
        )


def _html_length(tokens: Sequence[Token]) -> int:
    """The characters of HTML that the tokens become, or a few less: entities count as one."""
    length = 0
    for token in tokens:
        if token.type == "inline":
            length += _html_length(token.children or ())
        elif not token.hidden:
            length += len(token.content)
            if token.tag and token.type != "softbreak":
                length += len(token.tag) + (3 + token.block if token.nesting < 0 else 2)
            for name, value in token.attrs.items():
                length += len(name) + len(str(value)) + 4
    return length


def definitions(env: Mapping[str, Any], source: Source) -> Iterator[Diagnostic]:
    """Addresses of links that stand apart from their words."""
    for definition in (*env.get("references", {}).values(), *env.get("duplicate_refs", ())):
        yield Diagnostic(
            Rule.UNEXPECTED_BLOCK,
            source.whole(definition["map"][0] + 1),
            "the address of a link stands apart from its words",
            help="put it behind the words, as in [words](address), and remove this line",
        )


def unsupported_in_fence(fence: Token, source: Source) -> Iterator[Diagnostic]:
    """A fence that is never closed, and words that it shows nowhere."""
    first, _ = lines(fence)
    if not is_closed(fence, source.lines):
        yield _never_closed(fence, source)
    extra = fence.info.split()[1:]
    if extra:
        yield Diagnostic(
            Rule.UNEXPECTED_BLOCK,
            source.find(extra[0], first, first),
            f'"{extra[0]}" follows the language of a fence, and is shown nowhere',
            help="remove all that follows the language",
        )


def _never_closed(fence: Token, source: Source) -> Diagnostic:
    """The problem, with the line that was perhaps meant to close the fence."""
    first, last = lines(fence)
    note, help_text = None, f"add a line {fence.markup} where it ends"
    for number in range(first + 1, last + 1):
        line = source.lines[number - 1].strip(" >")
        if _BORDER.fullmatch(line):
            note = Note("this line does not close it", source.whole(number))
            help_text = f"write {fence.markup} in that line, as at the beginning"
            break
    message = "this fence is never closed"
    span = source.whole(first)
    return Diagnostic(Rule.UNEXPECTED_BLOCK, span, message, note=note, help=help_text)


def unread_markup(inline: Token, source: Source, within: tuple[int, int]) -> Iterator[Diagnostic]:
    """Headings and links that are shown as the signs they are written with."""
    begins_line = True
    for token in inline.children or ():
        if token.type == "text":
            in_line = (_no_link, _turned_link)
            for find in (_no_heading, *in_line) if begins_line else in_line:
                if unread := find(token.content):
                    text, message, help_text = unread
                    # Whoever wrote a backslash before a character meant the character.
                    if span := source.search(text, *within):
                        yield Diagnostic(Rule.UNREAD_MARKUP, span, message, help=help_text)
        begins_line = token.type in {"softbreak", "hardbreak"}


def _no_heading(text: str) -> tuple[str, str, str] | None:
    """The words that were to be a heading, what is wrong, and what to do."""
    if match := re.match(r"(#{2,6})([^\s#].*)", text):
        message = f"this is no heading: there is no blank after {match[1]}"
        return match[0], message, f"write {match[1]} {match[2]}"
    return None


def _no_link(text: str) -> tuple[str, str, str] | None:
    if match := re.search(r"\[[^\[\]]*\]\(([^()\s]+(?: [^()\s]+)+)\)", text):
        url = match[1].replace(" ", "%20")
        message = "this is no link: its address holds a blank"
        return match[0], message, f"write %20 for each blank: {url}"
    return None


def _turned_link(text: str) -> tuple[str, str, str] | None:
    if match := re.search(r"\(([^()]+)\)\[([^\[\]\s]*(?:/|\.md)[^\[\]\s]*)\]", text):
        message = "this is no link: words and address stand in each other's brackets"
        return match[0], message, f"write [{match[1]}]({match[2]})"
    return None


def lost_cells(tokens: Sequence[Token], source: Source) -> Iterator[Diagnostic]:
    """Cells of a row that has more of them than its table has columns."""
    columns, in_head = 0, False
    for token in tokens:
        if token.type in {"thead_open", "thead_close"}:
            in_head = token.type == "thead_open"
            columns = 0 if in_head else columns
        elif token.type in {"th_open", "td_open"} and in_head:
            columns += 1
        elif token.type == "tr_open" and not in_head:
            line, _ = lines(token)
            cells = escapedSplit(source.lines[line - 1].strip(" >"))
            inner = cells[not cells[0].strip() : len(cells) - (not cells[-1].strip())]
            if len(inner) > columns:
                yield Diagnostic(
                    Rule.UNEXPECTED_BLOCK,
                    source.whole(line),
                    f"this row has {len(inner)} cells, and its table has {columns} columns",
                    help="write \\| for a bar that ends no cell, or remove what is too much",
                )
