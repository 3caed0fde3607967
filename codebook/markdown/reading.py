"""One file into blocks, and what a book may not hold.

Nothing that an author wrote is dropped in silence. markdown-it loses three things by design: what
is nested past its limit, link definitions that no words use, and the words after the language of
a fence. Each is a problem here. Raw HTML is shown as the text it is, with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from markdown_it.token import Token

from codebook import links
from codebook.markdown import engine
from codebook.markdown.blocks import Block, lines, tree, words
from codebook.problems import Parsed, Problem, Rule
from codebook.richtext import Target, anchor_id
from codebook.source import Source, Span

_DEEPEST = 20
"""Levels of nesting that a book may use."""
_LARGEST = 1_000_000
"""Characters of HTML that one file may become: a table of 12 KB can become 666 KB."""


@dataclass(frozen=True, slots=True)
class Document:
    """A Markdown file that was read."""

    blocks: tuple[Block, ...]
    targets: tuple[Target, ...]
    """Every link into the book, in order."""


def read(source: Source) -> Parsed[Document]:
    """The file's blocks. What is too deep or too large is reported, and left out."""
    env: dict[str, Any] = {}
    tokens = engine.engine().parse(source.text, env)
    too_much = tuple(_excess(tokens, source))
    if too_much:
        return Parsed(Document((), ()), too_much)
    problems = list(_definitions(env, source))
    for token in tokens:
        if token.type == "inline":
            problems += _judge(token, source)
        elif token.type == "fence":
            problems += _unused_words(token, source)
    _give_ids(tokens)
    children = [child for token in tokens for child in token.children or ()]
    targets = tuple(child.meta["target"] for child in children if "target" in child.meta)
    return Parsed(Document(tree(tokens), targets), tuple(problems))


def _excess(tokens: Sequence[Token], source: Source) -> Iterator[Problem]:
    for token in tokens:
        if token.level >= _DEEPEST:
            yield Problem(
                Rule.TOO_DEEP,
                source.whole(lines(token)[0]),
                f"this is nested more than {_DEEPEST} levels deep",
                help="take some of the lists or quotes apart",
            )
            return
    if len(engine.text(tokens, "").html(str)) > _LARGEST:
        yield Problem(
            Rule.TOO_LARGE,
            source.at(1),
            f"this file becomes more than {_LARGEST:,} characters of HTML",
            help="split it, or take the largest table out of it",
        )


def _definitions(env: Mapping[str, Any], source: Source) -> Iterator[Problem]:
    for each in (*env.get("references", {}).values(), *env.get("duplicate_refs", ())):
        yield Problem(
            Rule.UNEXPECTED_BLOCK,
            source.whole(each["map"][0] + 1),
            "a link is defined apart from its words",
            help="write the address beside the words: [words](address)",
        )


def _unused_words(fence: Token, source: Source) -> Iterator[Problem]:
    extra = fence.info.split()[1:]
    if extra:
        line, _ = lines(fence)
        yield Problem(
            Rule.UNEXPECTED_BLOCK,
            source.find(extra[0], line, line),
            "what follows the language of a fence is shown nowhere",
            help="keep the language alone",
        )


def _judge(inline: Token, source: Source) -> Iterator[Problem]:
    """Judge the links, pictures and tags of one paragraph, and note where the links lead."""
    line, last = lines(inline)
    column = 1
    for token in inline.children or ():
        if token.type not in {"raw_html", "image", "link_open"}:
            continue
        span = source.find(_marked_words(token), line, last, column)
        line, column = span.line, span.column + (span.length if token.type != "image" else 0)
        yield from _verdict(token, source, span)


def _marked_words(token: Token) -> str:
    """The words by which a token that needs judging is found in its line."""
    if token.type == "raw_html":
        return token.content.split("\n")[0]
    return str(token.attrs["src" if token.type == "image" else "href"])


def _verdict(token: Token, source: Source, span: Span) -> Iterator[Problem]:
    if token.type == "raw_html":
        yield Problem(
            Rule.RAW_HTML,
            span,
            "HTML is shown as text",
            help="use Markdown, or write `code` around a tag that is meant as such",
        )
    elif token.type == "image":
        yield Problem(
            Rule.UNEXPECTED_IMAGE,
            span,
            "a book holds no pictures",
            help="say it in words, or link to the picture",
        )
    elif links.is_internal(href := str(token.attrs["href"])):
        token.meta["target"] = links.target(href, source.path, span)
    elif refusal := links.refusal(href):
        yield Problem(
            Rule.FORBIDDEN_LINK,
            span,
            f"this link is not allowed: {refusal}",
            help="link to a file of the book, or to a whole https, http or mailto address",
        )


def _give_ids(tokens: Sequence[Token]) -> None:
    """Give each heading its slug as GitHub makes it, numbered where it comes again."""
    taken: set[str] = set()
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            title = "".join(map(words, inline.children or ())).strip().lower()
            base = slug = re.sub(r"[^\w\- ]", "", title).replace(" ", "-") or "section"
            times = 0
            while slug in taken:
                times += 1
                slug = f"{base}-{times}"
            taken.add(slug)
            opening.meta["slug"] = slug
            opening.attrSet("id", anchor_id(slug))
