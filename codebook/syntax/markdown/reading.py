"""One file into blocks, and what a book may not hold.

Nothing that an author wrote is dropped in silence: what markdown-it loses is a problem. Raw HTML is
shown as the text it is, with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import chain, count, pairwise
from typing import Any

from markdown_it.token import Token

from codebook.diagnostics.diagnostic import Diagnostic, Note, Parsed, Rule
from codebook.diagnostics.source import Source, Span
from codebook.syntax import links
from codebook.syntax.decode import invisible_character, spelled_out
from codebook.syntax.markdown import engine
from codebook.syntax.markdown.blocks import Block, is_closed, lines, plain_text, tree
from codebook.syntax.markdown.unsupported import (
    definitions,
    excess,
    lost_cells,
    unread_markup,
    unsupported_in_fence,
)
from codebook.syntax.rich_text import LinkTarget, anchor_id

_INDENT = re.compile(r"[ \t]*")
_TAB = 4
"""Columns from one tab stop to the next."""
_CUSTOM_ID = re.compile(r"\s*\{#(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)\}$")

Lines = tuple[int, int]
"""The first and the last of some lines."""


@dataclass(frozen=True, slots=True)
class Document:
    """A Markdown file that was read."""

    blocks: tuple[Block, ...]
    targets: tuple[LinkTarget, ...]
    """Every link into the book, in order."""
    is_whole: bool
    """Whether all its headings are known: a fence that is never closed may hide some."""


def read(source: Source, within: Lines | None = None) -> Parsed[Document | None]:
    """The file's blocks, or nothing where they are too deep or too large.

    `within` are the lines of the file that hold the text, where the text's own are others.
    """
    env: dict[str, Any] = {}
    tokens = engine.engine().parse(source.text, env)
    too_much = tuple(excess(tokens, source))
    if too_much:
        return Parsed(None, too_much)
    diagnostics = list(definitions(env, source))
    for token in tokens:
        if token.type == "inline":
            diagnostics += _check_inline(token, source, within or lines(token))
            diagnostics += unread_markup(token, source, within or lines(token))
        elif token.type == "fence":
            diagnostics += unsupported_in_fence(token, source)
    diagnostics += lost_cells(tokens, source)
    diagnostics += _give_ids(tokens, source)
    _plain_cells(tokens)
    children = [child for token in tokens for child in token.children or ()]
    targets = tuple(child.meta["target"] for child in children if "target" in child.meta)
    blocks = tree(tokens, _trim(source.lines, tokens))
    fences = (token for token in tokens if token.type == "fence")
    is_whole = all(is_closed(fence, source.lines) for fence in fences)
    return Parsed(Document(blocks, targets, is_whole), tuple(diagnostics))


def without_extra_whitespace(source: Source) -> tuple[str, ...]:
    """The lines of a Markdown file without whitespace that changes nothing.

    That is whitespace at the ends of lines, and tabs before a block that spaces replace.
    """
    return _trim(source.lines, engine.engine().parse(source.text, {}))


def _trim(lines: Sequence[str], tokens: Sequence[Token]) -> tuple[str, ...]:
    """The same for lines whose tokens are known.

    Code is left as it is, and so are the lines of a paragraph but its last: two spaces at the end
    of a line begin a new one.
    """
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
    """Check the links, images and tags of one paragraph, and note where the links lead."""
    line, last = within
    column = 1
    tags: list[Span] = []
    for token, after in pairwise([*(inline.children or ()), None]):
        if token is None:
            continue
        span = _span(token, after, source, (line, last), column)
        if span:
            line, column = span.line, span.column + span.length
        if character := spelled_out(plain_text(token), source):
            yield invisible_character(character, _entity(character, source, within))
        if token.type in {"raw_html", "image", "link_open"}:
            span = span or source.whole(line)
            if token.type == "raw_html":
                tags.append(span)
                continue
            is_empty = token.type == "link_open" and after and after.type == "link_close"
            yield from _empty_link(span) if is_empty else _check_link(token, source, span)
    yield from _raw_html(tags, source)


def _entity(character: str, source: Source, within: Lines) -> Span:
    """Where an entity spells the character."""
    for number in range(within[0], min(within[1], len(source.lines)) + 1):
        for match in re.finditer(r"&#?\w+;", source.lines[number - 1]):
            if character in unescape(match[0]):
                return source.at(number, match.start() + 1, len(match[0]))
    return source.whole(within[0])


def _empty_link(span: Span) -> Iterator[Diagnostic]:
    yield Diagnostic(
        Rule.EMPTY_TEXT, span, "this link has no words", help="write some in the square brackets"
    )


def _span(
    token: Token, after: Token | None, source: Source, within: Lines, column: int
) -> Span | None:
    """Where a token is written: the URL as it was typed, or else the text of the link."""
    if token.type in {"raw_html", "code_inline"}:
        return source.search(token.content.split("\n")[0], *within, column)
    if token.type not in {"image", "link_open"}:
        return None
    href = str(token.attrs["src" if token.type == "image" else "href"])
    for before, typed in engine.urls_as_typed(href):
        if span := source.search(before + typed, *within, column):
            return source.at(span.line, span.column + len(before), len(typed))
    return source.search(after.content if after else "", *within, column)


def _check_link(token: Token, source: Source, span: Span) -> Iterator[Diagnostic]:
    if token.type == "image":
        yield Diagnostic(
            Rule.UNEXPECTED_IMAGE,
            span,
            "a book holds no pictures",
            help="say in words what it shows, or link to it: remove the ! before the brackets",
        )
    elif not (href := str(token.attrs["href"])):
        yield Diagnostic(
            Rule.BROKEN_LINK,
            span,
            "this link has no address",
            help="write one in the round brackets",
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
    """One problem for all tags of a paragraph: whoever pasted them did it once."""
    if tags:
        first = tags[0]
        last = [tag for tag in tags if tag.line == first.line][-1]
        length = last.column + last.length - first.column
        tag = source.lines[first.line - 1][first.column - 1 :][: first.length]
        yield Diagnostic(
            Rule.RAW_HTML,
            source.at(first.line, first.column, length),
            f"HTML is shown as it is written: {tag}",
            help="write it in Markdown, or put `…` around a tag that is to be shown",
        )


def _plain_cells(tokens: Sequence[Token]) -> None:
    """Align cells by a class, and let an empty head cell be an ordinary one.

    A style inside a page is refused by every strict policy, and an empty head says nothing.
    """
    for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type in {"th_open", "td_open"}:
            style = str(opening.attrs.pop("style", ""))
            if style:
                opening.attrSet("class", style.removeprefix("text-align:"))
            if not inline.content:
                opening.tag = closing.tag = "td"


def _give_ids(tokens: Sequence[Token], source: Source) -> Iterator[Diagnostic]:
    """Give each heading the slug that stands behind it, else the one that GitHub would make.

    GitHub's are numbered where one comes again.
    """
    headings = [pair for pair in pairwise(tokens) if pair[0].type == "heading_open"]
    taken: dict[str, int] = {}
    for opening, inline in headings:
        # A title is no place of its own: links lead to its page.
        if opening.tag != "h1" and (slug := _custom_slug(inline)):
            line, _ = lines(opening)
            if slug in taken:
                yield Diagnostic(
                    Rule.DUPLICATE_ID,
                    source.find(f"{{#{slug}}}", line, line),
                    f'two headings have the id "{slug}"',
                    note=Note("the first of them", source.whole(taken[slug])),
                    help="write another id for one of them",
                )
            taken.setdefault(slug, line)
            opening.meta["slug"] = slug
    for opening, inline in headings:
        title = "".join(map(plain_text, inline.children or ())).strip().lower()
        base = re.sub(r"[^\w\- ]", "", title).replace(" ", "-") or "section"
        if "slug" not in opening.meta:
            numbered = (f"{base}-{times}" for times in count(1))
            slug = next(slug for slug in chain([base], numbered) if slug not in taken)
            taken[slug], _ = lines(opening)
            opening.meta["slug"] = slug
        opening.attrSet("id", anchor_id(opening.meta["slug"]))


def _custom_slug(inline: Token) -> str:
    """The id behind the words of a heading, which is taken away; nothing where there is none."""
    children = inline.children or []
    if not children or children[-1].type != "text":
        return ""
    match = _CUSTOM_ID.search(children[-1].content)
    if match is None or match[0] == inline.content:
        return ""
    children[-1].content = children[-1].content.removesuffix(match[0])
    inline.content = inline.content.removesuffix(match[0])
    return match["slug"]
