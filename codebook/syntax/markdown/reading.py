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
from codebook.syntax import characters, links
from codebook.syntax.markdown import engine
from codebook.syntax.markdown.blocks import Block, is_closed, lines, tree, words
from codebook.syntax.markdown.decision_trees import mark_trees
from codebook.syntax.markdown.unsupported import (
    definitions,
    excess,
    fence_faults,
    lost_cells,
    unread,
)
from codebook.syntax.markdown.whitespace import tidy
from codebook.syntax.rich_text import LinkTarget, anchor_id

_OWN_ID = re.compile(r"\s*\{#(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)\}$")

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
            diagnostics += _judge(token, source, within or lines(token))
            diagnostics += unread(token, source, within or lines(token))
        elif token.type == "fence":
            diagnostics += fence_faults(token, source)
    diagnostics += lost_cells(tokens, source)
    diagnostics += _give_ids(tokens, source)
    _plain_cells(tokens)
    mark_trees(tokens)
    children = [child for token in tokens for child in token.children or ()]
    targets = tuple(child.meta["target"] for child in children if "target" in child.meta)
    blocks = tree(tokens, tidy(source.lines, tokens))
    fences = (token for token in tokens if token.type == "fence")
    is_whole = all(is_closed(each, source.lines) for each in fences)
    return Parsed(Document(blocks, targets, is_whole), tuple(diagnostics))


def _judge(inline: Token, source: Source, within: Lines) -> Iterator[Diagnostic]:
    """Judge the links, pictures and tags of one paragraph, and note where the links lead."""
    line, last = within
    column = 1
    tags: list[Span] = []
    for token, after in pairwise([*(inline.children or ()), None]):
        if token is None:
            continue
        found = _place(token, after, source, (line, last), column)
        if found:
            line, column = found.line, found.column + found.length
        if strange := characters.spelled(words(token), source):
            yield characters.diagnostic(strange, _entity(strange, source, within))
        if token.type in {"raw_html", "image", "link_open"}:
            span = found or source.whole(line)
            if token.type == "raw_html":
                tags.append(span)
                continue
            is_empty = token.type == "link_open" and after and after.type == "link_close"
            yield from _empty_link(span) if is_empty else _verdict(token, source, span)
    yield from _html(tags, source)


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


def _place(
    token: Token, after: Token | None, source: Source, within: Lines, column: int
) -> Span | None:
    """Where the words of a token stand: an address as it was typed, or the words it is under."""
    if token.type in {"raw_html", "code_inline"}:
        return source.search(token.content.split("\n")[0], *within, column)
    if token.type not in {"image", "link_open"}:
        return None
    href = str(token.attrs["src" if token.type == "image" else "href"])
    for before, typed in engine.addresses_as_typed(href):
        if span := source.search(before + typed, *within, column):
            return source.at(span.line, span.column + len(before), len(typed))
    return source.search(after.content if after else "", *within, column)


def _verdict(token: Token, source: Source, span: Span) -> Iterator[Diagnostic]:
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


def _html(tags: Sequence[Span], source: Source) -> Iterator[Diagnostic]:
    """One problem for all tags of a paragraph: whoever pasted them did it once."""
    if tags:
        first = tags[0]
        last = [each for each in tags if each.line == first.line][-1]
        length = last.column + last.length - first.column
        words = source.lines[first.line - 1][first.column - 1 :][: first.length]
        yield Diagnostic(
            Rule.RAW_HTML,
            source.at(first.line, first.column, length),
            f"HTML is shown as it is written: {words}",
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
        if opening.tag != "h1" and (slug := _own_slug(inline)):
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
        title = "".join(map(words, inline.children or ())).strip().lower()
        base = re.sub(r"[^\w\- ]", "", title).replace(" ", "-") or "section"
        if "slug" not in opening.meta:
            numbered = (f"{base}-{times}" for times in count(1))
            slug = next(each for each in chain([base], numbered) if each not in taken)
            taken[slug], _ = lines(opening)
            opening.meta["slug"] = slug
        opening.attrSet("id", anchor_id(opening.meta["slug"]))


def _own_slug(inline: Token) -> str:
    """The id behind the words of a heading, which is taken away; nothing where there is none."""
    children = inline.children or []
    if not children or children[-1].type != "text":
        return ""
    match = _OWN_ID.search(children[-1].content)
    if match is None or match[0] == inline.content:
        return ""
    children[-1].content = children[-1].content.removesuffix(match[0])
    inline.content = inline.content.removesuffix(match[0])
    return match["slug"]
