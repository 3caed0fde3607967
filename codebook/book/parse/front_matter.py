"""Parse front matter: the TOML fence at the start of a document."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from codebook.book.documents import Body
from codebook.book.parse.body import borders, parse_body
from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule
from codebook.diagnostics.source import Source, Span
from codebook.syntax import markdown, toml
from codebook.syntax.markdown import Block

S = TypeVar("S", bound=Struct)

_LANGUAGE = "toml"
_BEGIN = "start the file with a line ```toml, the front matter, and a line ```"
_NOT_TOML = re.compile(r"(?:`{2,}|~{2,}|#{2,6} ).*")
"""Lines of Markdown, which front matter contains only if its fence isn't closed."""
_NEAR = 0.6
_FORMER_KEYS: Mapping[str, str] = {"licence": "license"}
"""Keys that were renamed; books may still use the former name."""


class DocumentWithHead(Struct, Generic[S], frozen=True):
    """A document with front matter."""

    head: S | None
    """None if a required key is missing or invalid."""
    has_valid_head: bool
    """Whether the front matter has no type errors."""
    head_toml: toml.TomlText
    body: Body


def parse_with_head(
    source: Source, head_type: type[S], headings: Collection[str] = ()
) -> Parsed[DocumentWithHead[S] | None]:
    """Parse a document; None if it or its front matter can't be parsed.

    `headings` are the expected headings, for errors about lost sections.
    """
    document = markdown.read(source, headings=headings)
    if document.value is None:
        return Parsed(None, document.diagnostics)
    head_toml = _head_toml(document.value.blocks, source)
    if head_toml.value is None:
        return Parsed(None, (*document.diagnostics, *head_toml.diagnostics))
    head = toml.fit(_with_current_keys(head_toml.value), head_type)
    body = parse_body(document.value.blocks[1:], document.value, source)
    return Parsed(
        DocumentWithHead(head.value, not head.diagnostics, head_toml.value, body.value),
        (*document.diagnostics, *head_toml.diagnostics, *head.diagnostics, *body.diagnostics),
    )


def parse_optional_head(
    blocks: Sequence[Block], source: Source, head_type: type[S]
) -> Parsed[tuple[S, Sequence[Block]]]:
    """Parse the front matter of a document that may have none, and return the blocks below it."""
    if not blocks or blocks[0].kind != "fence" or blocks[0].info != _LANGUAGE:
        return Parsed((head_type(), blocks))
    head_toml = _head_toml(blocks, source)
    if head_toml.value is None:
        return Parsed((head_type(), blocks[1:]), head_toml.diagnostics)
    head = toml.fit(head_toml.value, head_type)
    diagnostics = (*head_toml.diagnostics, *head.diagnostics)
    return Parsed((head.value or head_type(), blocks[1:]), diagnostics)


def _with_current_keys(head: toml.TomlText) -> toml.TomlText:
    renamed = {key: _FORMER_KEYS[key] for key in head.values.keys() & _FORMER_KEYS.keys()}
    if not renamed or set(renamed.values()) & head.values.keys():
        return head
    return replace(head, values={renamed.get(key, key): head.values[key] for key in head.values})


def _head_toml(blocks: Sequence[Block], source: Source) -> Parsed[toml.TomlText | None]:
    """The TOML of the front matter; None if it's missing or invalid."""
    if not blocks:
        return _missing(source)
    first = blocks[0]
    if first.kind == "fence" and first.info == _LANGUAGE:
        if first.is_closed:
            return _read_fence(first, source)
        # The unclosed fence is already reported; other errors follow from it.
        return Parsed(toml.read(source, first.first + 1, first.content).value)
    border, end = borders(first.first, source)
    if border:
        return _bordered(border, first.first, end, source)
    for block in blocks:
        if block.kind == "fence" and block.info == _LANGUAGE:
            note = Note("the front matter is here", source.whole(block.first))
            return _error(
                source.whole(first.first),
                "unexpected text before the front matter",
                "move the front matter to the top of the file",
                note,
            )
    return _misnamed(first, source) if first.kind == "fence" else _missing(source)


def _error(
    span: Span, message: str, help_text: str, note: Note | None = None
) -> Parsed[toml.TomlText | None]:
    return Parsed(None, (Diagnostic(Rule.MISSING_HEAD, span, message, note=note, help=help_text),))


def _read_fence(fence: Block, source: Source) -> Parsed[toml.TomlText | None]:
    """The TOML of the front matter, or an error if its fence isn't closed."""
    head_toml = toml.read(source, fence.first + 1, fence.content)
    if head_toml.value is not None:
        return head_toml
    for number, line in enumerate(fence.content.split("\n"), start=fence.first + 1):
        if _NOT_TOML.fullmatch(line):
            marker = fence.markup
            is_fence = not line.strip(f"{line[0]} ") and line[0] in "`~"
            return _error(
                source.whole(number),
                f"the front matter is not closed {'by' if is_fence else 'before'} this line",
                f"change the line to {marker}" if is_fence else f"add a line {marker} above it",
                Note("the front matter starts here", source.whole(fence.first)),
            )
    return head_toml


def _missing(source: Source) -> Parsed[toml.TomlText | None]:
    first = next((number for number, line in enumerate(source.lines, 1) if line.strip()), 1)
    return _error(source.whole(first), "the front matter is missing", _BEGIN)


def _bordered(border: str, first: int, end: int, source: Source) -> Parsed[toml.TomlText | None]:
    return _error(
        source.whole(first),
        f"front matter between {border} lines is not supported",
        "change the two lines to ```toml and ```, and write `key = value` between them",
        Note("it ends here", source.whole(end)) if end else None,
    )


def _misnamed(fence: Block, source: Source) -> Parsed[toml.TomlText | None]:
    """A code block in another language in place of the front matter."""
    info, correct = fence.info, f"{fence.markup}{_LANGUAGE}"
    info_span = source.find(info, fence.first, fence.first)
    if info and get_close_matches(info.lower(), [_LANGUAGE], cutoff=_NEAR):
        return _error(
            info_span, f'the front matter is marked as "{info}"', f'did you mean "{_LANGUAGE}"?'
        )
    if info in {"yaml", "yml", "json"}:
        message = f'the front matter is marked as "{info}", not "{_LANGUAGE}"'
        help_text = f"write {correct}, and `key = value` on the lines below"
        return _error(info_span, message, help_text)
    if toml.read(source, fence.first + 1, fence.content).value is not None:
        message = "the front matter is not marked as TOML"
        return _error(source.whole(fence.first), message, f"change the line to {correct}")
    return _missing(source)
