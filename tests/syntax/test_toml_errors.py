"""Messages say why a text is not TOML, at the wrong characters."""

from __future__ import annotations

import tomllib
from pathlib import PurePosixPath

from hypothesis import given
from hypothesis import strategies as st

from codebook.diagnostics.diagnostic import Diagnostic
from codebook.diagnostics.source import Source
from codebook.syntax import toml
from codebook.syntax.toml.errors import stop_offset
from tests.offenders import assert_none


def error_in(text: str) -> Diagnostic:
    """The only diagnostic of an invalid text."""
    source = Source.of(PurePosixPath("book.toml"), "content/book.toml", text)
    (diagnostic,) = toml.read(source, 1, text).diagnostics
    return diagnostic


VALUE_HELP = 'add a value after the =, with strings in "quotes"'
"""The help for a missing value."""
SPECIFIC = (
    ("a = “b”", (1, 5, 3), "“ is not a quote in TOML", 'use straight quotes: "b"'),
    ("a = «b", (1, 5, 2), "« is not a quote in TOML", 'use straight quotes: "b"'),
    ('a = "b”', (1, 5, 1), "this quote is never closed", 'replace ” with a straight "'),
    ("a = b c # d", (1, 5, 3), "expected a value, found b c", 'put it in quotes: "b c"'),
    ("a = [b]", (1, 6, 1), "expected a value, found b", 'put it in quotes: "b"'),
    ('a = b"', (1, 5, 2), 'expected a value, found b"', 'put it in quotes: "b"'),
    ("a = Yes\n", (1, 5, 3), "expected a value, found Yes", 'put it in quotes: "Yes"'),
    (
        "a = FALSE",
        (1, 5, 5),
        "expected a value, found FALSE",
        "write it in lowercase: false",
    ),
    ("a =", (1, 4, 1), '"a" has no value', VALUE_HELP),
    ("a = # b", (1, 5, 1), '"a" has no value', VALUE_HELP),
    (
        "a = [1,,2]",
        (1, 8, 1),
        "missing value before this comma",
        "add a value, or remove the comma",
    ),
    (
        'a = "b "c" d"',
        (1, 8, 1),
        "this quote ends the string, but more text follows",
        'write \\" for a quote inside "quotes"',
    ),
    (
        "a = 1, 2",
        (1, 5, 4),
        "this key has several values",
        "put the values in brackets: a = [1, 2]",
    ),
    ("a = { b = 1 c = 2 }", (1, 13, 1), "missing comma before c", "add a comma before it"),
    (
        "a = [\n1,\n2\nb = 1",
        (1, 5, 1),
        "this list is never closed",
        "add ] after its last value",
    ),
    ("a = [{ b = 1", (1, 6, 1), "this table is never closed", "add } after its last value"),
    ("a: 1", (1, 2, 1), '"a" is not followed by =', "write a = 1"),
    ("a -> 1", (1, 3, 2), '"a" is not followed by =', "write a = 1"),
    ("a", (1, 2, 1), '"a" is not followed by =', "write a = …"),
    (
        "a\u00a0= 1",
        (1, 2, 1),
        "U+00A0 is not a plain space",
        "replace it with a plain space",
    ),
    ("[a", (1, 1, 2), "this table header does not end with ]", "write [a]"),
    ("[[a]", (1, 1, 4), "this table header does not end with ]]", "write [[a]]"),
    (
        'a = "b\\c"',
        (1, 7, 2),
        "\\c is not a valid escape sequence",
        "write \\\\ for a backslash, or put the string in 'single quotes'",
    ),
    ('a = ["b, "c"]', (1, 6, 1), "this quote is never closed", 'add " at the end of the string'),
    ("a = “it’s”", (1, 5, 6), "“ is not a quote in TOML", 'use straight quotes: "it’s"'),
    (
        "a = { b = c, d }",
        (1, 11, 4),
        "expected a value, found c, d",
        'put it in quotes: "c, d"',
    ),
    ("a = { b: 1, c = 2 }", (1, 8, 1), '"b" is not followed by =', "write b = 1"),
    (
        "a = [1, 0403]",
        (1, 9, 4),
        "a number cannot have leading zeros: 0403",
        'write 403; for a string, write "0403"',
    ),
    (
        "a = [\n0403,\n1]",
        (2, 1, 4),
        "a number cannot have leading zeros: 0403",
        'write 403; for a string, write "0403"',
    ),
    (
        "a = { b = -00, c = 1 }",
        (1, 11, 3),
        "a number cannot have leading zeros: -00",
        'write -0; for a string, write "-00"',
    ),
    (
        "a = 01-02-2026",
        (1, 5, 10),
        "expected a value, found 01-02-2026",
        'write dates like 2026-01-31, numbers as digits, and strings in "quotes"',
    ),
    ("a = 1\na = 2", (2, 1, 1), '"a" is defined twice', "remove one of them"),
)
"""Texts with the location of their error, its message, and its help."""
MESSAGE = "invalid TOML"
HELP = 'write `key = value`, with strings in "quotes" and lists in [brackets]'
"""The general message and its help."""
UNCLEAR = (
    ('a = "b" c = 1', (1, 9, 5)),
    ("a = { , b = 1 }", (1, 7, 9)),
    ("a = { b = 1, b = 2 }", (1, 19, 2)),
    ("= 1", (1, 1, 3)),
    ("// a remark", (1, 1, 11)),
    ("- 12", (1, 3, 2)),
    ("---", (1, 4, 1)),
    ("a b = 1", (1, 3, 5)),
    ("größe = 1", (1, 3, 7)),
    ("a == 1", (1, 4, 3)),
    ("a = 1,", (1, 6, 1)),
    ("a = ]", (1, 5, 1)),
    ("a = 1\na.b = 2", (2, 8, 1)),
    ("[a b]", (1, 4, 2)),
    ("[a]]", (1, 4, 1)),
    ('{ "a": 1 }', (1, 1, 10)),
)
"""Texts with the location of their error."""


def location(diagnostic: Diagnostic) -> tuple[int, int, int]:
    """The line, column, and length of a diagnostic."""
    return diagnostic.span.line, diagnostic.span.column, diagnostic.span.length


def test_an_error_has_a_specific_message() -> None:
    """A missing character is reported where it's missing, not where the parser stopped."""
    found = {text: error_in(text) for text, *_ in SPECIFIC}
    assert_none(
        f"{text!r}: {found[text]}"
        for text, *expected in SPECIFIC
        if [location(found[text]), found[text].message, found[text].help] != expected
    )


def test_an_unclear_error_has_a_general_message() -> None:
    """Misleading help is worse than none."""
    found = {text: error_in(text) for text, _ in UNCLEAR}
    assert_none(
        f"{text!r}: {found[text]}"
        for text, expected in UNCLEAR
        if location(found[text]) != expected
    )
    assert {diagnostic.message for diagnostic in found.values()} == {MESSAGE}
    assert {diagnostic.help for diagnostic in found.values()} == {HELP}


def test_the_position_comes_from_the_exception_if_it_has_one() -> None:
    """Newer versions of Python store the offset in an attribute."""
    error = ValueError("an unknown message")
    assert stop_offset(error, "a = 1\nb = ?\n") == 11
    error.pos = 10  # type: ignore[attr-defined]
    assert stop_offset(error, "a = 1\nb = ?\n") == 10


def test_a_duplicate_has_a_note() -> None:
    """The note points to the first one."""
    for text, column in (("a = 1\nb = 2\na = 3\n", 1), ("[a]\nb = 1\n[a]\n", 1)):
        note = error_in(text).note
        assert note
        assert note.span
        assert (note.span.line, note.span.column) == (1, column)


PIECES = [
    "a",
    "b = ",
    "[",
    "]",
    "{",
    "}",
    '"',
    "'",
    ",",
    "\n",
    " ",
    "=",
    "1",
    "“",
    "#",
    "\\",
    "'''",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_invalid_toml_has_one_diagnostic_within_the_text(text: str) -> None:
    """No invalid text prevents locating its error."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        diagnostic = error_in(text)
        assert diagnostic.message
        assert diagnostic.help
        assert 1 <= diagnostic.span.line <= len(text.split("\n"))


HEAD = (
    'name = "Not Found"\nformerly = [\n  { name = "Lost", source = "RFC 1" },\n]\n'
    "see_also = [403, 410]\nread = 2026-01-31\n\n[facts]\n"
    'safe = { value = "yes", note = \'in "words"\' }\n[[credits]]\ntext = """\nWords.\n"""\n'
)


@given(st.integers(0, len(HEAD)), st.integers(0, 3), st.sampled_from(["", *PIECES, ": ", "x y"]))
def test_invalid_front_matter_has_one_diagnostic_within_the_text(
    offset: int, removed: int, added: str
) -> None:
    """Any edit gives valid TOML or one diagnostic."""
    text = HEAD[:offset] + added + HEAD[offset + removed :]
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        diagnostic = error_in(text)
        assert diagnostic.message.isprintable()
        assert diagnostic.help.isprintable()
        assert 1 <= diagnostic.span.line <= len(text.split("\n"))
