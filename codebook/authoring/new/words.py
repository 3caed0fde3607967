"""The words of new documents, and what their files may be called."""

from __future__ import annotations

import json

from codebook.book import urls
from codebook.book.layout import SLUG

MARK = "TODO"
"""Stands wherever a person has to go on."""

_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)
"""What Windows takes for a device, whatever stands behind the dot."""


def name_fault(name: str) -> tuple[str, str] | None:
    """What is wrong with the name of a new guide or table, and what a good one is like."""
    if name in _DEVICES:
        return f'no file can have the name "{name}" on Windows', f"add a word: {name}-codes"
    if SLUG.fullmatch(name):
        return None
    better = urls.slug(name.removesuffix(".md"))
    example = better if better and better not in _DEVICES else "which-code"
    return (
        f'"{name}" cannot be part of an address',
        f"use lower-case letters, digits and single hyphens: {example}",
    )


def title_of(name: str) -> str:
    """The name of a file as a title."""
    words = name.replace("-", " ")
    return words[:1].upper() + words[1:]


def quoted(words: str) -> str:
    """The words as TOML writes them."""
    return json.dumps(words, ensure_ascii=False)
