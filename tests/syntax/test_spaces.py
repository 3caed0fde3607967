"""Spaces that only look like plain ones are read as plain spaces, with a warning."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

import pytest

from codebook.authoring.checked_content import CheckedContent
from codebook.authoring.fix import fixed_files
from codebook.build.pipeline import BuildResult
from codebook.diagnostics.diagnostic import Rule
from codebook.diagnostics.source import Folder, Source
from codebook.syntax import markdown

Make = Callable[..., BuildResult]

REGISTER = (
    "# Signals\n\n1. Entry signals (10–19)\n2. Exit signals (20–29)\n\n"
    "## 1. Entry signals\n\n- 11\n  Come in.\n\n  Slowly.\n\n## 2. Exit signals\n\n- 21\n  Go.\n"
)
PLAIN = {
    "##_Words": (["1:3"], "## Words"),
    "-_a\n-_b\n\n-_c": (["1:2"], "- a\n- b\n\n- c"),
    "*_a\n\nWords.\n\n+_b": (["1:2", "5:2"], "* a\n\nWords.\n\n+ b"),
    "1._a\n2._b": (["1:3"], "1. a\n2. b"),
    ">_a\n>_b": (["1:2"], "> a\n> b"),
    ">_[!NOTE]\n>_b": (["1:2"], "> [!NOTE]\n> b"),
    "|_a | b_|\n|_---_|---|\n| c |_d |": (["1:2"], "| a | b |\n| --- |---|\n| c | d |"),
    "_```text\na_b\n```_": (["1:1", "3:4"], " ```text\na_b\n```"),
    "- a\n__- b": (["2:1"], "- a\n  - b"),
    "_##_a": (["1:1", "1:4"], " ## a"),
    "_words": (["1:1"], " words"),
    "[a]_(b.md)": (["1:4"], "[a](b.md)"),
    "Words\n---_": (["2:4"], "Words\n---"),
}
"""Texts with _ for an unusual space, the positions of the warnings, and the plain texts."""
INTENDED = (
    *("5_% of a", "a _b", "`-_a`", "\\-_a", "____words", "a_- b", "- _a"),
    *("    -_a", "```text\n-_a\n```", "Words\n3._January", "a |_b", "[a]_(b)"),
)
"""Texts with _ for a space that is right, or at least harmless."""


def source(text: str) -> Source:
    """A guide with this text."""
    return Source.of(PurePosixPath("guides/a.md"), "guides/a.md", text)


@pytest.mark.parametrize("space", ["\u00a0", "\u2003", "\u202f"])
@pytest.mark.parametrize("text", PLAIN)
def test_a_space_that_is_not_plain_is_read_as_a_plain_one(text: str, space: str) -> None:
    """The warning is at the first of several lines with the same error."""
    positions, plain = PLAIN[text]
    written = source(text.replace("_", space))
    found = markdown.read(written)
    assert {it.rule for it in found.diagnostics} == {Rule.UNREAD_MARKUP}
    assert [f"{it.span.line}:{it.span.column}" for it in found.diagnostics] == positions
    assert f"U+{ord(space):04X}" in found.diagnostics[0].message
    assert markdown.with_plain_spaces(written).value.text == plain.replace("_", space)
    expected = markdown.read(source(plain.replace("_", space))).value
    assert expected is not None
    assert found.value == expected


@pytest.mark.parametrize("text", INTENDED)
def test_a_space_in_a_sentence_or_in_code_is_not_reported(text: str) -> None:
    """No-break spaces belong to typography."""
    written = source(text.replace("_", "\u00a0"))
    assert not markdown.read(written).diagnostics
    assert markdown.with_plain_spaces(written).value == written


def test_a_paragraph_in_chinese_or_japanese_can_be_indented() -> None:
    """Two ideographic spaces are usual there; before a list, one is as wide as two spaces."""
    assert not markdown.read(source("\u3000\u3000段落。")).diagnostics
    assert markdown.with_plain_spaces(source("- a\n\u3000- b")).value.text == "- a\n  - b"


def test_a_register_with_other_spaces_is_complete(compile_book: Make) -> None:
    """Nothing follows from the spaces, and replacing them changes nothing on the site."""
    unusual = REGISTER
    for plain in ("## 2.", "- 11", "  Slowly", "1. Entry signals (", "2. Exit signals ("):
        unusual = unusual.replace(plain, plain.replace(" ", "\u00a0", plain.count("  ") + 1), 1)
    article = "```toml\n```\n\n##\u00a0By night\n\n-\u00a0See [21]\u00a0(21.md).\n"
    files = {"signals.md": unusual, "codes/11.md": article}
    built = compile_book(files)
    assert {it.rule for it in built.diagnostics} == {Rule.UNREAD_MARKUP}
    content = {PurePosixPath(path): text.encode() for path, text in sorted(files.items())}
    fixed = fixed_files(CheckedContent.of(Folder("content", content)))
    after = compile_book({str(path): data for path, data in {**content, **fixed}.items()})
    assert not after.diagnostics
    assert after.files == built.files
    assert fixed[PurePosixPath("signals.md")].decode() == REGISTER
