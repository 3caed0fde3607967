"""Report sections that would become part of a code block, a list, or a table."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType

from markdown_it.token import Token

from codebook.diagnostics.diagnostic import Diagnostic, Note, Rule
from codebook.diagnostics.source import Source
from codebook.syntax.markdown.blocks import is_closed, lines

_NEAR_BORDER = re.compile(r"`{2,}|~{2,}")
"""A line that was probably meant to close a fence."""
_OPENING = re.compile(r" {0,3}(?P<marker>`{3,}|~{3,}) *[\w+#.-]+ *")
"""The start of a code block with a language."""
_HEADING = re.compile(r"(?P<hashes>#{2,6}) +(?P<text>\S.*?) *#*")
_UNCOMMENTED = frozenset({"", "text", "txt", "plain", "plaintext", "http", "json", "html", "xml"})
"""Languages in which a line with `##` is no comment."""
_MARKDOWN = frozenset({"markdown", "md"})
_HEAD = "toml"
"""The language of front matter, whose parser reports what isn't TOML."""

_CONTAINERS: Mapping[str, str] = MappingProxyType(
    {
        "bullet_list_close": "list",
        "ordered_list_close": "list",
        "blockquote_close": "block quote",
    }
)


def open_fences(
    tokens: Sequence[Token], source: Source, headings: Collection[str]
) -> Iterator[Diagnostic]:
    """Report the first code block that is closed by a later one, or else those never closed.

    `headings` are the headings that the book expects: such a line is never code.
    """
    fences = [token for token in tokens if token.type == "fence"]
    for fence in fences:
        is_head = fence is tokens[0] and fence.info.strip() == _HEAD
        if is_closed(fence, source.lines) and not is_head:
            for number, reason in _swallowed(fence, headings):
                yield _left_open(fence, source, number, reason)
                # From here on, code and text may be swapped.
                return
    for fence in fences:
        if not is_closed(fence, source.lines):
            yield _never_closed(fence, source)


def _swallowed(fence: Token, headings: Collection[str]) -> Iterator[tuple[int, str]]:
    """The lines of the code that show that the block was left open, and what they are."""
    language = "".join(fence.info.split()[:1]).lower()
    content = ["", *fence.content.split("\n"), ""]
    first, _ = lines(fence)
    openings = (
        index
        for index, line in enumerate(content)
        if (opening := _OPENING.fullmatch(line)) and opening["marker"].startswith(fence.markup)
    )
    end = next(openings, 0)
    has_comments = language not in _UNCOMMENTED and not end
    for index, line in enumerate(content[: end or None]):
        if heading := _HEADING.fullmatch(line):
            is_alone = not (content[index - 1] + content[index + 1]).strip()
            is_expected = heading["text"] in headings or (is_alone and not has_comments)
            if is_expected and language not in _MARKDOWN:
                yield first + index, "a heading"
    if end:
        yield first + end, "the start of another code block"


def _left_open(fence: Token, source: Source, number: int, reason: str) -> Diagnostic:
    first, _ = lines(fence)
    return Diagnostic(
        Rule.UNEXPECTED_BLOCK,
        source.whole(first),
        "this code block is not closed where its code ends",
        note=Note(f"this line, {reason}, would be code", source.whole(number)),
        help=f"add a closing line above line {number}: {fence.markup}",
    )


def _never_closed(fence: Token, source: Source) -> Diagnostic:
    """The diagnostic, with the line that was probably meant to close the fence."""
    first, last = lines(fence)
    note, help_text = None, f"add a closing line: {fence.markup}"
    for number in range(first + 1, last + 1):
        line = source.lines[number - 1].strip(" >")
        if _NEAR_BORDER.fullmatch(line):
            note = Note("this line does not close it", source.whole(number))
            help_text = f"change that line to {fence.markup}"
            break
    message = "this code block is never closed"
    span = source.whole(first)
    return Diagnostic(Rule.UNEXPECTED_BLOCK, span, message, note=note, help=help_text)


def lost_headings(tokens: Sequence[Token], source: Source) -> Iterator[Diagnostic]:
    """Report headings that are indented code, and underlined ones in lists and block quotes."""
    for index, token in enumerate(tokens):
        if token.type == "code_block":
            first, _ = lines(token)
            content = ["", *token.content.split("\n")]
            for number, line in enumerate(content):
                if _HEADING.fullmatch(line) and not content[number - 1].strip():
                    yield Diagnostic(
                        Rule.UNREAD_MARKUP,
                        source.whole(first + number - 1),
                        "this is not a heading: it is indented by four or more spaces",
                        help="remove the spaces before it",
                    )
                    break
        elif token.type == "hr" and token.markup.startswith("-") and index and token.level == 0:
            first, _ = lines(token)
            above = source.lines[first - 2] if first > 1 else ""
            is_own_line = re.match(r"[^\s>|*+-](?!\d*[.)]\s)", above)
            kind = _CONTAINERS.get(tokens[index - 1].type)
            if kind and is_own_line:
                yield Diagnostic(
                    Rule.UNREAD_MARKUP,
                    source.whole(first - 1),
                    f"this is not a heading: it is part of the {kind} above",
                    help=f"write ## {above.strip()}, with an empty line above it",
                )


def lost_paragraphs(tokens: Sequence[Token], source: Source) -> Iterator[Diagnostic]:
    """Report the first line below a table that becomes a row of it."""
    header, is_reported = "", False
    for token in tokens if "|" in source.text else ():
        if token.type == "table_open":
            header, is_reported = source.lines[lines(token)[0] - 1], False
        elif token.type == "tr_open" and "|" in header and not is_reported:
            number, _ = lines(token)
            if "|" not in source.lines[number - 1]:
                is_reported = True
                yield Diagnostic(
                    Rule.UNREAD_MARKUP,
                    source.whole(number),
                    "this line is a row of the table above",
                    help="add an empty line above it",
                )
