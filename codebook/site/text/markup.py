"""Plain text as Markdown: escaped, linked, in tables and lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_MARKUP = re.compile(r"[\\`*\[\]<|]|(?<!\w)_++|_++(?!\w)|&(?=#?\w+;)|~(?=~)")
"""What would be read as markup within a line, in CommonMark 0.31.2 or in GitHub's tables."""


def escape(plain: str) -> str:
    """Plain text within a line, so that it is read as nothing else."""
    return _MARKUP.sub(lambda match: re.sub("(.)", r"\\\1", match[0]), " ".join(plain.split()))


def link(plain: str, url: str) -> str:
    """Plain text that leads somewhere."""
    return f"[{escape(plain)}]({url.replace('(', '%28').replace(')', '%29')})"


def bullets(items: Iterable[str]) -> str:
    """A list; the items are Markdown."""
    return "\n".join(f"- {item}" for item in items)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as GitHub writes it; the cells are Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell or " " for cell in line) + " |" for line in lines)
