"""What holds for every register: nothing that is done to the seed loses a word in silence."""

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

Lines = Sequence[str]
Written = tuple[int, str, tuple[str, ...]]
"""Number, name and paragraphs of an entry."""
Variant = tuple[str, Parsed[Book], Mapping[str, Source]]
"""A text, the book that it makes, and the file that its problems speak of."""

CHANGES: Mapping[str, Callable[[Lines, int], Lines]] = {
    "deleted": lambda lines, at: [*lines[:at], *lines[at + 1 :]],
    "doubled": lambda lines, at: [*lines[:at], lines[at], *lines[at:]],
    "its second half gone": lambda lines, at: _with(lines, at, lines[at][: len(lines[at]) // 2]),
    "its first half gone": lambda lines, at: _with(lines, at, lines[at][len(lines[at]) // 2 :]),
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
    "without blanks": lambda lines, at: _with(lines, at, lines[at].replace(" ", "")),
    "a numbered one": lambda lines, at: _with(lines, at, f"1. {lines[at]}"),
    "a heading": lambda lines, at: _with(lines, at, f"# {lines[at]}"),
    "behind a line across": lambda lines, at: _with(lines, at, "---", lines[at]),
    "behind an opened fence": lambda lines, at: _with(lines, at, "```", lines[at]),
    "behind an opened comment": lambda lines, at: _with(lines, at, "<!--", lines[at]),
}
"""What is done to one line of the seed: given its lines and a place among them."""
KEYWORDS = Counter(["ref"])
"""Words of the grammar itself, which name a part of the register and are not shown."""

SETTINGS = settings(max_examples=150, deadline=None, derandomize=True, database=None)
"""The same examples in every run: a failure is a change of the program, not of the dice."""


def _with(lines: Lines, place: int, *instead: str, at: int = 0) -> Lines:
    return [*lines[:place], *instead, *lines[place + 1 + at :]]


def _halves(line: str) -> tuple[str, str]:
    return line[: len(line) // 2], line[len(line) // 2 :]


def parse(text: str) -> tuple[Parsed[Book], Mapping[str, Source]]:
    """The book that is nothing but this text, with all of its problems."""
    read = parse_documents(Cache(), Folder("content", {PurePosixPath("seed.md"): text.encode()}))
    book = assemble(read.value.documents)
    return Parsed(book.value, (*read.diagnostics, *book.diagnostics)), read.value.sources


def bullets(text: str) -> set[int]:
    """The codes that a text sets behind bullets, by a reader of lines."""
    return {int(n) for n in re.findall(r"^[ >]*[-*+] *([1-5][0-9]{2})\b", text, re.MULTILINE)}


def words(text: str) -> Counter[str]:
    """The words of a text, and how often it says each."""
    return Counter(re.findall(r"[^\W\d_]{2,}", text.casefold()))


def said(book: Book) -> Iterator[str]:
    """All that a book of one register says, as text and as HTML."""
    (register,) = book.registers
    yield register.title
    yield from (text.html(lambda target: target.path.as_posix()) for text in register.trail)
    yield from (text.html(str) for text in register.references)
    yield from (code_class.name for code_class in register.classes)
    for section in register.sections:
        yield section.code_class.name
        yield from (f"{entry.name} {entry.text.plain}" for entry in section.entries)


def errors(diagnostics: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
    """The problems that keep a site from being made."""
    return [diagnostic for diagnostic in diagnostics if diagnostic.severity is Severity.ERROR]


@pytest.fixture(scope="module", params=CHANGES)
def variants(request: pytest.FixtureRequest, seed_text: str) -> Sequence[Variant]:
    """The seed with each line changed in one way, and what is made of it."""
    lines = seed_text.split("\n")
    change = CHANGES[str(request.param)]
    texts = ["\n".join(change(lines, place)) for place in range(len(lines))]
    return [(text, *parse(text)) for text in texts]


def test_no_code_of_a_changed_seed_is_lost_without_an_error(variants: Sequence[Variant]) -> None:
    """Each code that a bullet of the text names is described, unless an error says otherwise."""
    lost = {
        line: bullets(text) ^ set(book.value.codes)
        for line, (text, book, _) in enumerate(variants, start=1)
        if not errors(book.diagnostics)
    }
    assert not {line: codes for line, codes in lost.items() if codes}


def test_no_word_of_a_changed_seed_is_lost_without_an_error(variants: Sequence[Variant]) -> None:
    """What a text says, the book says as often: as name, text or link, unless there is an error.

    So a text whose bullet was deleted is still there, as words of the code above it.
    """
    lost = {
        line: words(text) - words(unescape(" ".join(said(book.value)))) - KEYWORDS
        for line, (text, book, _) in enumerate(variants, start=1)
        if not errors(book.diagnostics)
    }
    assert not {line: gone for line, gone in lost.items() if gone}


def test_each_problem_of_a_changed_seed_lies_within_it(variants: Sequence[Variant]) -> None:
    """An editor can go to every place that is named."""
    for _, book, sources in variants:
        for diagnostic in book.diagnostics:
            span = diagnostic.span
            assert span == sources[span.path].at(span.line, span.column, span.length)


@pytest.mark.parametrize("change", ["deleted", "quoted", "indented by four"])
def test_an_error_stands_near_the_bullet_that_is_missing(change: str, seed_text: str) -> None:
    """Where a code is lost, the first error is at most three lines from where it was."""
    lines = seed_text.split("\n")
    far = []
    for place, line in enumerate(lines):
        if not line.startswith("- "):
            continue
        book, _ = parse("\n".join(CHANGES[change](lines, place)))
        found = errors(book.diagnostics)
        if found and abs(found[0].span.line - place - 1) > 3:
            far.append((place + 1, found[0]))
        if not found:
            # The text that lost its bullet belongs to the code above now.
            above = lines[place + 1].strip()
            assert any(above in code.text.plain for code in book.value.codes.values())
    assert not far


def written(entries: Sequence[Written]) -> str:
    """A register that holds these entries, written as an author writes it."""
    sections: dict[int, list[Written]] = {}
    for entry in entries:
        sections.setdefault(entry[0] // 100, []).append(entry)
    classes = [
        f"{place}. Class {digit} ({digit}00–{digit}99)" for place, digit in _places(sections)
    ]
    text = "# Codes\n\n" + "\n".join(classes) + "\n"
    for place, digit in _places(sections):
        text += f"\n## {place}. Class {digit}\n"
        for number, name, paragraphs in sections[digit]:
            head = f"{number} {name}".rstrip()
            text += f"\n- {head}  \n" + "\n\n  ".join(paragraphs) + "\n"
    return text


def _places(sections: Mapping[int, object]) -> Sequence[tuple[int, int]]:
    return list(enumerate(sections, start=1))


def unwritten(entry: Entry) -> Written:
    """An entry as it was before it was written; the other half of `written`."""
    html = entry.text.html(str)
    paragraphs = re.findall("<p>(.*?)</p>", html, re.DOTALL)
    assert html == "".join(f"<p>{each}</p>\n" for each in paragraphs)
    return entry.number, entry.name, tuple(map(unescape, paragraphs))


def _read(text: str) -> list[Written]:
    read = parse_documents(Cache(), Folder("content", {PurePosixPath("codes.md"): text.encode()}))
    assert not read.diagnostics
    (register,) = read.value.documents.registers
    return [unwritten(entry) for section in register.sections for entry in section.entries]


@pytest.mark.parametrize("name", ["", "Open", "It's a “Name”, & more: 1 < 2 (or 200)"])
@pytest.mark.parametrize("paragraphs", [1, 3])
def test_each_code_that_is_written_is_read_as_it_was(name: str, paragraphs: int) -> None:
    """Every number from 100 to 599, with and without a name, comes back from its text unchanged."""
    entries = [
        (number, name, tuple(f"The {place}. of {number}, <5 & >3." for place in range(paragraphs)))
        for number in range(100, 600)
    ]
    text = written(entries)
    assert _read(text) == entries
    assert written(_read(text)) == text


_WORDS = st.text(st.characters(categories=["L"]), min_size=1, max_size=9)
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
    """Letters of every script survive as names and as texts."""
    assert _read(written(entries)) == entries
