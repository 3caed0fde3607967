"""GitHub's alerts: block quotes whose first line is a kind, such as `[!NOTE]`.

GitHub Docs describes them in “Basic writing and formatting syntax”. As on GitHub, the kind stands
alone on its line, its case doesn't matter, and an alert isn't part of a list or another quote.
"""

from __future__ import annotations

import re

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

KINDS = ("note", "tip", "important", "warning", "caution")

_KIND = re.compile(r"\[!([A-Za-z]+)\]\s*")


def mark_alerts(state: StateCore) -> None:
    """A core rule: mark alerts, and remove the line with the kind."""
    tokens = state.tokens
    quotes = [index for index, token in enumerate(tokens[:-2]) if token.type == "blockquote_open"]
    for index in reversed(quotes):
        quote, paragraph, inline = tokens[index : index + 3]
        if quote.level or paragraph.type != "paragraph_open":
            continue
        first, _, below = str(inline.meta["typed"]).partition("\n")
        match = _KIND.fullmatch(first)
        is_empty = not below and tokens[index + 4].type == "blockquote_close"
        if match and match[1].lower() in KINDS and not is_empty:
            quote.meta["alert"] = match[1].lower()
            if below:
                _remove_first_line(paragraph, inline)
            else:
                del tokens[index + 1 : index + 4]


def _remove_first_line(paragraph: Token, inline: Token) -> None:
    children = inline.children or []
    breaks = (index for index, child in enumerate(children) if child.type.endswith("break"))
    inline.children = children[next(breaks) + 1 :]
    inline.meta["typed"] = str(inline.meta["typed"]).partition("\n")[2]
    inline.content = inline.content.partition("\n")[2]
    for token in (paragraph, inline):
        first, after = token.map or (0, 0)
        token.map = [first + 1, after]
