"""The words of the interface in brackets, and a book without a Latin letter.

On a page of that book, every Latin letter is a word of the interface. A Latin letter outside the
brackets is in a template, a script, or the program, where it can't be translated.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from msgspec.structs import replace

from codebook.diagnostics.source import Folder
from codebook.io.sources import read_folder
from codebook.site.words import PATH

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "tests" / "fixtures" / "greek-book"

_PLURAL = {"one", "other"}
_BRACKETS = re.compile(r"⟦[^⟦⟧]*(?:⟧|$)")
"""One word without others in it. Descriptions may be cut before the end."""
_KEY = re.compile(r"⟦([\w.]+):")
_LABEL = re.compile(r"\b\d+x+\b")
"""The label of a class: a number with an x for each digit that varies."""
_LATIN = re.compile("[A-Za-z]")


def keys(words: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Return the key of every text, without the language of the file."""
    for name, value in words.items():
        key = f"{prefix}{name}"
        if isinstance(value, str) or value.keys() == _PLURAL:
            yield from [] if key == "language" else [key]
        else:
            yield from keys(value, f"{key}.")


def bracketed(templates: Folder) -> Folder:
    """Return the templates with each text in brackets, after its key."""
    words = tomllib.loads(templates.files[PATH].decode())
    lines = "\n".join(_lines(words, ""))
    return replace(templates, files={**templates.files, PATH: lines.encode()})


def _lines(table: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if key == "language":
            yield f'language = "{value}"'
        elif isinstance(value, str):
            yield f'{key} = "⟦{key}: {value}⟧"'
        elif value.keys() == _PLURAL:
            yield from (f'{key}.{form} = "⟦{key}: {text}⟧"' for form, text in value.items())
        else:
            yield from _lines(value, f"{key}.")


def outside(texts: Iterable[str]) -> list[str]:
    """Return the texts with a Latin letter outside the brackets."""
    return sorted({text.strip() for text in texts if _LATIN.search(_without_brackets(text))})


def _without_brackets(text: str) -> str:
    text = _LABEL.sub("", text)
    while (shorter := _BRACKETS.sub("", text)) != text:
        text = shorter
    return text


def seen(texts: Iterable[str]) -> set[str]:
    """Return the keys of the words in the texts."""
    return {key for text in texts for key in _KEY.findall(text)}


def large_book() -> Folder:
    """Return the book with more guides than the feed and the search list at once."""
    book = read_folder(BOOK, "content")
    guides = {
        PurePosixPath(f"guides/guide-{number}.md"): f"# Οδηγός {number}\n\n12\n".encode()
        for number in range(40)
    }
    return replace(book, files={**book.files, **guides})
