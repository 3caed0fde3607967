"""Properties of registers: no edit of the seed loses a word without an error."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import unescape
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codebook.book.book import Book
from codebook.book.check import assemble
from codebook.book.documents import Entry
from codebook.book.parse import parse_documents
from codebook.cache import Cache
from codebook.diagnostics.diagnostic import Diagnostic, Parsed, Severity
from codebook.diagnostics.source import Folder, Source
from codebook.syntax.decode import sources_of
from codebook.syntax.unfinished import placeholder
from tests.offenders import assert_none

Lines = Sequence[str]
Written = tuple[int, str, tuple[str, ...]]
"""Number, name and paragraphs of an entry."""
Variant = tuple[str, Parsed[Book], Mapping[str, Source]]
"""A text, its book, and the sources of its diagnostics."""

CHANGES: Mapping[str, Callable[[Lines, int], Lines]] = {
    "deleted": lambda lines, at: [*lines[:at], *lines[at + 1 :]],
    "doubled": lambda lines, at: [*lines[:at], lines[at], *lines[at:]],
    "without its second half": lambda lines, at: _with(lines, at, lines[at][: len(lines[at]) // 2]),
    "without its first half": lambda lines, at: _with(lines, at, lines[at][len(lines[at]) // 2 :]),
    "broken in two": lambda lines, at: _with(lines, at, *_halves(lines[at])),
    "joined to the next": lambda lines, at: _with(
        lines[:-1], at, "".join(lines[at : at + 2]), at=1
    ),
    "the last": lambda lines, at: lines[: at + 1],
    "the last, and cut": lambda lines, at: [*lines[:at], lines[at][: len(lines[at]) // 2]],
    "the first": lambda lines, at: lines[at:],
    "indented by two": lambda lines, at: _with(lines, at, f"  {lines[at]}"),
    "indented by four": lambda lines, at: _with(lines, at, f"    {lines[at]}"),
    "quoted": lambda lines, at: _with(lines, at, f"> {lines[at]}"),
    "without spaces": lambda lines, at: _with(lines, at, lines[at].replace(" ", "")),
    "as a list item": lambda lines, at: _with(lines, at, f"1. {lines[at]}"),
    "as a heading": lambda lines, at: _with(lines, at, f"# {lines[at]}"),
    "after a thematic break": lambda lines, at: _with(lines, at, "---", lines[at]),
    "after an open fence": lambda lines, at: _with(lines, at, "```", lines[at]),
    "after an open comment": lambda lines, at: _with(lines, at, "<!--", lines[at]),
}
"""Changes to one line of the seed, by its lines and the index of the line."""
KEYWORDS = Counter(["ref"])
"""Words of the grammar itself, which name a part of the register and are not shown."""

SETTINGS = settings(max_examples=150, deadline=None, derandomize=True, database=None)
"""The same examples in every run: a failure is a change of the program, not chance."""


def _with(lines: Lines, index: int, *instead: str, at: int = 0) -> Lines:
    return [*lines[:index], *instead, *lines[index + 1 + at :]]


def _halves(line: str) -> tuple[str, str]:
    return line[: len(line) // 2], line[len(line) // 2 :]


def parse(text: str) -> tuple[Parsed[Book], Mapping[str, Source]]:
    """The book with only this text, and all diagnostics."""
    folder = Folder("content", {PurePosixPath("seed.md"): text.encode()})
    read = parse_documents(Cache(), folder)
    book = assemble(Cache(), read.value)
    diagnostics = (*read.diagnostics, *book.diagnostics)
    return Parsed(book.value, diagnostics), sources_of(folder, diagnostics)


def bullets(text: str) -> set[int]:
    """The codes after the bullets in a text, read line by line."""
    return {int(n) for n in re.findall(r"^[ >]*[-*+] *([1-5][0-9]{2})\b", text, re.MULTILINE)}


def word_counts(text: str) -> Counter[str]:
    """The number of occurrences of each word in a text."""
    return Counter(re.findall(r"[^\W\d_]{2,}", text.casefold()))


def text_parts(book: Book) -> Iterator[str]:
    """All text in a book with one register, as plain text and as HTML."""
    (register,) = book.registers
    yield register.title
    yield from (text.html(lambda target: target.path.as_posix()) for text in register.trail)
    yield from (text.html(str) for text in register.references)
    yield from (code_class.name for code_class in register.classes)
    for section in register.sections:
        yield section.code_class.name
        yield from (f"{entry.name} {entry.text.plain}" for entry in section.entries)


def errors(diagnostics: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
    """The diagnostics that prevent a build."""
    return [diagnostic for diagnostic in diagnostics if diagnostic.severity is Severity.ERROR]


def excerpt(seed: str) -> str:
    """The seed with the first two codes of each section, and its two unusual codes."""
    kept: list[str] = []
    count = 0
    for block in re.split(r"(?=^- |^#)", seed, flags=re.MULTILINE):
        count = count + 1 if block.startswith("- ") else 0
        if count <= 2 or re.match("- (205|208)", block):
            kept.append(block)
    return "".join(kept)


@pytest.fixture(scope="module")
def variants(seed_text: str) -> Mapping[str, Variant]:
    """The seed with each line changed in each way, and the parsed book."""
    lines = excerpt(seed_text).split("\n")
    texts = {
        f"line {index + 1} {name}": "\n".join(change(lines, index))
        for name, change in CHANGES.items()
        for index in range(len(lines))
    }
    assert len(texts) > 700
    return {name: (text, *parse(text)) for name, text in texts.items()}


@pytest.mark.slow
def test_no_code_of_a_changed_seed_is_lost_without_an_error(
    variants: Mapping[str, Variant],
) -> None:
    """Every code after a bullet is described, unless there is an error."""
    assert_none(
        f"{name}: {codes}"
        for name, (text, book, _) in variants.items()
        if not errors(book.diagnostics) and (codes := bullets(text) ^ set(book.value.codes))
    )


@pytest.mark.slow
def test_no_word_of_a_changed_seed_is_lost_without_an_error(
    variants: Mapping[str, Variant],
) -> None:
    """The book contains every word as often as its text does, unless there is an error.

    A text whose bullet was deleted becomes part of the code above it.
    """
    lost = {
        name: word_counts(text) - word_counts(unescape(" ".join(text_parts(book.value)))) - KEYWORDS
        for name, (text, book, _) in variants.items()
        if not errors(book.diagnostics)
    }
    assert lost
    assert_none(f"{name}: {words}" for name, words in lost.items() if words)


@pytest.mark.slow
def test_every_diagnostic_of_a_changed_seed_is_within_it(variants: Mapping[str, Variant]) -> None:
    """Editors can open every location."""
    assert_none(
        f"{name}: {span}"
        for name, (_, book, sources) in variants.items()
        for span in (diagnostic.span for diagnostic in book.diagnostics)
        if span != sources[span.path].at(span.line, span.column, span.length)
    )


@pytest.mark.parametrize("change", ["deleted", "quoted", "indented by four"])
def test_an_error_is_near_the_missing_bullet(change: str, seed_text: str) -> None:
    """If a code is lost, the first error is at most three lines away."""
    lines = seed_text.split("\n")
    far = []
    for index, line in enumerate(lines):
        if not line.startswith("- "):
            continue
        book, _ = parse("\n".join(CHANGES[change](lines, index)))
        diagnostics = errors(book.diagnostics)
        if diagnostics and abs(diagnostics[0].span.line - index - 1) > 3:
            far.append((index + 1, diagnostics[0]))
        if not diagnostics:
            # The text that lost its bullet belongs to the code above now.
            above = lines[index + 1].strip()
            assert any(above in code.text.plain for code in book.value.codes.values())
    assert not far


def written(entries: Sequence[Written]) -> str:
    """A register with these entries, formatted as an author would."""
    sections: dict[int, list[Written]] = {}
    for entry in entries:
        sections.setdefault(entry[0] // 100, []).append(entry)
    numbered = list(enumerate(sections, start=1))
    classes = [f"{index}. Class {digit} ({digit}00–{digit}99)" for index, digit in numbered]
    text = "# Codes\n\n" + "\n".join(classes) + "\n"
    for index, digit in numbered:
        text += f"\n## {index}. Class {digit}\n"
        for number, name, paragraphs in sections[digit]:
            head = f"{number} {name}".rstrip()
            text += f"\n- {head}  \n" + "\n\n  ".join(paragraphs) + "\n"
    return text


def unwritten(entry: Entry) -> Written:
    """The entry that `written` formatted."""
    html = entry.text.html(str)
    paragraphs = re.findall("<p>(.*?)</p>", html, re.DOTALL)
    assert html == "".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs)
    return entry.number, entry.name, tuple(map(unescape, paragraphs))


def _read(text: str) -> list[Written]:
    read = parse_documents(Cache(), Folder("content", {PurePosixPath("codes.md"): text.encode()}))
    assert not read.diagnostics
    (register,) = read.value.registers
    return [unwritten(entry) for section in register.sections for entry in section.entries]


@pytest.mark.parametrize("name", ["", "Open", "It's a “Name”, & more: 1 < 2 (or 200)"])
@pytest.mark.parametrize("paragraphs", [1, 3])
def test_every_written_code_is_read_unchanged(name: str, paragraphs: int) -> None:
    """All numbers from 100 to 599 are read, with and without a name."""
    entries = [
        (number, name, tuple(f"The {index}. of {number}, <5 & >3." for index in range(paragraphs)))
        for number in range(100, 600)
    ]
    text = written(entries)
    assert _read(text) == entries
    assert written(_read(text)) == text


# Hypothesis also tries the strings of the program, such as TODO.
_WORDS = st.text(st.characters(categories=["L"]), min_size=1, max_size=9).filter(
    lambda word: not placeholder(word)
)
_SENTENCES = st.lists(_WORDS, min_size=1, max_size=6).map(" ".join)
_ENTRIES = st.lists(
    st.tuples(
        st.integers(100, 599),
        st.just("") | _SENTENCES,
        st.lists(_SENTENCES, min_size=1, max_size=3).map(tuple),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda entry: entry[0],
).map(lambda entries: sorted(entries, key=lambda entry: entry[0]))


@SETTINGS
@given(_ENTRIES)
def test_entries_in_any_script_are_read_as_they_were_written(entries: list[Written]) -> None:
    """Names and texts keep letters of every script."""
    assert _read(written(entries)) == entries
