"""Parse a Markdown file, and report what books can't contain.

Nothing is dropped silently: content that markdown-it would lose is reported. HTML is shown as text,
with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import count, pairwise
from typing import Any

from markdown_it.token import Token
from msgspec import Struct

from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule
from codebook.diagnostics.source import Source, Span
from codebook.syntax import links
from codebook.syntax.decode import invisible_character, invisible_characters
from codebook.syntax.markdown import engine
from codebook.syntax.markdown.blocks import CUSTOM_ID, CUSTOM_IDS, Block, lines, plain_text, tree
from codebook.syntax.markdown.comments import OPENING, html_comment, split_comments
from codebook.syntax.markdown.lost import lost_headings, lost_paragraphs, open_fences
from codebook.syntax.markdown.spaces import with_plain_spaces
from codebook.syntax.markdown.unfinished import unfinished_texts
from codebook.syntax.markdown.unread import unread_markup
from codebook.syntax.markdown.unsupported import (
    definitions,
    excess,
    lost_cells,
    unsupported_in_fence,
)
from codebook.syntax.rich_text import LinkTarget, anchor_id

_INDENT = re.compile(r"[ \t]*")
_LOCATED = frozenset({"raw_html", "code_inline", "image", "link_open"})
"""The inline tokens with text that a URL or a tag can be mistaken for."""
_TAB = 4
"""The distance between tab stops in columns."""
_NOT_IN_SLUG = re.compile(r"[^\w\- ]")

Lines = tuple[int, int]
"""The first and the last line of a range."""


class Document(Struct, frozen=True):
    """A parsed Markdown file."""

    blocks: tuple[Block, ...]
    targets: tuple[LinkTarget, ...]
    """The targets of the internal links, in order."""
    is_whole: bool
    """Whether all headings are known; an unclosed fence or a comment can hide some."""


def read(
    source: Source, within: Lines | None = None, headings: Collection[str] = ()
) -> Parsed[Document | None]:
    """Parse the file; the result is None if it's nested too deeply or too large.

    `within` is the lines of the file to search for locations, if not those of `source`. A line with
    one of `headings` is never code.
    """
    diagnostics: list[Diagnostic] = []
    if within is None:
        plain = with_plain_spaces(source)
        source = plain.value
        diagnostics += plain.diagnostics
    env: dict[str, Any] = {}
    tokens = engine.engine().parse(source.text, env)
    too_much = tuple(excess(tokens, source))
    if too_much:
        return Parsed(None, (*diagnostics, *too_much))
    tokens, in_comments = split_comments(tokens, source)
    diagnostics += [*definitions(env, source), *in_comments]
    for token in tokens:
        if token.type == "inline":
            where = within or lines(token)
            diagnostics += _check_inline(token, source, where)
            diagnostics += _check_entities(token, source, where) if token.meta["entities"] else ()
        elif token.type == "fence":
            diagnostics += unsupported_in_fence(token, source)
    diagnostics += unread_markup(tokens, source, within)
    diagnostics += lost_cells(tokens, source)
    diagnostics += lost_headings(tokens, source)
    diagnostics += lost_paragraphs(tokens, source)
    unclosed = tuple(open_fences(tokens, source, headings))
    diagnostics += unclosed
    if within is None:
        # The strings of TOML are checked when it is read.
        diagnostics += unfinished_texts(tokens, source)
    diagnostics += _give_ids(tokens, source)
    if "|" in source.text:
        _plain_cells(tokens)
        _name_tables(tokens)
    children = (child for token in tokens for child in token.children or ())
    targets = tuple(child.meta["target"] for child in children if "target" in child.meta)
    blocks = tree(tokens, _trim(source.lines, tokens))
    document = Document(blocks, targets, is_whole=not in_comments and not unclosed)
    return Parsed(document, tuple(diagnostics))


def without_extra_whitespace(source: Source) -> tuple[str, ...]:
    """Return the lines of a Markdown file without insignificant whitespace.

    This removes whitespace at the ends of lines, and expands tabs before blocks.
    """
    return _trim(source.lines, engine.engine().parse(source.text, {}))


def _trim(lines: Sequence[str], tokens: Sequence[Token]) -> tuple[str, ...]:
    """Remove insignificant whitespace from the lines of these tokens.

    Code doesn't change, and neither do the lines of a paragraph except the last, because two spaces
    at the end of a line are a hard break.
    """
    if not any(line.endswith(" ") or "\t" in line for line in lines):
        return tuple(lines)
    kept: set[int] = set()
    begun: set[int] = set()
    for token in tokens:
        first, after = token.map or (0, 0)
        if token.type in {"fence", "code_block"}:
            kept.update(range(first, after))
        elif token.type == "inline":
            kept.update(range(first, after - 1))
        elif token.map:
            begun.add(first)
    trimmed = list(lines)
    for number, line in enumerate(lines):
        if number not in kept:
            trimmed[number] = line.rstrip(" \t")
        if number in begun:
            trimmed[number] = _INDENT.sub(_expand_tabs, trimmed[number], count=1)
    return tuple(trimmed)


def _expand_tabs(indent: re.Match[str]) -> str:
    return indent[0].expandtabs(_TAB)


def _check_inline(inline: Token, source: Source, within: Lines) -> Iterator[Diagnostic]:
    """Check the links, images, and tags of a paragraph, and store the targets of its links."""
    line, last = within
    column = 1
    tags: list[Span] = []
    children = inline.children or ()
    if len(children) == 1 and children[0].type == "text" and "<" not in inline.content:
        return
    for index, token in enumerate(children):
        if token.type not in _LOCATED:
            continue
        after = children[index + 1] if index + 1 < len(children) else None
        span = _span(token, after, source, (line, last), column)
        if span:
            line, column = span.line, span.column + span.length
        if token.type != "code_inline":
            span = span or source.whole(line)
            if token.type == "raw_html":
                if OPENING.match(token.content):
                    yield html_comment(span)
                else:
                    tags.append(span)
                continue
            is_empty = token.type == "link_open" and after and after.type == "link_close"
            yield from _empty_link(span) if is_empty else _check_link(token, source, span)
    for match in OPENING.finditer(inline.meta["typed"]):
        yield html_comment(source.find(match[0], *within))
    yield from _raw_html(tags, source)


def _check_entities(inline: Token, source: Source, within: Lines) -> Iterator[Diagnostic]:
    """Report each entity for an invisible character."""
    line, column = within[0], 1
    for entity, text in inline.meta["entities"]:
        span = source.search(entity, line, within[1], column) or source.whole(line)
        line, column = span.line, span.column + span.length
        for character in invisible_characters(text):
            yield invisible_character(character, span)


def _empty_link(span: Span) -> Iterator[Diagnostic]:
    yield Diagnostic(
        Rule.EMPTY_TEXT, span, "this link has no text", help="add text in the square brackets"
    )


def _span(
    token: Token, after: Token | None, source: Source, within: Lines, column: int
) -> Span | None:
    """The location of a token: the URL as spelled in the source, or else the text of the link."""
    if token.type in {"raw_html", "code_inline"}:
        return source.search(token.content.split("\n")[0], *within, column)
    href = str(token.attrs["src" if token.type == "image" else "href"])
    for before, typed in engine.urls_as_typed(href):
        if span := source.search(before + typed, *within, column):
            return Span(span.path, span.line, span.column + len(before), len(typed))
    return source.search(after.content if after else "", *within, column)


def _check_link(token: Token, source: Source, span: Span) -> Iterator[Diagnostic]:
    if token.type == "image":
        yield Diagnostic(
            Rule.UNEXPECTED_IMAGE,
            span,
            "images are not supported",
            help="describe the image in words, or remove the ! to link to it",
        )
    elif not (href := str(token.attrs["href"])):
        yield Diagnostic(
            Rule.BROKEN_LINK,
            span,
            "this link has no URL",
            help="add a URL in the parentheses",
        )
    elif links.is_internal(href):
        token.meta["target"] = links.link_target(href, source.path, span)
    elif refusal := links.refusal(href):
        yield Diagnostic(
            Rule.FORBIDDEN_LINK,
            span,
            f"this link is not allowed: {refusal}",
            help=links.help_for(href),
        )


def _raw_html(tags: Sequence[Span], source: Source) -> Iterator[Diagnostic]:
    """Report all tags of a paragraph together, as they were probably pasted together."""
    if tags:
        first = tags[0]
        last = [tag for tag in tags if tag.line == first.line][-1]
        length = last.column + last.length - first.column
        tag = source.lines[first.line - 1][first.column - 1 :][: first.length]
        yield Diagnostic(
            Rule.RAW_HTML,
            source.at(first.line, first.column, length),
            f"HTML is shown as text: {tag}",
            help="use Markdown instead, or put the tag in `backticks` to show it",
        )


def _plain_cells(tokens: Sequence[Token]) -> None:
    """Align cells with a class, and turn empty header cells into data cells.

    A strict content security policy blocks inline styles, and empty headers aren't accessible.
    """
    for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type in {"th_open", "td_open"}:
            style = str(opening.attrs.pop("style", ""))
            if style:
                opening.attrSet("class", style.removeprefix("text-align:"))
            if not inline.content:
                opening.tag = closing.tag = "td"


def _give_ids(tokens: Sequence[Token], source: Source) -> Iterator[Diagnostic]:
    """Give each heading the custom IDs after it, or else the slug that GitHub would generate.

    Links use the first ID; the others keep old URLs working. Generated slugs get a number if they
    repeat.
    """
    headings = [
        (token, tokens[index + 1])
        for index, token in enumerate(tokens)
        if token.type == "heading_open"
    ]
    taken: dict[str, int] = {}
    generated: dict[str, Iterator[str]] = {}
    for opening, inline in headings:
        # Titles have no anchors: links point to the page instead.
        for place, slug in enumerate(_custom_slugs(inline) if opening.tag != "h1" else ()):
            line, _ = lines(opening)
            if slug in taken:
                yield _duplicate_id(slug, line, place, taken[slug], source)
                continue
            taken[slug] = line
            opening.meta.setdefault("slugs", []).append(slug)
    for opening, inline in headings:
        title = "".join(map(plain_text, inline.children or ())).strip().lower()
        base = _NOT_IN_SLUG.sub("", title).replace(" ", "-") or "section"
        if "slugs" not in opening.meta:
            # Continue after the last slug of this title; trying each again takes quadratic time.
            slugs = generated.setdefault(base, _slugs(base))
            slug = next(slug for slug in slugs if slug not in taken)
            taken[slug], _ = lines(opening)
            opening.meta["slugs"] = [slug]
        opening.attrSet("id", anchor_id(opening.meta["slugs"][0]))


def _name_tables(tokens: Sequence[Token]) -> None:
    """Name each table after the heading above it, for screen readers."""
    name = ""
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            name = "".join(map(plain_text, inline.children or ())).strip()
        elif token.type == "table_open" and name:
            token.attrSet("aria-label", name)


def _duplicate_id(slug: str, line: int, place: int, first: int, source: Source) -> Diagnostic:
    """The diagnostic for one of the IDs of a heading, counted from 0.

    `first` is the line of the heading that has it already, which can be the same one.
    """
    text = source.lines[line - 1]
    ids = [*re.finditer(CUSTOM_ID, text[text.rfind("{") :])]
    start = text.rfind("{") + ids[place].start() if place < len(ids) else 0
    span = source.at(line, start + 1, len(slug) + 1)
    if line == first:
        message = f'the heading has the ID "{slug}" twice'
        return Diagnostic(Rule.DUPLICATE_ID, span, message, help="remove one of them")
    return Diagnostic(
        Rule.DUPLICATE_ID,
        span,
        f'two headings have the ID "{slug}"',
        note=Note("the first heading with this ID", source.whole(first)),
        help="give one of them a different ID",
    )


def _slugs(base: str) -> Iterator[str]:
    """The slugs that a title can get, in order of preference."""
    yield base
    for times in count(1):
        yield f"{base}-{times}"


def _custom_slugs(inline: Token) -> Sequence[str]:
    """Remove and return the custom IDs at the end of a heading, without their #."""
    children = inline.children or []
    if not children or children[-1].type != "text":
        return ()
    match = CUSTOM_IDS.search(children[-1].content)
    if match is None or match[0] == inline.content:
        return ()
    children[-1].content = children[-1].content.removesuffix(match[0])
    inline.content = inline.content.removesuffix(match[0])
    return [custom.removeprefix("#") for custom in match["ids"].split()]
