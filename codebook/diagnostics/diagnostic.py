"""What can be wrong with a book: the rules, and a diagnostic as a value.

A diagnostic says what is wrong (message), where (span), what else belongs to it (note), and what
to do (help). Nothing here prints: `reports` does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Generic, TypeVar

from codebook.diagnostics.source import Span

T_co = TypeVar("T_co", covariant=True)


class Severity(StrEnum):
    """Whether a site can still be built."""

    ERROR = "error"
    WARNING = "warning"


class Rule(StrEnum):
    """Every rule by its slug, which names the bad thing. Grouped by the stage that finds it."""

    # files and characters
    CONTROL_CHARACTER = "control-character"
    HIDDEN_CHARACTER = "hidden-character"
    INVALID_NAME = "invalid-name"
    NOT_UTF8 = "not-utf8"
    SYMLINK = "symlink"
    TOO_LARGE = "too-large"
    UNEXPECTED_FILE = "unexpected-file"
    # Markdown
    FORBIDDEN_LINK = "forbidden-link"
    RAW_HTML = "raw-html"
    SKIPPED_LEVEL = "skipped-level"
    TOO_DEEP = "too-deep"
    UNEXPECTED_BLOCK = "unexpected-block"
    UNEXPECTED_IMAGE = "unexpected-image"
    UNEXPECTED_MARKUP = "unexpected-markup"
    UNREAD_MARKUP = "unread-markup"
    # heads and settings
    INVALID_TOML = "invalid-toml"
    INVALID_VALUE = "invalid-value"
    MISSING_HEAD = "missing-head"
    MISSING_KEY = "missing-key"
    UNKNOWN_KEY = "unknown-key"
    WRONG_TYPE = "wrong-type"
    # the register
    DUPLICATE_CODE = "duplicate-code"
    DUPLICATE_SECTION = "duplicate-section"
    INVALID_CLASS = "invalid-class"
    INVALID_CODE = "invalid-code"
    MISNUMBERED_SECTION = "misnumbered-section"
    MISPLACED_CODE = "misplaced-code"
    MISSING_REGISTER = "missing-register"
    MISSING_SECTION = "missing-section"
    MISSING_TEXT = "missing-text"
    MISSING_TITLE = "missing-title"
    OVERLAPPING_CLASS = "overlapping-class"
    UNANNOUNCED_SECTION = "unannounced-section"
    # articles, facts, tables
    INVALID_CSV = "invalid-csv"
    MISSING_SOURCE = "missing-source"
    MISSING_TABLE_DATA = "missing-table-data"
    MISSING_TABLE_PAGE = "missing-table-page"
    ORPHAN_ARTICLE = "orphan-article"
    ORPHAN_CLASS_TEXT = "orphan-class-text"
    UNKNOWN_CODE = "unknown-code"
    UNKNOWN_COLUMN = "unknown-column"
    UNKNOWN_FACT = "unknown-fact"
    UNKNOWN_HEADING = "unknown-heading"
    UNKNOWN_VALUE = "unknown-value"
    # the book as a whole
    BROKEN_ANCHOR = "broken-anchor"
    BROKEN_LINK = "broken-link"
    DUPLICATE_URL = "duplicate-url"
    LOST_URL = "lost-url"
    # templates and built pages
    DEAD_LINK = "dead-link"
    DUPLICATE_ID = "duplicate-id"
    EMPTY_TEXT = "empty-text"
    HEADING_COUNT = "heading-count"
    INLINE_CODE = "inline-code"
    MISSING_ALT = "missing-alt"
    TEMPLATE_ERROR = "template-error"

    @property
    def severity(self) -> Severity:
        """A warning where the site is right without a fix, an error everywhere else."""
        return Severity.WARNING if self in _WARNINGS else Severity.ERROR


_WARNINGS = frozenset(
    {Rule.MISSING_SECTION, Rule.RAW_HTML, Rule.UNEXPECTED_FILE, Rule.UNREAD_MARKUP}
)


@dataclass(frozen=True, slots=True)
class Note:
    """Something that belongs to a diagnostic, at another place or at none."""

    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. Wording: lower case, no full stop; only `help` says what to do."""

    rule: Rule
    span: Span
    message: str
    label: str = ""
    """What the underlined words are, in a few words; shown under them."""
    note: Note | None = None
    help: str = ""

    @property
    def severity(self) -> Severity:
        """The rule's own; strictness is the caller's affair."""
        return self.rule.severity


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T_co]):
    """What a stage made of its input, and all that it found wrong on the way.

    Bad content never raises. A value that comes with an error is complete enough for the next
    checks, so that one run reports everything, but no page is made of it.
    """

    value: T_co
    diagnostics: tuple[Diagnostic, ...] = ()


_SIMILARITY = 0.7
"""How alike two words must be to be taken for one: a swapped pair of letters in four is 0.75."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A help that names the likeliest of the known words, or all where none is near."""
    words = list(known)
    by_lower_case = {word.lower(): word for word in reversed(words)}
    matches = get_close_matches(word.lower(), by_lower_case, n=1, cutoff=_SIMILARITY)
    if matches:
        return f'did you mean "{by_lower_case[matches[0]]}"?'
    if not words:
        return "none is allowed here; remove it"
    known_words = ", ".join(f'"{word}"' for word in words)
    return f"use {known_words}" if len(words) == 1 else f"use one of: {known_words}"
