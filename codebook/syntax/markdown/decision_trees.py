"""Lists that are so deep that they are decisions: pages draw them as trees."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token

DEPTH = 3
"""Lists within lists, from here on, lead from a question to an answer."""


def mark_trees(tokens: Sequence[Token]) -> None:
    """Mark each plain list that is three or more deep, for the renderer and for style sheets.

    The words of its items become paragraphs, so that each is one box of the picture.
    """
    start = 0
    for place, token in enumerate(tokens):
        if token.type == "bullet_list_open" and token.level == 0:
            start = place
        elif token.type == "bullet_list_close" and token.level == 0:
            whole = tokens[start : place + 1]
            if _depth(whole) >= DEPTH:
                _mark(whole)


def is_tree(token: Token) -> bool:
    """Whether the token opens or closes a tree."""
    return "tree" in token.meta


def _depth(whole: Sequence[Token]) -> int:
    deepest = depth = 0
    for token in whole:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            depth += 1
            deepest = max(deepest, depth)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            depth -= 1
    return deepest


def _mark(whole: Sequence[Token]) -> None:
    for token in (whole[0], whole[-1]):
        token.meta["tree"] = True
    whole[0].attrSet("class", "tree")
    for token in whole:
        if token.type in {"paragraph_open", "paragraph_close"}:
            token.hidden = False
