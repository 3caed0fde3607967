"""The wall around markdown-it: nothing outside this package knows its tokens.

`engine` is markdown-it as a book needs it, `blocks` is a file as a tree and blocks as formatted
text, `reading` makes the one of the other and reports what a book may not hold, `unsupported`
reports what markdown-it would drop.
"""

from codebook.syntax.markdown.blocks import (
    Block,
    cut_at_break,
    has_markup,
    headings_of,
    inline_text,
    links_of,
    plain,
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
    "text_of",
    "untagged",
    "without_extra_whitespace",
    "words_outside_links",
]
