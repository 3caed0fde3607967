"""What readers do when they meet a code: the section "If you see this", and the messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt

from tests.book_files import ARTICLES, headings, name, symptoms
from tests.offenders import assert_none

HEADING = "If you see this"
SECTION = re.compile(rf"^## {HEADING}\n(.*?)^## ", re.MULTILINE | re.DOTALL)
SHAPE = ["p", "ol", "ul"]
STEPS = 3
QUESTIONS = ["Is a retry safe?", "Not your server?"]
LONGEST_SECTION = 1_000
"""The number of characters that fit on about one screen of a phone."""
LONGEST_CAUSE = 200
NOT_MET = {449, 450, 506, 510, 527}
"""Errors that hardly anyone meets."""
PLACES = {
    "access log",
    "browser",
    "client",
    "error log",
    "metrics",
    "response body",
    "response header",
    "router log",
}
WITH_SECTION = [path for path in ARTICLES if HEADING in headings(path)]


def section(path: Path) -> str:
    """The text of the section."""
    match = SECTION.search(path.read_text(encoding="utf-8"))
    assert match, name(path)
    return match[1]


def shape_errors(path: Path) -> Iterator[str]:
    """What the section has too much, or lacks."""
    tokens = MarkdownIt("commonmark").parse(section(path))
    blocks = [token.tag for token in tokens if token.level == 0 and token.nesting >= 0]
    if blocks != SHAPE:
        yield f"its blocks are {', '.join(blocks)}"
    items: dict[str, list[str]] = {"ol": [], "ul": []}
    tag = ""
    for token in tokens:
        tag = token.tag if token.tag in items and token.nesting == 1 else tag
        if token.type == "inline" and token.level > 1:
            bold = re.match(r"\*\*(.+?)\*\* ", token.content)
            items[tag].append(bold[1] if bold else "")
    if len(items["ol"]) != STEPS or not all(text.endswith(".") for text in items["ol"]):
        yield f"its steps are {items['ol']}"
    if items["ul"] != QUESTIONS:
        yield f"its questions are {items['ul']}"
    length = sum(
        len(child.content)
        for token in tokens
        for child in token.children or ()
        if child.type in {"text", "code_inline"}
    )
    if length > LONGEST_SECTION:
        yield f"it has {length} characters"


def test_every_error_that_people_meet_has_the_section() -> None:
    """Add it, as the first section of the article."""
    errors = {path for path in ARTICLES if int(path.stem) >= 400}
    missing = {int(path.stem) for path in errors - set(WITH_SECTION)}
    assert missing == NOT_MET


def test_the_section_leads_to_the_cause_in_three_steps() -> None:
    """A paragraph says who sent the response, and a list answers the two other questions."""
    assert WITH_SECTION
    assert_none(f"{name(path)}: {error}" for path in WITH_SECTION for error in shape_errors(path))


def test_a_symptom_says_where_it_appears_and_what_happened() -> None:
    """The cause is short, and the source is a URL, of a fixed version if it's in a repository."""
    errors = []
    for path in ARTICLES:
        for symptom in symptoms(path):
            source, cause = symptom["source"], symptom["cause"]
            if (
                symptom["where"] not in PLACES
                or not cause.endswith(".")
                or len(cause) > LONGEST_CAUSE
                or not source.startswith("https://")
                or re.search(r"github\.com/[^/]+/[^/]+/blob/(?![0-9a-f]{12,40}/)", source)
            ):
                errors.append(f"{name(path)}: {symptom['message']}")
    assert_none(errors)
