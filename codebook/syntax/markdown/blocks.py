"""The block tree of a Markdown file, and blocks as formatted text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from markdown_it.token import Token
from msgspec import Struct
from msgspec.structs import replace

from codebook.diagnostics.source import Source
from codebook.syntax.markdown import bare_urls, engine
from codebook.syntax.rich_text import Heading, Text

_CONTAINERS = frozenset({"bullet_list", "ordered_list", "list_item", "blockquote", "alert"})
CUSTOM_ID = "#[a-z0-9]+(?:-[a-z0-9]+)*"
CUSTOM_IDS = re.compile(rf"\s*\{{(?P<ids>{CUSTOM_ID}(?:\s+{CUSTOM_ID})*)\}}$")
"""The IDs at the end of a heading."""


class Block(Struct, frozen=True, dict=True):
    """A block of a Markdown file; lists and block quotes contain other blocks."""

    kind: str
    """paragraph, heading, bullet_list, ordered_list, list_item, blockquote, alert, fence,
    code_block, table or hr."""
    first: int
    last: int
    """The first and last line of the block in the file, inclusive."""
    number: int
    """The level of a heading, or the first number of an ordered list; otherwise 0."""
    info: str
    """The language of a fence, or the kind of an alert; otherwise empty."""
    markup: str
    """The marker characters of a fence or heading; otherwise empty."""
    is_closed: bool
    """False only for a fence without a closing line."""
    content: str
    """The text of a fence or code block; otherwise empty."""
    written: str
    """The Markdown source. Empty for nested blocks other than paragraphs and headings."""
    tokens: tuple[Token, ...]
    """Private to this package; never modified."""

    @cached_property
    def children(self) -> tuple[Block, ...]:
        """The blocks in a list, list item, or block quote. Articles are rendered without them."""
        return tree(self.tokens[1:-1]) if self.kind in _CONTAINERS else ()

    @property
    def inline(self) -> Sequence[Token]:
        """The inline tokens of a paragraph or heading."""
        return next((token.children or () for token in self.tokens if token.type == "inline"), ())


def tree(tokens: Sequence[Token], text: Sequence[str] = ()) -> tuple[Block, ...]:
    """Convert a list of markdown-it tokens to blocks.

    `text` is the lines of the source; nested blocks don't need it.
    """
    blocks: list[Block] = []
    start = 0
    while start < len(tokens):
        end, depth = start, int(tokens[start].nesting)
        while depth:
            end += 1
            depth += tokens[end].nesting
        blocks.append(_block(tuple(tokens[start : end + 1]), text))
        start = end + 1
    return tuple(blocks)


def lines(token: Token) -> tuple[int, int]:
    """Return the first and last line of a block's token, starting at 1, inclusive."""
    first, after = token.map or (0, 1)
    return first + 1, max(after, first + 1)


def is_closed(fence: Token, text: Sequence[str]) -> bool:
    """Whether the fence has a closing line; `text` is the lines of the file."""
    first, last = lines(fence)
    closing = text[last - 1].strip(" >") if last <= len(text) else fence.markup
    return last > first and not closing.strip(fence.markup[0]) and len(closing) >= len(fence.markup)


def text_of(blocks: Sequence[Block]) -> Text:
    """Return the blocks as formatted text."""
    tokens = [token for block in blocks for token in block.tokens]
    written = "\n\n".join(block.written for block in blocks)
    return engine.text(tokens, " ".join(filter(None, map(plain, blocks))), written)


def inline_text(block: Block) -> Text:
    """Return the inline content of a paragraph or heading as formatted text."""
    inline = Token("inline", "", 0, children=[*block.inline], content=block.written)
    return engine.text([inline], plain(block), block.written)


def text_in(block: Block) -> Text:
    """Return the blocks in a container as formatted text; its Markdown is that of the container."""
    return engine.text(block.tokens[1:-1], plain(block), block.written)


def plain(block: Block) -> str:
    """Return the text of a block without markup and with whitespace collapsed."""
    parts: list[str] = []
    for token in block.tokens:
        if token.type == "inline":
            parts += [plain_text(child) for child in token.children or ()]
            parts.append(" ")
        elif token.type in {"fence", "code_block"}:
            parts += [token.content, " "]
    return " ".join("".join(parts).split())


def untagged(block: Block) -> str:
    """Return the text of a paragraph or heading without HTML tags."""
    parts = (plain_text(token) for token in block.inline if token.type != "raw_html")
    return " ".join("".join(parts).split())


def plain_text(token: Token) -> str:
    """Return the plain text of an inline token."""
    if token.type in {"text", "raw_html", "code_inline"}:
        return token.content
    return " " if token.type in {"softbreak", "hardbreak"} else ""


def has_markup(block: Block) -> bool:
    """Whether a paragraph or heading contains markup that isn't reported elsewhere."""
    without_markup = {"text", "softbreak", "hardbreak", "raw_html", "image"}
    return any(
        token.type not in without_markup and token.markup != bare_urls.BARE
        for token in block.inline
    )


def cut_at_break(block: Block) -> tuple[Block, Block | None]:
    """Split a paragraph at its first hard or soft break; the second part is None without one."""
    for index, token in enumerate(block.inline):
        if token.type in {"hardbreak", "softbreak"}:
            line, _, rest = block.written.partition("\n")
            first = _paragraph(block, block.inline[:index], line)
            return first, _paragraph(block, block.inline[index + 1 :], rest.lstrip())
    return block, None


def links_of(block: Block) -> tuple[Text, ...]:
    """Return each link of a paragraph as formatted text."""
    links: list[Text] = []
    start = 0
    for index, token in enumerate(block.inline):
        if token.type == "link_open":
            start = index
        elif token.type == "link_close":
            links.append(inline_text(_paragraph(block, block.inline[start : index + 1], "")))
    return tuple(links)


def words_outside_links(block: Block) -> str:
    """Return the text of a paragraph outside of its links."""
    parts: list[str] = []
    depth = 0
    for token in block.inline:
        depth += token.nesting if token.type in {"link_open", "link_close"} else 0
        parts.append("" if depth else plain_text(token))
    return "".join(parts).strip()


def headings_of(blocks: Sequence[Block], source: Source) -> Iterator[Heading]:
    """Yield the headings among the blocks with their slugs."""
    for block in blocks:
        if block.kind == "heading":
            slug, *others = block.tokens[0].meta["slugs"]
            yield Heading(
                block.number, plain(block), slug, source.whole(block.first), tuple(others)
            )


def nested_headings(block: Block) -> Iterator[Block]:
    """Yield the headings in a list or block quote."""
    if any(token.type == "heading_open" for token in block.tokens):
        for child in block.children:
            if child.kind == "heading":
                yield child
            yield from nested_headings(child)


def _block(tokens: tuple[Token, ...], text: Sequence[str]) -> Block:
    opening = tokens[0]
    alert = str(opening.meta.get("alert", ""))
    kind = "alert" if alert else opening.type.removesuffix("_open")
    number = 0
    if kind == "heading":
        number = int(opening.tag.removeprefix("h"))
    elif kind == "ordered_list":
        number = int(opening.attrs.get("start", 1))
    first, last = lines(opening)
    info = opening.info.split()[0] if kind == "fence" and opening.info.split() else ""
    written = "\n".join(text[first - 1 : last]).rstrip()
    if kind in {"paragraph", "heading"}:
        written = tokens[1].content
        if number:  # An underlined (setext) heading can have several lines.
            written = f"{'#' * number} {' '.join(written.split())}"
    return Block(
        kind=kind,
        first=first,
        last=last,
        number=number,
        info=info or alert,
        markup=opening.markup if kind in {"fence", "heading"} else "",
        is_closed=kind != "fence" or is_closed(opening, text),
        content=opening.content,
        written=written,
        tokens=tokens,
    )


def _paragraph(block: Block, children: Sequence[Token], written: str) -> Block:
    """Return a paragraph at the location of `block` with these inline tokens."""
    tokens = (
        Token("paragraph_open", "p", 1, block=True),
        Token("inline", "", 0, children=[*children], content=written),
        Token("paragraph_close", "p", -1, block=True),
    )
    return replace(block, kind="paragraph", number=0, markup="", written=written, tokens=tokens)
