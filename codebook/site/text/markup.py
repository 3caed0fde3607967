"""Convert plain text to Markdown: escaping, links, tables, and lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_MARKUP = re.compile(r"[\\`*\[\]<|]|(?<!\w)_++|_++(?!\w)|&(?=#?\w+;)|~")
"""Inline markup in CommonMark 0.31.2 and in GitHub tables."""
_TICKS = re.compile("`+")


def escape(plain: str) -> str:
    """Plain text on one line, with markup escaped."""
    return _MARKUP.sub(lambda match: re.sub("(.)", r"\\\1", match[0]), " ".join(plain.split()))


def code_span(plain: str) -> str:
    """Plain text as code, which can contain backticks: CommonMark 0.31.2, Section 6.1."""
    ticks = "`" * (max(map(len, _TICKS.findall(plain)), default=0) + 1)
    space = " " if plain.startswith("`") or plain.endswith("`") else ""
    return f"{ticks}{space}{plain}{space}{ticks}"


def link(plain: str, url: str) -> str:
    """A link with a plain text."""
    return f"[{escape(plain)}]({url.replace('(', '%28').replace(')', '%29')})"


def bullets(items: Iterable[str]) -> str:
    """A bulleted list. The items are Markdown."""
    return "\n".join(f"- {item}" for item in items)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in GitHub's syntax. The cells are Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell or " " for cell in line) + " |" for line in lines)
