"""The Markdown parser. Only this package uses markdown-it and its tokens.

`engine` configures markdown-it, with `bare_urls` and `alerts`; `blocks` defines the block tree and
renders blocks as formatted text; and `reading` parses a file and reports what books can't contain.
`comments`, `lost`, `spaces`, `unread`, and `unsupported` report what would be lost or is only text.
"""

from codebook.syntax.markdown.blocks import (
    Block,
    cut_at_break,
    has_markup,
    headings_of,
    inline_text,
    links_of,
    nested_headings,
    plain,
    text_in,
    text_of,
    untagged,
    words_outside_links,
)
from codebook.syntax.markdown.reading import Document, read, without_extra_whitespace
from codebook.syntax.markdown.spaces import with_plain_spaces

__all__ = [
    "Block",
    "Document",
    "cut_at_break",
    "has_markup",
    "headings_of",
    "inline_text",
    "links_of",
    "nested_headings",
    "plain",
    "read",
    "text_in",
    "text_of",
    "untagged",
    "with_plain_spaces",
    "without_extra_whitespace",
    "words_outside_links",
]
