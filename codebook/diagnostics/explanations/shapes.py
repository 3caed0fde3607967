"""What an explanation is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from codebook.diagnostics.diagnostic import Rule


class Kind(StrEnum):
    """What kind of file an example shows; most are texts as they stand there."""

    TEXT = ""
    LATIN_1 = "saved in Latin-1"
    LINK = "a symbolic link"
    LONG = "and so on, a hundred thousand times"
    GONE = "not there"


@dataclass(frozen=True, slots=True)
class Example:
    """A file of a small book, from the folder of the repository."""

    path: str
    text: str = ""
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a rule means, why it is one, and what breaks and keeps it."""

    rule: Rule
    meaning: str
    """One sentence: when the rule is broken."""
    reason: str
    """Why that matters."""
    bad: tuple[Example, ...]
    """Files that break the rule, put onto a book that is right."""
    good: tuple[Example, ...]
    """The same, mended."""


def content(path: str, text: str = "", kind: Kind = Kind.TEXT) -> tuple[Example, ...]:
    """One file of the content."""
    return (Example(f"content/{path}", text, kind),)


def template(body: str) -> tuple[Example, ...]:
    """The template of a code's page, with a body that is not whole in itself."""
    return (
        Example("templates/code.html", f"<!doctype html>\n<title>{{{{ name }}}}</title>\n{body}"),
    )
