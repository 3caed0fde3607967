"""markdown-it as a book needs it: CommonMark with tables, raw HTML as text, holes for addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from html import unescape
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.common.html_re import HTML_TAG_RE
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, autolink
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from codebook.syntax.links import SCHEMES
from codebook.syntax.rich_text import LinkTarget, Text

MAX_NESTING = 100
"""Where markdown-it gives up without a word. A book's own limit is far below."""

LONGEST = 10_000
"""Characters of one paragraph. Some that are never closed take time in the square of it."""

_TREE_DEPTH = 3
"""Lists within lists, from here on, lead from a question to an answer: pages draw them as trees."""

_AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]*):")
_TAG = re.compile(HTML_TAG_RE.pattern.removeprefix("^"))
_TAG_LIKE = re.compile(r"<(?=[A-Za-z/!?])")
_HOLE = "\0"
"""Stands for an address in rendered HTML; markdown-it replaces every NUL of its input."""


@cache
def engine() -> MarkdownIt:
    """The one parser of a run: making one for every file costs a third more."""
    parser = _Engine(
        "commonmark", {"html": False, "maxNesting": MAX_NESTING}, renderer_cls=_Renderer
    ).enable("table")
    parser.core.ruler.at("inline", _short_paragraphs)
    parser.core.ruler.push("trees", _mark_trees)
    parser.inline.ruler.at("autolink", _known_autolink)
    parser.inline.ruler.at("html_inline", _raw_html)
    return parser


def text(tokens: Sequence[Token], plain: str, written: str = "") -> Text:
    """The tokens as HTML, with a hole for the address of each link into the book.

    `written` is the Markdown that they were read from; it gets the same holes.
    """
    targets: list[LinkTarget] = []
    parser = engine()
    html = parser.renderer.render(tokens, parser.options, {"targets": targets})
    parts = html.split(_HOLE)
    pieces: list[str | LinkTarget] = [parts[0]]
    for target, part in zip(targets, parts[1:], strict=True):
        pieces += [target, part]
    return Text(tuple(pieces), plain, tuple(_cut(written, tokens)))


def urls_as_typed(href: str) -> Iterator[tuple[str, str]]:
    """How the URL of a link may be written in a text: what is before it, and its characters.

    markdown-it keeps it in the form that goes into a page.
    """
    for typed in dict.fromkeys([href, unquote(href), unescape(unquote(href))]):
        if typed:
            yield from ((before, typed) for before in ("](", "](<", "<"))


def _cut(written: str, tokens: Sequence[Token]) -> Iterator[str | LinkTarget]:
    """The Markdown, cut where the address of each link into the book stands.

    Words in angle brackets that are a tag or an address to others get a sign that they are not.
    """
    done = position = 0
    in_link = False
    for token in (child for block in tokens for child in block.children or ()):
        in_link = token.nesting > 0 if token.type.startswith("link_") else in_link
        if token.type in {"text", "raw_html", "code_inline"} and not in_link:
            # What only looks like a link stands in words that are passed here.
            start = written.find(token.content, position)
            position = start + len(token.content) if start >= 0 else position
            if start >= 0 and token.type != "code_inline":
                yield written[done:start] + _TAG_LIKE.sub(r"\\<", token.content)
                done = position
        if token.type != "link_open" or "target" not in token.meta:
            continue
        for before, typed in urls_as_typed(str(token.attrs["href"])):
            start = written.find(before + typed, position)
            if start >= 0:
                yield written[done : start + len(before)]
                yield token.meta["target"]
                done = position = start + len(before + typed)
                break
    yield written[done:]


class _Engine(MarkdownIt):
    """markdown-it that lets every link pass, so that `reading` can report the forbidden ones."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's name for it
        del url
        return True


def _known_autolink(state: StateInline, silent: bool) -> bool:
    """An inline rule: `<space:name>` is a name in angle brackets, not an address."""
    scheme = _AUTOLINK.match(state.src, state.pos)
    if scheme and scheme[1].lower() not in SCHEMES:
        return False
    return autolink(state, silent)


def _raw_html(state: StateInline, silent: bool) -> bool:
    """An inline rule: a tag or a comment is a text of its own kind."""
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
    """Whether what begins with `<` may end at all; without it each start is read to the end."""
    for opening, closing in (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>")):
        if text.startswith(opening, start):
            return closing in text[start:]
    return ">" in text[start:]


def _short_paragraphs(state: StateCore) -> None:
    """A core rule: read the inside of each paragraph that is not too long to be one."""
    for token in state.tokens:
        if token.type == "inline" and len(token.content) <= LONGEST:
            token.children = []
            state.md.inline.parse(token.content, state.md, state.env, token.children)


def _mark_trees(state: StateCore) -> None:
    """A core rule: mark each plain list that is three or more deep, for the renderer and CSS.

    The text of its items becomes paragraphs, so that each is one box of the drawing.
    """
    start = depth = deepest = 0
    for index, token in enumerate(state.tokens):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            start, deepest = (index, 0) if token.level == 0 else (start, deepest)
            depth += 1
            deepest = max(deepest, depth)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            depth -= 1
            if token.level == 0 and token.type == "bullet_list_close" and deepest >= _TREE_DEPTH:
                _mark_tree(state.tokens[start : index + 1])


def _mark_tree(tokens: Sequence[Token]) -> None:
    tokens[0].meta["tree"] = tokens[-1].meta["tree"] = True
    tokens[0].attrSet("class", "tree")
    for token in tokens:
        if token.type in {"paragraph_open", "paragraph_close"}:
            token.hidden = False


class _Renderer(RendererHTML):
    """HTML of the tokens. Each method is the rule for the token type of its name."""

    def text(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        # The text of <https://example.org/%00> is the only one that holds a NUL.
        return super().text(tokens, idx, options, env).replace(_HOLE, "\ufffd")

    def raw_html(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return self.text(tokens, idx, options, env)

    def link_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        token = tokens[idx]
        if "target" in token.meta:
            env["targets"].append(token.meta["target"])
            token = token.copy(attrs={**token.attrs, "href": _HOLE})
        return self.renderToken([token], 0, options, env)

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return _reachable(super().fence(tokens, idx, options, env))

    def code_block(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return _reachable(super().code_block(tokens, idx, options, env))

    def bullet_list_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        frame = '<div class="wide" tabindex="0">\n' if "tree" in tokens[idx].meta else ""
        return frame + self.renderToken(tokens, idx, options, env)

    def bullet_list_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        frame = "</div>\n" if "tree" in tokens[idx].meta else ""
        return self.renderToken(tokens, idx, options, env) + frame

    def table_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return '<div class="wide" tabindex="0">\n' + self.renderToken(tokens, idx, options, env)

    def table_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return self.renderToken(tokens, idx, options, env) + "</div>\n"


def _reachable(html: str) -> str:
    """The keyboard must reach whatever may be wider than the screen, to scroll it."""
    return html.replace("<pre>", '<pre tabindex="0">', 1)
