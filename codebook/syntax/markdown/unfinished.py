"""Report placeholders in the text of a Markdown file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from codebook.diagnostics.diagnostic import Diagnostic
from codebook.diagnostics.source import Source
from codebook.syntax.markdown.blocks import lines
from codebook.syntax.unfinished import is_possible, placeholder, unfinished_text


def unfinished_texts(tokens: Sequence[Token], source: Source) -> Iterator[Diagnostic]:
    """Report the first placeholder of each paragraph, heading, and cell; none in code."""
    if not is_possible(source.text):
        return
    line = column = 1
    for inline in (token for token in tokens if token.type == "inline"):
        first, last = lines(inline)
        line, column = max((line, column), (first, 1))
        for token in inline.children or ():
            word = placeholder(token.content) if token.type == "text" else ""
            # Code can contain the same word, so the search starts after it.
            searched = word or (token.content if token.type == "code_inline" else "")
            if span := source.search(searched, line, last, column):
                line, column = span.line, span.column + span.length
            if word:
                yield unfinished_text(word, span or source.whole(first), is_markdown=True)
                break
