"""Blanks that say nothing: those at the ends of lines, and tabs where blanks would do as well."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

from codebook.diagnostics.source import Source
from codebook.syntax.markdown import engine

_CODE = frozenset({"fence", "code_block"})
_INDENT = re.compile(r"[ \t]*")
_TAB = 4
"""Columns from one tab stop to the next."""


def tidied(source: Source) -> tuple[str, ...]:
    """The lines of a Markdown file without such blanks; every block of it stays what it is."""
    return tidy(source.lines, engine.engine().parse(source.text, {}))


def tidy(lines: Sequence[str], tokens: Sequence[Token]) -> tuple[str, ...]:
    """The same for lines whose tokens are known.

    Code is left as it is, and so are the lines of a paragraph but its last: two blanks at the end
    of a line begin a new one.
    """
    code: set[int] = set()
    broken: set[int] = set()
    begun: set[int] = set()
    for token in tokens:
        first, after = token.map or (0, 0)
        if token.type in _CODE:
            code.update(range(first, after))
        elif token.type == "inline":
            broken.update(range(first, after - 1))
        elif token.map:
            begun.add(first)
    made: list[str] = []
    for number, line in enumerate(lines):
        kept = line
        if number not in code | broken:
            kept = kept.rstrip(" \t")
        if number in begun:
            kept = _INDENT.sub(lambda found: found[0].expandtabs(_TAB), kept, count=1)
        made.append(kept)
    return tuple(made)
