"""No section disappears in a code block, a list, or a table without a diagnostic."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from codebook.diagnostics.source import Source
from codebook.syntax import markdown

LOST = {
    "```text\na\n\n## B\n\n```http\nc\n```": "unexpected-block 1",
    "```\na\n\n## B\n\n```\nc\n```": "unexpected-block 1",
    "```sh\na\n```http\nb\n```": "unexpected-block 1",
    "~~~sh\na\n~~~http\nb\n~~~": "unexpected-block 1",
    "```sh\na\n## Expected\nb\n```": "unexpected-block 1",
    "- ```sh\n  a\n  ```http\n  b\n  ```": "unexpected-block 1",
    "```text\na\n\n## B": "unexpected-block 1",
    "Words.\n\n    ## B": "unread-markup 3",
    "Words.\n\n\t## B": "unread-markup 3",
    "- a\nB\n---": "unread-markup 2",
    "- a\nB\n===": "unread-markup 3",
    "> a\nB\n---": "unread-markup 2",
    "| a | b |\n|---|---|\n| c | d |\nB\n---": "unread-markup 4",
    "| a | b |\n|---|---|\n| c | d |\nWords.\nMore.": "unread-markup 4",
    "#######  B": "unread-markup 1",
}
"""Texts that lose a section, and their only diagnostic."""
WHOLE = (
    "````markdown\n## B\n\n```http\nc\n```\n````",
    "~~~text\n```http\n~~~",
    "```markdown\n\n## Expected\n\n```",
    "```sh\n# a\n\n## b\n\nc\n```",
    "```text\na\n## b\nc\n```",
    "- a\n---",
    "- a\n  b\n---",
    "> a\n---",
    "    code\n    ## comment",
    "| a | b |\n|---|---|\n| c | d |\n\nWords.",
    "a\n\n---\n\nb",
)
"""Texts that mean what they show."""


def source(text: str) -> Source:
    """A guide with this text."""
    return Source.of(PurePosixPath("guides/a.md"), "guides/a.md", text)


@pytest.mark.parametrize("text", LOST)
def test_a_lost_section_is_one_diagnostic(text: str) -> None:
    """It's where the error is, not where the parser stops."""
    found = markdown.read(source(text), headings=["Expected"]).diagnostics
    assert [f"{it.rule} {it.span.line}" for it in found] == [LOST[text]]


@pytest.mark.parametrize("text", WHOLE)
def test_code_that_shows_markdown_and_lists_above_a_rule_are_allowed(text: str) -> None:
    """A longer fence, or another marker, shows a fence; some languages have comments with ##."""
    assert not markdown.read(source(text), headings=["Expected"]).diagnostics
