"""Report what markdown-it would drop silently, and what exceeds its limits.

By design, it drops unused link reference definitions, text after the language of a fence, and cells
beyond the columns of a table. It also drops content that is nested too deeply.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.diagnostics.source import Source
from codebook.syntax.markdown import engine
from codebook.syntax.markdown.blocks import lines

_DEEPEST = 20
"""The maximum level of nesting."""
_LARGEST = 1_000_000
"""The maximum length of the HTML of a file: a table of 12 KB can become 666 KB."""

_SHORT = 20_000
"""A file with so few characters and blocks can't have that much HTML."""


def excess(tokens: Sequence[Token], source: Source) -> Iterator[Diagnostic]:
    """Report paragraphs and files that are too long, and nesting that is too deep."""
    for token in tokens:
        if token.level >= _DEEPEST:
            yield Diagnostic(
                Rule.TOO_DEEP,
                source.whole(lines(token)[0]),
                f"lists or block quotes are nested more than {_DEEPEST} levels deep",
                help="reduce the nesting, or remove extra markers at the start of the line",
            )
            return
    for token in tokens:
        if token.type == "inline" and len(token.content) > engine.LONGEST:
            yield Diagnostic(
                Rule.TOO_LARGE,
                source.at(lines(token)[0]),
                f"this paragraph is longer than {engine.LONGEST:,} characters",
                help="split it into several paragraphs, separated by blank lines",
            )
    if len(source.text) + len(tokens) > _SHORT and _html_length(tokens) > _LARGEST:
        yield Diagnostic(
            Rule.TOO_LARGE,
            source.at(1),
            f"the HTML of this file would be longer than {_LARGEST:,} characters",
            help="split the file, or move its largest table to another file",
        )


def _html_length(tokens: Sequence[Token]) -> int:
    """The approximate length of the HTML of the tokens; an entity counts as one character."""
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
    """Report link reference definitions."""
    for definition in (*env.get("references", {}).values(), *env.get("duplicate_refs", ())):
        yield Diagnostic(
            Rule.UNEXPECTED_BLOCK,
            source.whole(definition["map"][0] + 1),
            "link reference definitions are not supported",
            help="write the URL inline instead, as in [text](URL)",
        )


def unsupported_in_fence(fence: Token, source: Source) -> Iterator[Diagnostic]:
    """Report text after the language of a fence, and what other dialects write instead of one."""
    first, _ = lines(fence)
    if fence.info.startswith("{"):
        yield Diagnostic(
            Rule.UNREAD_MARKUP,
            source.find(fence.info, first, first),
            f"this block is shown as code: {fence.info} is not a language",
            help="write the language without braces, or write a note as an alert: > [!NOTE]",
        )
        return
    extra = fence.info.split()[1:]
    if extra:
        yield Diagnostic(
            Rule.UNEXPECTED_BLOCK,
            source.find(extra[0], first, first),
            f'"{extra[0]}" after the language of a code block is not shown',
            help="remove everything after the language",
        )


def lost_cells(tokens: Sequence[Token], source: Source) -> Iterator[Diagnostic]:
    """Report rows with more cells than their table has columns."""
    columns, in_head = 0, False
    for token in tokens if "|" in source.text else ():
        if token.type in {"thead_open", "thead_close"}:
            in_head = token.type == "thead_open"
            columns = 0 if in_head else columns
        elif token.type in {"th_open", "td_open"} and in_head:
            columns += 1
        elif token.type == "tr_open" and not in_head:
            line, _ = lines(token)
            row = source.lines[line - 1].strip(" >")
            cells = escapedSplit(row) if "\\" in row else row.split("|")
            inner = cells[not cells[0].strip() : len(cells) - (not cells[-1].strip())]
            if len(inner) > columns:
                yield Diagnostic(
                    Rule.UNEXPECTED_BLOCK,
                    source.whole(line),
                    f"this row has {len(inner)} cells, but its table has {columns} columns",
                    help="write \\| for a | inside a cell, or remove the extra cells",
                )
