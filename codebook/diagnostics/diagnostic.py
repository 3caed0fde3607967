"""The rules, and diagnostics as values; `reports` prints them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from enum import StrEnum
from typing import Generic, TypeVar

from msgspec import Struct

from codebook.diagnostics.source import Span

T_co = TypeVar("T_co", covariant=True)


class Severity(StrEnum):
    """An error prevents a build; a warning doesn't."""

    ERROR = "error"
    WARNING = "warning"


class Rule(StrEnum):
    """All rules, grouped by stage. Each is named after the error, not the fix."""

    # files and characters
    CONTROL_CHARACTER = "control-character"
    HIDDEN_CHARACTER = "hidden-character"
    INVALID_NAME = "invalid-name"
    MERGE_CONFLICT = "merge-conflict"
    NOT_UTF8 = "not-utf8"
    SYMLINK = "symlink"
    TOO_LARGE = "too-large"
    UNEXPECTED_FILE = "unexpected-file"
    UNFINISHED_TEXT = "unfinished-text"
    # Markdown
    FORBIDDEN_LINK = "forbidden-link"
    HTML_COMMENT = "html-comment"
    RAW_HTML = "raw-html"
    SKIPPED_LEVEL = "skipped-level"
    TOO_DEEP = "too-deep"
    UNEXPECTED_BLOCK = "unexpected-block"
    UNEXPECTED_IMAGE = "unexpected-image"
    UNEXPECTED_MARKUP = "unexpected-markup"
    UNREAD_MARKUP = "unread-markup"
    # front matter and settings
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
    EMPTY_TABLE = "empty-table"
    INVALID_CSV = "invalid-csv"
    MISPLACED_SECTION = "misplaced-section"
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
        """A warning if the site is correct without a fix, otherwise an error."""
        return Severity.WARNING if self in _WARNINGS else Severity.ERROR


_WARNINGS = frozenset(
    {
        Rule.EMPTY_TABLE,
        Rule.MISPLACED_SECTION,
        Rule.MISSING_SECTION,
        Rule.RAW_HTML,
        Rule.UNEXPECTED_FILE,
        Rule.UNFINISHED_TEXT,
        Rule.UNREAD_MARKUP,
    }
)


class Note(Struct, frozen=True):
    """More information about a diagnostic, with or without a location."""

    text: str
    span: Span | None = None


class Diagnostic(Struct, frozen=True):
    """An error or a warning. Texts start in lower case and have no final period.

    Only `help` says what to do.
    """

    rule: Rule
    span: Span
    message: str
    label: str = ""
    """A few words about the underlined text, shown next to the marks."""
    note: Note | None = None
    help: str = ""
    subject: str = ""
    """What is missing or wrong, if other diagnostics can be about the same thing; see `causes`."""
    follows_from: tuple[str, ...] = ()
    """The display paths of the files that define the subject: errors in them explain this one.
    If a path ends with `#`, only errors in the headings of the file do."""

    @property
    def severity(self) -> Severity:
        """The severity of the rule; callers decide whether warnings count as errors."""
        return self.rule.severity


class Parsed(Struct, Generic[T_co], frozen=True):
    """The result of a stage, and the diagnostics it found.

    Invalid content never raises. A value with errors is complete enough for later checks, so one
    run reports everything, but no pages are built from it.
    """

    value: T_co
    diagnostics: tuple[Diagnostic, ...] = ()


def has_error(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether one of the diagnostics is an error, not a warning."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)


_SIMILARITY = 0.7
"""The similarity that counts as a typo: two swapped letters in a word of four give 0.75."""

_MAX_LISTED = 12
"""The maximum number of words that a help lists."""


_MAX_COMPARED = 1000
"""The maximum number of words to look for typos in. Among more, it takes too long."""


def similar_word(word: str, known: Collection[str]) -> str:
    """Return the most similar known word, ignoring case; empty if none looks like a typo of it."""
    if len(known) > _MAX_COMPARED:
        return ""
    by_lower_case = {word.lower(): word for word in reversed(list(known))}
    matches = get_close_matches(word.lower(), by_lower_case, n=1, cutoff=_SIMILARITY)
    return by_lower_case[matches[0]] if matches else ""


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return a help text with the most similar known word, or with all if none is similar.

    `otherwise` says what to do if the word is correct.
    """
    words = list(known)
    if similar := similar_word(word, words):
        return f'did you mean "{similar}"?{otherwise and f" otherwise, {otherwise}"}'
    if not words:
        return otherwise or "remove it: no values are defined here"
    known_words = ", ".join(f'"{word}"' for word in words[:_MAX_LISTED])
    known_words += ", …" if len(words) > _MAX_LISTED else ""
    choice = f"use {known_words}" if len(words) == 1 else f"use one of: {known_words}"
    return f"{choice}; otherwise, {otherwise}" if otherwise else choice
