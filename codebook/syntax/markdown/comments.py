"""Report HTML comments, which would be published, and leave them out of the document.

A comment is written for authors, so its text isn't checked any further.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.diagnostics.source import Source, Span
from codebook.syntax.markdown.blocks import lines

OPENING = re.compile(r"<!(?:--|[–—]|-(?=\s))")
"""The start of a comment, also as a word processor or a typing error leaves it."""
_CLOSING = "-->"


def split_comments(
    tokens: Sequence[Token], source: Source
) -> tuple[list[Token], tuple[Diagnostic, ...]]:
    """Return the tokens outside of comments, and a diagnostic for each comment between blocks."""
    if "<!" not in source.text:
        return [*tokens], ()
    kept: list[Token] = []
    diagnostics: list[Diagnostic] = []
    end, is_inside = 0, False
    for index, token in enumerate(tokens):
        first, last = lines(token) if token.map else (0, 0)
        if token.level == 0 and token.nesting >= 0:
            is_inside = first <= end
            if not is_inside and token.type == "paragraph_open":
                text = tokens[index + 1].content
                if OPENING.match(text) and (found := _end(text, last, source)):
                    end = found
                    is_inside = True
                    diagnostics.append(html_comment(source.whole(first)))
        if not is_inside:
            kept.append(token)
    return kept, tuple(diagnostics)


def html_comment(span: Span) -> Diagnostic:
    """Return the diagnostic for a comment."""
    message = "this HTML comment would be published"
    help_text = "move it out of the book, or remove it"
    return Diagnostic(Rule.HTML_COMMENT, span, message, help=help_text)


def _end(text: str, last: int, source: Source) -> int:
    """The last line of the comment that starts a paragraph; 0 if other text follows it there."""
    if _CLOSING in text:
        return last if text.index(_CLOSING) + len(_CLOSING) == len(text) else 0
    for number in range(last + 1, len(source.lines) + 1):
        if _CLOSING in source.lines[number - 1]:
            return number if source.lines[number - 1].rstrip().endswith(_CLOSING) else last
    return last
