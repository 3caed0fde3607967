"""markdown-it, configured for CommonMark with tables, strikethrough, and bare URLs as links.

HTML is text, and rendered texts have placeholders for URLs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from html import unescape
from itertools import pairwise
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.common.html_re import HTML_TAG_RE
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import (
    StateInline,
    autolink,
    backtick,
    emphasis,
    entity,
    escape,
    image,
    newline,
    strikethrough,
)
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from codebook.syntax.links import SCHEMES, is_plain
from codebook.syntax.markdown import bare_urls, shortcuts
from codebook.syntax.markdown.alerts import mark_alerts
from codebook.syntax.rich_text import NUMBER_LINK, LinkTarget, Text, anchor_id

MAX_NESTING = 100
"""The level at which markdown-it silently drops content; the limit for books is far lower."""

LONGEST = 10_000
"""The maximum length of a paragraph: unclosed markup can take quadratic time to parse."""

HIDDEN = "\ufffc"
"""The character for everything in a paragraph that can't be markup by mistake."""

_EMPHASIS = re.compile("[*_~]")
_TREE_DEPTH = 3
"""The nesting level from which pages draw lists as decision trees."""

_AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]*):")
_TAG = re.compile(HTML_TAG_RE.pattern.removeprefix("^"))
_TAG_LIKE = re.compile(r"<(?=[A-Za-z/!?])")
_PLACEHOLDER = "\0"
"""The placeholder for URLs in rendered HTML; markdown-it replaces each NUL of its input."""


@cache
def engine() -> MarkdownIt:
    """Return the parser. All files share it because creating one per file takes a third longer."""
    parser = _Engine(
        "commonmark",
        {"html": False, "maxNesting": MAX_NESTING, "strikethrough_single_tilde": True},
        renderer_cls=_Renderer,
    ).enable(["table", "strikethrough"])
    parser.core.ruler.at("normalize", _normalize)
    parser.core.ruler.at("inline", _short_paragraphs)
    parser.core.ruler.before("text_join", "typed", _mark_typed)
    parser.core.ruler.after("typed", "alerts", mark_alerts)
    parser.core.ruler.push("lists", _mark_lists)
    parser.block.ruler.before("table", "any_block", shortcuts.any_block)
    parser.inline.ruler.at("text", _INLINE)
    parser.inline.ruler.enableOnly("text")
    return parser


def text(tokens: Sequence[Token], plain: str, written: str = "") -> Text:
    """Render the tokens as HTML, with link targets in place of internal URLs.

    `written` is the Markdown source of the tokens; it's split at the same targets.
    """
    targets: list[LinkTarget] = []
    parser = engine()
    html = parser.renderer.render(tokens, parser.options, {"targets": targets})
    parts = html.split(_PLACEHOLDER)
    pieces: list[str | LinkTarget] = [parts[0]]
    for target, part in zip(targets, parts[1:], strict=True):
        pieces += [target, part]
    return Text(tuple(pieces), plain, tuple(_cut(written, tokens)))


def urls_as_typed(href: str) -> Iterator[tuple[str, str]]:
    """Yield the possible spellings of a link's URL in the source, with the text before it.

    markdown-it normalizes URLs, so the spelling in the source can differ.
    """
    spellings = [href]
    if "%" in href or "&" in href:
        spellings += [unquote(href), unescape(unquote(href))]
    for typed in dict.fromkeys(filter(None, spellings)):
        for before in ("](", "](<", "<"):
            yield before, typed


def _cut(written: str, tokens: Sequence[Token]) -> Iterator[str | LinkTarget]:
    """Split the Markdown at the URL of each internal link.

    Text in angle brackets that other parsers would read as a tag or autolink is escaped.
    """
    done = position = 0
    in_link = False
    for block, token in ((it, child) for it in tokens for child in it.children or ()):
        if token.type in {"text", "raw_html", "code_inline"}:
            # Skip this text because it can contain something that looks like a link. If it's
            # written differently, with an escape or an entity, it may only be in a text below.
            is_here = not in_link and token.content in block.content
            start = written.find(token.content, position) if is_here else -1
            if start >= 0:
                position = start + len(token.content)
            if start >= 0 and token.type != "code_inline":
                text = token.content
                yield written[done:start] + (_TAG_LIKE.sub(r"\\<", text) if "<" in text else text)
                done = position
        elif token.type == "link_close":
            in_link = False
        elif token.type == "link_open":
            in_link = True
            if "target" in token.meta:
                for before, typed in urls_as_typed(str(token.attrs["href"])):
                    is_here = before + typed in block.content
                    start = written.find(before + typed, position) if is_here else -1
                    if start >= 0:
                        yield written[done : start + len(before)]
                        yield token.meta["target"]
                        done = position = start + len(before + typed)
                        break
    yield written[done:]


class _Engine(MarkdownIt):
    """markdown-it without link validation: `reading` reports forbidden links."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's name for it
        del url
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - markdown-it's name for it
        return url if is_plain(url) else super().normalizeLink(url)


def _known_autolink(state: StateInline, silent: bool) -> bool:
    """An inline rule: `<space:name>` is a name in angle brackets, not an autolink."""
    scheme = _AUTOLINK.match(state.src, state.pos)
    if scheme and scheme[1].lower() not in SCHEMES:
        return False
    return autolink(state, silent)


def _raw_html(state: StateInline, silent: bool) -> bool:
    """An inline rule: a tag or comment becomes a `raw_html` token."""
    if state.src[state.pos] != "<" or not _is_closed(state.src, state.pos):
        return False
    match = _TAG.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push("raw_html", "", 0).content = match[0]
    state.pos += len(match[0])
    return True


def _is_closed(text: str, start: int) -> bool:
    """Whether the text contains the end of a tag or comment; checked first because it's fast."""
    for opening, closing in (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>")):
        if text.startswith(opening, start):
            return closing in text[start:]
    return ">" in text[start:]


_INLINE = shortcuts.by_character(
    {
        "\n": (newline,),
        "\\": (escape,),
        "`": (backtick,),
        "~": (strikethrough.tokenize,),
        "*": (emphasis.tokenize,),
        "_": (bare_urls.bare_url, emphasis.tokenize),
        "[": (shortcuts.any_link,),
        "]": (),
        "!": (image,),
        "<": (_known_autolink, _raw_html),
        "&": (entity,),
    },
    (bare_urls.text, bare_urls.bare_url),
)
"""The inline rules by the character at which they start."""


def _normalize(state: StateCore) -> None:
    """A core rule: replace line ends and NUL."""
    state.src = state.src.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def _short_paragraphs(state: StateCore) -> None:
    """A core rule: parse the inline content of each paragraph below the length limit."""
    inline = state.md.inline
    for token in state.tokens:
        if token.type == "inline" and len(token.content) <= LONGEST:
            token.children = shortcuts.plain_text(token.content)
            if token.children is None and _EMPHASIS.search(token.content):
                token.children = inline.parse(token.content, state.md, state.env, [])
            elif token.children is None:
                # The other rules only pair the delimiters of emphasis.
                content = StateInline(token.content, state.md, state.env, [])
                inline.tokenize(content)
                token.children = content.tokens


def _mark_typed(state: StateCore) -> None:
    """A core rule: store the text of each paragraph that isn't code, a link's URL, or escaped.

    Everything else is a `HIDDEN` character. Also store the entities.
    """
    for token in state.tokens:
        if token.type == "inline":
            children = token.children or ()
            token.meta["typed"] = "".join(map(_typed, children))
            token.meta["entities"] = tuple(
                (child.markup, child.content)
                for child in (children if "&" in token.content else ())
                if child.type == "text_special" and child.info == "entity"
            )


def _typed(token: Token) -> str:
    if token.type == "text" or token.markup == bare_urls.BARE:
        return token.content
    return "\n" if token.type in {"softbreak", "hardbreak"} else HIDDEN


def _mark_lists(state: StateCore) -> None:
    """A core rule: mark decision trees and lists of sources, for CSS."""
    start = depth = deepest = 0
    for index, token in enumerate(state.tokens):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            start, deepest = (index, 0) if token.level == 0 else (start, deepest)
            depth += 1
            deepest = max(deepest, depth)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            depth -= 1
            if token.level == 0 and token.type == "bullet_list_close":
                tokens = state.tokens[start : index + 1]
                if deepest >= _TREE_DEPTH:
                    _mark_tree(tokens)
                elif all(map(_is_source, (item for item in tokens if item.content))):
                    tokens[0].attrSet("class", "sources")


def _mark_tree(tokens: Sequence[Token]) -> None:
    """Mark a decision tree, and its links whose texts are numbers.

    The text of its items becomes paragraphs, of which CSS sees whether a list follows.
    """
    tokens[0].attrSet("class", "tree")
    for token in tokens:
        if token.type in {"paragraph_open", "paragraph_close"}:
            token.hidden = False
        for link, text in pairwise(token.children or ()):
            if link.type == "link_open" and text.content.isdecimal():
                link.attrSet("class", NUMBER_LINK)


def _is_source(block: Token) -> bool:
    """Whether a block is only a link to another site."""
    first, *others = block.children or [block]
    url, kinds = str(first.attrGet("href")), [child.type for child in others]
    return url.startswith("http") and kinds.index("link_close") == len(kinds) - 1


class _Renderer(RendererHTML):
    """An HTML renderer. Methods without `render` in their name render the token type of their name.

    The first two do the same as those of markdown-it, in less time.
    """

    def render(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> str:
        parts = [
            _escaped(token.content)
            if token.type == "text"
            else self.render(token.children or (), options, env)
            if token.type == "inline"
            else self.rules.get(token.type, self.renderToken)(tokens, index, options, env)
            for index, token in enumerate(tokens)
        ]
        return "".join(parts)

    def renderToken(  # noqa: N802 - markdown-it's name for it
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        token = tokens[idx]
        if token.attrs or not token.nesting:
            return super().renderToken(tokens, idx, options, env)
        if token.hidden or not token.block:
            return "" if token.hidden else f"<{'/' * (token.nesting < 0)}{token.tag}>"
        if token.nesting < 0:
            return f"</{token.tag}>\n"
        after = tokens[idx + 1] if idx + 1 < len(tokens) else token
        is_empty = after.nesting < 0 and after.tag == token.tag
        is_before_text = after.type == "inline" or after.hidden or is_empty
        above = "\n" * (idx > 0 and tokens[idx - 1].hidden)
        return f"{above}<{token.tag}>{'' if is_before_text else chr(10)}"

    def raw_html(
        self,
        tokens: Sequence[Token],
        idx: int,
        options: OptionsDict,  # noqa: ARG002 - markdown-it passes it
        env: EnvType,  # noqa: ARG002
    ) -> str:
        return _escaped(tokens[idx].content)

    def link_open(
        self,
        tokens: Sequence[Token],
        idx: int,
        options: OptionsDict,  # noqa: ARG002 - markdown-it passes it
        env: EnvType,
    ) -> str:
        token = tokens[idx]
        attributes = {**token.attrs}
        if "target" in token.meta:
            env["targets"].append(token.meta["target"])
            attributes["href"] = _PLACEHOLDER
        values = (f' {name}="{escapeHtml(str(value))}"' for name, value in attributes.items())
        return f"<a{''.join(values)}>"

    def heading_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        others = tokens[idx].meta.get("slugs", ())[1:]
        targets = (f'<span id="{anchor_id(slug)}"></span>' for slug in others)
        return self.renderToken(tokens, idx, options, env) + "".join(targets)

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return _reachable(super().fence(tokens, idx, options, env))

    def code_block(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return _reachable(super().code_block(tokens, idx, options, env))

    def table_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        name = f' role="region"{self.renderAttrs(tokens[idx])}' if tokens[idx].attrs else ""
        frame = f'<div class="table-scroll"{name} tabindex="0">\n'
        return frame + self.renderToken(tokens, idx, options, env)

    def table_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return self.renderToken(tokens, idx, options, env) + "</div>\n"


def _escaped(text: str) -> str:
    # Only the text of an autolink such as <https://example.org/%00> can contain a NUL.
    return escapeHtml(text).replace(_PLACEHOLDER, "\ufffd")


def _reachable(html: str) -> str:
    """Make a code block focusable, so that keyboard users can scroll it."""
    return html.replace("<pre>", '<pre tabindex="0">', 1)
