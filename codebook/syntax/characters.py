"""Characters that no text may hold, because nobody can see them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from codebook.diagnostics.diagnostic import Diagnostic, Rule
from codebook.diagnostics.source import Source, Span

_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_HIDDEN = re.compile(
    "[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\u3164"
    "\ufeff\uffa0\U000e0000-\U000e007f]"
)
"""Characters that reorder, split or carry words without being seen (Unicode Standard Annex 9 for
the first kind). The two joiners that scripts and emoji need are not among them."""


def unseen(source: Source) -> Iterator[Diagnostic]:
    """A problem for each such character of a file."""
    for number, line in enumerate(source.lines, start=1):
        for match in _CONTROL.finditer(line):
            yield diagnostic(match[0], source.at(number, match.start() + 1))
        for match in _HIDDEN.finditer(line):
            yield diagnostic(match[0], source.at(number, match.start() + 1))


def spelled(text: str, source: Source) -> str:
    """The first such character of a text that the file only spells, or nothing.

    Entities in Markdown and escapes in TOML are such spellings.
    """
    found = (*_CONTROL.finditer(text), *_HIDDEN.finditer(text))
    return next((match[0] for match in found if match[0] not in source.text), "")


def diagnostic(character: str, span: Span) -> Diagnostic:
    """The problem for one such character."""
    number = f"U+{ord(character):04X}"
    if _CONTROL.match(character):
        message = f"the control character {number} stands here"
        return Diagnostic(Rule.CONTROL_CHARACTER, span, message, help="remove it")
    name = unicodedata.name(character, "").lower()
    said = f"{number} ({name})" if name else number
    message = f"the character {said} stands here, which nobody can see"
    return Diagnostic(Rule.HIDDEN_CHARACTER, span, message, help="remove it, or type the word anew")
