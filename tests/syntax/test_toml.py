"""TOML with locations: keys and values are located where an editor would look for them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Rule
from codebook.diagnostics.source import Source, Span
from codebook.syntax import toml
from tests.offenders import assert_none

KEYS = {
    "at the top": ("⟦a⟧ = 1", ("a",)),
    "after spaces and before a comment": ("  ⟦a⟧  =  1 # a", ("a",)),
    "of two lines": ("b = 1\n⟦a⟧ = 2", ("a",)),
    "below a comment that names it": ("# a = 1\n⟦a⟧ = 2", ("a",)),
    "of which another is a part": ("ab = 1\nb-a = 2\na-b = 3\n⟦a⟧ = 4", ("a",)),
    "that another's value holds": ('b = "a = 1"\n⟦a⟧ = 2', ("a",)),
    "that a text of several lines holds": ('b = """\na = 1\n"""\n⟦a⟧ = 2', ("a",)),
    "that a list of several lines holds": ('b = [\n"a",\n"a = 1",\n]\n⟦a⟧ = 2', ("a",)),
    "in double quotes": ('⟦"a b"⟧ = 1', ("a b",)),
    "in single quotes": ("⟦'a.b'⟧ = 1", ("a.b",)),
    "of digits": ("⟦404⟧ = 1", ("404",)),
    "in another script": ('⟦"größe"⟧ = 1', ("größe",)),
    "dotted": ("a.⟦b⟧ = 1", ("a", "b")),
    "dotted, with spaces": ("a . ⟦b⟧ = 1", ("a", "b")),
    "dotted, of one name": ("a.⟦a⟧ = 1", ("a", "a")),
    "dotted and quoted": ('a.⟦"b.c"⟧ = 1', ("a", "b.c")),
    "dotted, in another table": ("[b]\nc.a = 1\n[c]\nb.⟦a⟧ = 2", ("c", "b", "a")),
    "of a table": ("[⟦a⟧]\nb = 1", ("a",)),
    "of a table with spaces": ("[ ⟦a⟧ ]\nb = 1", ("a",)),
    "of a table with a comment": ("[⟦a⟧] # b\nb = 1", ("a",)),
    "of an empty table": ("[⟦a⟧]", ("a",)),
    "in a table": ("[a]\n⟦b⟧ = 1", ("a", "b")),
    "in another table too": ("b = 0\n[c]\nb = 1\n[a]\n⟦b⟧ = 2\n[d]\nb = 3", ("a", "b")),
    "of a table in a table": ("[a]\nb = 1\n[a.⟦c⟧]\nb = 2", ("a", "c")),
    "in a table in a table": ("[a]\nb = 1\n[a.c]\n⟦b⟧ = 2", ("a", "c", "b")),
    "in a table that is opened first": ("[a.c]\nb = 1\n[a]\n⟦b⟧ = 2", ("a", "b")),
    "in a table with a quoted name": ('[a."b c"]\n⟦d⟧ = 1', ("a", "b c", "d")),
    "of an inline table": ("a = { ⟦b⟧ = 1, c = 2 }", ("a", "b")),
    "of two inline tables": ("a = { c = 1 }\nb = { ⟦c⟧ = 2 }", ("b", "c")),
    "after one whose value names it": ('a = { b = "c", ⟦c⟧ = 2 }', ("a", "c")),
    "in an inline table in one": ("a = { b = { a = 1, ⟦c⟧ = 2 }, c = 3 }", ("a", "b", "c")),
    "after an inline table in one": ("a = { b = { c = 1 }, ⟦c⟧ = 3 }", ("a", "c")),
    "in the first table of a list": ("[[a]]\n⟦b⟧ = 1\n[[a]]\nb = 2", ("a", 0, "b")),
    "in the second table of a list": ("[[a]]\nb = 1\n[[a]]\n⟦b⟧ = 2", ("a", 1, "b")),
    "of the second table of a list": ("[[a]]\nb = 1\n⟦[[a]]⟧\nb = 2", ("a", 1)),
    "in a table below a table of a list": (
        "[[a]]\n[a.b]\nc = 1\n[[a]]\n[a.b]\n⟦c⟧ = 2",
        ("a", 1, "b", "c"),
    ),
    "in the first table of an inline list": ("a = [{ ⟦b⟧ = 1 }, { b = 2 }]", ("a", 0, "b")),
    "in the second table of an inline list": ("a = [{ b = 1 }, { ⟦b⟧ = 2 }]", ("a", 1, "b")),
    "of a list with the position of an item among its items": ("⟦a⟧ = [1, 5]", ("a", 1)),
    "in a list over several lines": ("a = [\n  { b = 1 },\n  { ⟦b⟧ = 2 },\n]", ("a", 1, "b")),
}
"""A text with the location marked, and the path of the key."""

VALUES = {
    "a word": ('a = "⟦b⟧"', ("a",), "b"),
    "the word that the key is too": ('a = "⟦a⟧"', ("a",), "a"),
    "the second of a list": ('a = ["b", "⟦c⟧"]', ("a",), "c"),
    "a number of which another is a part": ("a = [4040, 1404, ⟦404⟧]", ("a",), "404"),
    "a number in a list over several lines": ("a = [\n  403, # 404\n  ⟦405⟧,\n]", ("a",), "405"),
    "a word in a text over several lines": ('a = """\nb\n⟦c⟧ d"""', ("a",), "c"),
    "a word in an inline table": ('a = { b = "c" }\nd = { b = "⟦c⟧" }', ("d", "b"), "c"),
    "a word of several": ('a = "b ⟦c d⟧ e"', ("a",), "c d"),
    "a word that is not there": ('⟦a⟧ = "b"', ("a",), "c"),
    "a word that is spelled otherwise": ('⟦a⟧ = "\\u0062"', ("a",), "b"),
    "a word that the next key has": ('⟦a⟧ = "b"\nc = "d"', ("a",), "d"),
    "no word": ('⟦a⟧ = ""', ("a",), ""),
}
"""A text with the location marked, the path of the key, and a part of its value."""


class Inner(Struct, frozen=True):
    """A table in a table."""

    source: str
    note: str = ""


class Shape(Struct, frozen=True):
    """The type that texts are converted to."""

    name: str
    codes: list[int] = []
    words: list[str] = []
    inner: Inner | None = None
    several: list[Inner] = []
    named: dict[str, Inner] = {}


def marked(text: str, first: int = 1) -> tuple[Source, str, Span]:
    """A file that holds the text from line `first`, the text, and its marked location.

    The lines before are like the text, so that no location is right by accident.
    """
    plain = text.replace("⟦", "").replace("⟧", "")
    before, _, rest = text.partition("⟦")
    inside = rest.partition("⟧")[0]
    lines = before.split("\n")
    above = (plain.split("\n") * first)[: first - 1]
    source = Source.of(PurePosixPath("a.md"), "content/a.md", "\n".join([*above, plain]))
    span = Span("content/a.md", first - 1 + len(lines), len(lines[-1]) + 1, max(len(inside), 1))
    return source, plain, span


def read(source: Source, first: int, text: str) -> toml.TomlText:
    """The text as valid TOML."""
    parsed = toml.read(source, first, text)
    assert not parsed.diagnostics
    assert parsed.value is not None
    return parsed.value


def fit(text: str) -> Parsed[Shape | None]:
    """The text converted to the type."""
    source = Source.of(PurePosixPath("a.toml"), "a.toml", text)
    return toml.fit(read(source, 1, text), Shape)


def describe(diagnostic: Diagnostic) -> str:
    """The rule of a diagnostic, and the underlined text."""
    span = diagnostic.span
    return f"{diagnostic.rule} {span.line}:{span.column}+{span.length}"


@pytest.mark.parametrize("first", [1, 8])
def test_a_key_is_located(first: int) -> None:
    """The key is underlined even if its name is elsewhere too, and the text starts anywhere."""
    offenders = []
    for name, (text, path) in KEYS.items():
        source, plain, span = marked(text, first)
        found = read(source, first, plain).key(path)
        offenders += [] if found == span else [f"{name}: {found}, not {span}"]
    assert_none(offenders)


# fmt: off
LINES = (
    'a = "b c"', 'a = "d" # e', "b = [1, 20]", 'c = ["a", "b = 1"]', "d = true", "e = 0", "f = []",
    "[a]", "[b]", 'g = { a = "b", c = 1 }', "h = { a = 1, a = 2 }", "", "# a = 1", "i = 01", "j=1",
    'k = "\t"', "[a.b]",
)
# fmt: on


def paths(value: object, path: toml.KeyPath = ()) -> Iterator[toml.KeyPath]:
    """The paths of all keys and list items."""
    yield path
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from paths(item, (*path, key))


@given(st.lists(st.sampled_from(LINES), max_size=8).map("\n".join))
def test_simple_lines_are_read_as_by_the_parser(text: str) -> None:
    """Values and locations are the same as if another line needed the parser."""
    source = Source.of(PurePosixPath("a.toml"), "a.toml", f"{text}\n'other' = 0")
    simple, other = toml.read(source, 1, text).value, toml.read(source, 1, source.text).value
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assert simple is None
        return
    assert simple is not None
    assert other is not None
    assert simple.values == values
    for path in paths(values):
        assert (simple.key(path), simple.lines(path)) == (other.key(path), other.lines(path))


@pytest.mark.parametrize("first", [1, 8])
def test_a_value_is_located(first: int) -> None:
    """The part is underlined, or else its key."""
    offenders = []
    for name, (text, path, part) in VALUES.items():
        source, plain, span = marked(text, first)
        found = read(source, first, plain).value(path, part)
        offenders += [] if found == span else [f"{name}: {found}, not {span}"]
    assert_none(offenders)


def test_values_of_a_list_are_located_one_after_another() -> None:
    """A repeated one is underlined where it's repeated, and one that isn't found at the key."""
    text = "a = [1, 2, 1, 0x10, 4,\n16, 3, 4]"
    source = Source.of(PurePosixPath("a.toml"), "a.toml", text)
    spans = read(source, 1, text).texts(("a",), ["1", "2", "1", "16", "4", "5"])
    located = [(span.line, span.column) for span in spans]
    assert located == [(1, 6), (1, 9), (1, 12), (2, 1), (2, 8), (1, 1)]
    spans = read(source, 1, text).texts(("a",), ["3", "2"])
    assert [(span.line, span.column) for span in spans] == [(2, 5), (1, 9)]


def test_a_missing_key_is_located_at_its_table() -> None:
    """The name of the table is underlined."""
    source, plain, span = marked("[a]\nb = 1\n[a.⟦c⟧]\nd = 1")
    assert read(source, 1, plain).key(("a", "c", "e", "f")) == span


def test_a_missing_key_at_the_top_is_located_at_the_first_line() -> None:
    """This is where the text starts."""
    source = Source.of(PurePosixPath("a.md"), "a.md", "```toml\n  b = 1\n```\n")
    assert read(source, 2, "  b = 1\n").key(("a",)) == Span("a.md", 2, 3, 5)


INVALID = (
    ("a = ", 1, 5),
    ("a = 1\nb = ?\n", 2, 5),
    ("a = 1\na = 2\n", 2, 1),
    ("[a]\nb = 1\n[a]\n", 3, 1),
    ('a = "b\nc = 1\n', 1, 5),
    ("a = 1\nb = 'c\nd = 1\n", 2, 5),
    ('a = """\nb\n', 1, 5),
    ("a = [1,\n2\n", 1, 5),
    ("a = [1 2]\n", 1, 8),
    ("a = { b = 1\n", 1, 5),
    ("a = 2026-02-31\n", 1, 5),
)
"""Texts that are not TOML, each with the line and the column of its error."""


def test_invalid_toml_is_reported_at_the_error() -> None:
    """The error can be before the offset where the parser stopped."""
    offenders = []
    for first in (1, 8):
        for text, line, column in INVALID:
            source, plain, _ = marked(text, first)
            (diagnostic,) = toml.read(source, first, plain).diagnostics
            found = (diagnostic.rule, diagnostic.span.line - first + 1, diagnostic.span.column)
            if found != (Rule.INVALID_TOML, line, column):
                offenders.append(f"{text!r}: {found}")
    assert_none(offenders)


def test_a_valid_text_is_converted() -> None:
    """Every value has its type, and missing keys have their defaults."""
    fitted = fit('name = "a"\ncodes = [1]\n[inner]\nsource = "b"\n[named.c]\nsource = "d"')
    assert not fitted.diagnostics
    assert fitted.value == Shape("a", [1], [], Inner("b"), [], {"c": Inner("d")})


def test_every_type_error_is_reported_in_one_run() -> None:
    """Authors can fix all errors at once."""
    fitted = fit(
        "name = 1\n"
        'codes = [1, "two"]\n'
        "words = [1]\n"
        "surplus = true\n"
        'several = [{ source = "a", color = "b" }, "c", { note = "d" }]\n'
        "[inner]\n"
        "source = []\n"
        "[named]\n"
        "a = { note = 1 }\n"
        'b = { sauce = "c" }\n'
    )
    assert sorted(map(describe, fitted.diagnostics)) == [
        "missing-key 5:1+7",
        "missing-key 9:1+1",
        "unknown-key 10:7+5",
        "unknown-key 4:1+7",
        "unknown-key 5:28+5",
        "wrong-type 1:1+4",
        "wrong-type 2:1+5",
        "wrong-type 3:1+5",
        "wrong-type 5:1+7",
        "wrong-type 7:1+6",
        "wrong-type 9:7+4",
    ]


def test_an_invalid_optional_value_is_left_out() -> None:
    """The next checks get everything else."""
    fitted = fit('name = "a"\ncodes = "one"\nsurplus = 1\n[named]\nb = { source = "c", d = 1 }')
    assert fitted.value == Shape("a", named={"b": Inner("c")})
    assert len(fitted.diagnostics) == 3


def test_a_missing_required_key_gives_no_value() -> None:
    """There is nothing left to check."""
    fitted = fit("codes = [1]")
    assert fitted.value is None
    assert [describe(diagnostic) for diagnostic in fitted.diagnostics] == ["missing-key 1:1+11"]


@pytest.mark.parametrize(
    ("key", "help_text"),
    [
        ("nmae", 'did you mean "name"?'),
        ("Codes", 'did you mean "codes"?'),
        ("word", 'did you mean "words"?'),
        ("INNER", 'did you mean "inner"?'),
        ("xyz", 'use one of: "name", "codes", "words", "inner", "several", "named"'),
    ],
)
def test_a_misspelled_key_gets_a_suggestion(key: str, help_text: str) -> None:
    """The help names the most similar key in any case, or else all keys."""
    fitted = fit(f'name = "a"\n{key} = 1')
    assert [(diagnostic.rule, diagnostic.help) for diagnostic in fitted.diagnostics] == [
        (Rule.UNKNOWN_KEY, help_text)
    ]


def test_a_misspelled_key_is_not_missing_as_well() -> None:
    """One error is one diagnostic."""
    fitted = fit('naem = "a"')
    assert [describe(diagnostic) for diagnostic in fitted.diagnostics] == ["unknown-key 1:1+4"]
    assert fitted.value is None
