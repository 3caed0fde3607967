"""What a code can be, and which code a misspelled one probably is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from codebook.book.layout import LABEL, NUMBER, label_of

CODE_SYNTAX = "a number from 0 to 999999999, without letters, dots, signs, or leading zeros"
_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*")
_LOOK_LIKE_DIGITS: Mapping[str, str] = {"O": "0", "o": "0", "l": "1", "I": "1"}


def has_digit(text: str) -> bool:
    """Whether a text has a digit of any script, so that it's probably meant to be a code."""
    return any(map(str.isdecimal, text))


def intended_number(text: str) -> int | None:
    """Return the code that this text probably means; None if that isn't clear.

    Digits of other scripts and widths, letters that look like digits, and leading zeros are
    clear, if the text has at least one digit.
    """
    digits = "".join(map(_digit, text))
    stripped = digits.lstrip("0") or digits[-1:]
    is_clear = has_digit(text) and NUMBER.fullmatch(stripped)
    return int(stripped) if is_clear else None


def intended_label(text: str) -> str:
    """Return the label of the class that this text probably means; empty if that isn't clear.

    Ranges such as 400-499, with any dash, are clear, and so are labels with a capital X.
    """
    numbers = [intended_number(part) for part in _DASHES.split(text.strip())]
    match numbers:
        case [int(low), int(high)] if low <= high:
            return label_of(low, high)
    label = text.strip().lower()
    return label if LABEL.fullmatch(label) else ""


def spelling_help(text: str) -> str:
    """Return the help for a text that should be a code."""
    number = intended_number(text)
    return f"use {CODE_SYNTAX}" if number is None else f"did you mean {number}? use {CODE_SYNTAX}"


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return _LOOK_LIKE_DIGITS.get(character, character) if value is None else str(value)
