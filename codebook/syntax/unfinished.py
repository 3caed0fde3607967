"""Find placeholders that an author, or the command `new`, left for text to be written."""

from __future__ import annotations

import re

from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.diagnostics.source import Span

_PLACEHOLDER = re.compile(r"(?<![\w.`/-])(?:TODO|FIXME|TBD)(?![\w`/(-])")
"""A placeholder as a word of its own: not in `context.TODO()` or TODO-list."""
_MARKS = ("TODO", "FIXME", "TBD", "&", "\\")
"""What a file with a placeholder contains; an entity or an escape can stand for a letter of it."""


def is_possible(written: str) -> bool:
    """Whether a file can contain a placeholder; most can't, so its texts needn't be searched."""
    return any(mark in written for mark in _MARKS)


def placeholder(text: str) -> str:
    """Return the first placeholder in a text, or an empty string."""
    match = _PLACEHOLDER.search(text)
    return match[0] if match else ""


def unfinished_text(word: str, span: Span, *, is_markdown: bool = False) -> Diagnostic:
    """Return the diagnostic for a placeholder."""
    help_text = "replace it with your text"
    if is_markdown:
        help_text += ", or put the word in `backticks` to show it"
    return Diagnostic(
        Rule.UNFINISHED_TEXT, span, f"unfinished text: {word} would be published", help=help_text
    )
