"""The Markdown parser. Only this package uses markdown-it and its tokens.

`engine` configures markdown-it, `blocks` defines the block tree and renders blocks as formatted
text, `reading` parses a file and reports what books can't contain, and `unsupported` reports what
markdown-it would drop.
"""

from codebook.syntax.markdown.blocks import (
    Block,
    cut_at_break,
    has_markup,
    headings_of,
    inline_text,
    links_of,
    plain,
    text_in,
    text_of,
    untagged,
    words_outside_links,
)
from codebook.syntax.markdown.reading import Document, read, without_extra_whitespace

__all__ = [
    "Block",
    "Document",
    "cut_at_break",
    "has_markup",
    "headings_of",
    "inline_text",
    "links_of",
    "plain",
    "read",
    "text_in",
    "text_of",
    "untagged",
    "without_extra_whitespace",
    "words_outside_links",
]
