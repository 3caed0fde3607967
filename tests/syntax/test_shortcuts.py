"""The shortcuts of the Markdown parser give the same tokens as the rules of markdown-it."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from codebook.syntax.links import is_plain
from codebook.syntax.markdown.engine import engine

# One piece per line would be harder to read.
# fmt: off
PIECES = (
    "word", "word", " ", "\n", "\n", "\n\n", "  \n", "\\\n", "    ", "\t", "# ", "- ", "- ", "-",
    "1. ", "12) ", "+ ", "* ", "> ", "---", "===", ":", "|", "|---|---|\n", "| a | b |\n",
    "\n\na | b\n:--|--:\n", "\n\n> a\n     - b\n", "```", "~~~", "`", "``", "*", "**", "_", "~",
    "~~", "!", "[", "]", "(", ")", "](",
    "[a](b.md)", "[a *b*](c.md#d)", "[`a`](b.md)", "[a](b.md 'c')", "[a](<1 b.md>)",
    "[a](b\\).md)", "![a](b.png)", "[r]", "\n[r]: s.md\n", "&amp;", "&", ";", "\\", "\\*", "=", "+",
    "%", "é", "\u00a0",
)
URL_PIECES = (
    "https://", "http://", "HTTP://", "//", "/", "a", "b-c", "example.org", ".", "..", "?", "#",
    "=", "&", "%20", "%", "~", ",", "+", "_", ":", "@", "é", "A", " ", "\\", "x" * 64, "[",
    "mailto:",
)
# fmt: on

Shape = tuple[object, ...]


def shape(tokens: Sequence[Token]) -> list[Shape]:
    """What the rules decide; the program adds classes and changes what is hidden."""
    return [
        (
            *(token.type, token.tag, token.nesting, token.level, token.map),
            *(token.content, token.markup, token.info),
            {name: value for name, value in token.attrs.items() if name != "class"},
            shape(token.children or ()),
        )
        for token in tokens
    ]


@settings(max_examples=500, deadline=None, derandomize=True, database=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_markdown_has_the_tokens_of_markdown_it(text: str) -> None:
    """It makes no difference which rules are tried first."""
    options = {"html": False, "strikethrough_single_tilde": True}
    other = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    assert shape(engine().parse(text)) == shape(other.parse(text))


@given(st.lists(st.sampled_from(URL_PIECES), max_size=6).map("".join))
def test_a_plain_url_is_normalized(url: str) -> None:
    """Nothing changes a URL that isn't parsed because it's plain."""
    assert not is_plain(url) or MarkdownIt().normalizeLink(url) == url
