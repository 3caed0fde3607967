"""Diagnostics as text: for a person, for a log, for GitHub, for a program."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from itertools import product
from pathlib import PurePosixPath

import pytest

from codebook.build.pipeline import BuildResult
from codebook.diagnostics.causes import group_by_cause
from codebook.diagnostics.diagnostic import Diagnostic, Note, Rule
from codebook.diagnostics.formats import Format
from codebook.diagnostics.reports import report, tally
from codebook.diagnostics.source import Source, Span

Make = Callable[..., BuildResult]

PATH = "content/signals.md"
PLAIN = Diagnostic(Rule.BROKEN_LINK, Span(PATH, 1, 5, 3), "a word is wrong", help="write another")
WARNING = Diagnostic(Rule.RAW_HTML, Span(PATH), "HTML is shown as text", help="use Markdown")


def _source(text: str) -> Source:
    return Source.of(PurePosixPath("signals.md"), PATH, text)


def _excerpt(line: str, text: str) -> tuple[str, str]:
    """Return the line in the full report and its marks, both without the gutter."""
    source = _source(line)
    diagnostic = Diagnostic(
        Rule.BROKEN_LINK, source.find(text, 1, 1), "a word is wrong", help="write"
    )
    excerpt, marks = report(group_by_cause([diagnostic]), {PATH: source}, Format.FULL).split("\n")[
        3:5
    ]
    return excerpt.removeprefix("1 | "), marks.removeprefix("  | ")


def _cells(text: str) -> int:
    """Return the width of a text in a terminal."""
    marks = sum(unicodedata.combining(char) > 0 for char in text)
    return len(text) - marks + sum(unicodedata.east_asian_width(char) in "WF" for char in text)


def test_the_full_report_has_every_part(seed_text: str, compile_book: Make) -> None:
    """Rule, message, location, excerpt with a label, the other location, and help."""
    result = compile_book({"http-status-codes.md": seed_text.replace("- 405  \n", "- 404\n")})
    duplicates = [
        diagnostic for diagnostic in result.diagnostics if diagnostic.rule is Rule.DUPLICATE_CODE
    ]
    assert report(group_by_cause(duplicates), result.sources, Format.FULL) == (
        "error[duplicate-code]: code 404 is described twice\n"
        "  --> content/http-status-codes.md:97:3\n"
        "   |\n"
        "97 | - 404\n"
        "   |   ^^^ second description\n"
        "   |\n"
        "note: first described here\n"
        "  --> content/http-status-codes.md:94:3\n"
        "   |\n"
        "94 | - 404\n"
        "   |   ^^^\n"
        "   |\n"
        "help: merge the two texts, or correct one of the numbers\n"
        "\n"
    )


def test_a_diagnostic_without_a_source_has_no_excerpt() -> None:
    """A folder, or a file that cannot be decoded, has no line to show."""
    assert report(group_by_cause([PLAIN]), {}, Format.FULL) == (
        "error[broken-link]: a word is wrong\n --> content/signals.md:1:5\nhelp: write another\n\n"
    )


def test_a_note_without_a_location_is_text() -> None:
    """There is no arrow without a location."""
    diagnostic = Diagnostic(
        Rule.BROKEN_LINK, Span(PATH), "a word is wrong", note=Note("it once was")
    )
    assert report(group_by_cause([diagnostic]), {}, Format.FULL) == (
        "error[broken-link]: a word is wrong\n --> content/signals.md:1:1\nnote: it once was\n\n"
    )


def test_the_concise_report_is_one_line_per_diagnostic() -> None:
    """Location, severity, rule, message, and help in the format of editors and grep."""
    assert report(
        group_by_cause([PLAIN, WARNING]), {PATH: _source("The word")}, Format.CONCISE
    ) == (
        "content/signals.md:1:5: error[broken-link] a word is wrong (write another)\n"
        "content/signals.md:1:1: warning[raw-html] HTML is shown as text (use Markdown)\n"
    )


def test_the_github_report_is_one_workflow_command_per_diagnostic() -> None:
    """GitHub shows it next to the line of the file."""
    assert report(group_by_cause([PLAIN, WARNING]), {}, Format.GITHUB) == (
        "::error file=content/signals.md,line=1,col=5,endColumn=8,title=broken-link"
        "::a word is wrong%0Ahelp: write another\n"
        "::warning file=content/signals.md,line=1,col=1,endColumn=2,title=raw-html"
        "::HTML is shown as text%0Ahelp: use Markdown\n"
    )


def test_nothing_in_a_github_command_begins_another_one() -> None:
    """Percent signs, line endings, commas, and colons are escaped as in GitHub's toolkit."""
    diagnostic = Diagnostic(Rule.BROKEN_LINK, Span("content/a,b:c%.md"), "5 % is, in short: all")
    assert report(group_by_cause([diagnostic]), {}, Format.GITHUB) == (
        "::error file=content/a%2Cb%3Ac%25.md,line=1,col=1,endColumn=2,title=broken-link"
        "::5 %25 is, in short: all\n"
    )


@pytest.mark.parametrize(("end", "escaped"), [("\r", "%0D"), ("\n", "%0A"), ("\r\n", "%0D%0A")])
def test_a_line_end_in_a_message_does_not_end_a_github_command(end: str, escaped: str) -> None:
    """A command in a message is never run."""
    diagnostic = Diagnostic(Rule.UNKNOWN_KEY, Span(PATH), f"a{end}::set-env name=PATH::b")
    text = report(group_by_cause([diagnostic]), {}, Format.GITHUB)
    assert text.count("\n") == 1
    assert text.endswith(f"::a{escaped}::set-env name=PATH::b\n")


def test_the_json_report_is_a_list_with_stable_keys() -> None:
    """Every diagnostic has every field; a missing note is null."""
    noted = Diagnostic(
        Rule.DUPLICATE_CODE,
        Span(PATH, 9, 3, 2),
        "code 11 is described twice",
        label="second description",
        note=Note("first described here", Span(PATH, 7, 3, 2)),
        help="merge the two texts",
    )
    assert json.loads(report(group_by_cause([noted, PLAIN]), {}, Format.JSON)) == [
        {
            "rule": "duplicate-code",
            "severity": "error",
            "path": PATH,
            "line": 9,
            "column": 3,
            "length": 2,
            "message": "code 11 is described twice",
            "label": "second description",
            "note": {
                "message": "first described here",
                "path": PATH,
                "line": 7,
                "column": 3,
                "length": 2,
            },
            "help": "merge the two texts",
            "more": 0,
        },
        {
            "rule": "broken-link",
            "severity": "error",
            "path": PATH,
            "line": 1,
            "column": 5,
            "length": 3,
            "message": "a word is wrong",
            "label": "",
            "note": None,
            "help": "write another",
            "more": 0,
        },
    ]


def test_a_github_command_says_where_a_note_points() -> None:
    """An annotation has one location; the message names the other."""
    note = Note("first described here", Span(PATH, 7, 3, 2))
    diagnostic = Diagnostic(Rule.DUPLICATE_CODE, Span(PATH, 9, 3, 2), "11 is here twice", note=note)
    assert report(group_by_cause([diagnostic]), {}, Format.GITHUB).endswith(
        "::11 is here twice%0Anote: first described here (content/signals.md:7:3)\n"
    )


def test_no_diagnostic_is_an_empty_report() -> None:
    """A valid book prints nothing for people and logs; programs get an empty list."""
    reports = {style: report(group_by_cause([]), {}, style) for style in Format}
    assert json.loads(reports.pop(Format.JSON)) == []
    assert {*reports.values()} == {""}


def test_diagnostics_are_sorted_by_file_line_and_column(compile_book: Make) -> None:
    """Line 10 comes after line 9, and both after a file whose name comes first."""
    register = (
        "# Signals\n\n1. Entry (10–19)\n\n## 1. Entry\n\n- 11\nOpen.\n\n"
        "Stray [a](gone.md) and [b](lost.md).\n\nStray.\n"
    )
    result = compile_book({"signals.md": register, "book.toml": "titel = 1\nlangauge = 2\n"})
    spans = [diagnostic.span for diagnostic in result.diagnostics]
    assert [(span.path, span.line, span.column) for span in spans] == [
        ("content/book.toml", 1, 1),
        ("content/book.toml", 2, 1),
        (PATH, 10, 1),
        (PATH, 10, 11),
        (PATH, 10, 28),
        (PATH, 12, 1),
    ]


@pytest.mark.parametrize(
    ("errors", "warnings", "text"),
    [
        (0, 0, ""),
        (1, 0, "1 error"),
        (0, 1, "1 warning"),
        (5, 1, "5 errors, 1 warning"),
        (1, 2, "1 error, 2 warnings"),
    ],
)
def test_a_tally_has_singular_and_plural(errors: int, warnings: int, text: str) -> None:
    """One error, two errors; zeros are omitted."""
    assert tally(group_by_cause([PLAIN] * errors + [WARNING] * warnings)) == text


def test_the_marks_are_below_the_text() -> None:
    """Tabs, wide, combining, and very many characters before it don't move the marks."""
    lines = (
        "See the word.",
        "\tSee\tthe\tword.",
        "港の信号 word",
        "港 Ha\u0308fen e\u0301 word 港",
        "\uff57\uff49\uff44\uff45 word",
        "👍 word",
        "x" * 500 + " word",
        "x" * 500 + " word " + "y" * 500,
        "港" * 500 + " word " + "港" * 500,
        "word " + "y" * 500,
    )
    wrong = {
        line: (excerpt, marks)
        for line in lines
        for excerpt, marks in (_excerpt(line, "word"),)
        if marks != " " * _cells(excerpt[: excerpt.index("word")]) + "^^^^" or "\t" in excerpt
    }
    assert not wrong


def test_marks_below_wide_text_are_as_wide() -> None:
    """Four marks for two characters that take four columns, none for a combining one."""
    assert _excerpt("See 港口.", "港口") == ("See 港口.", "    ^^^^")
    assert _excerpt("See e\u0301.", "e\u0301") == ("See e\u0301.", "    ^")


def test_an_excerpt_of_a_very_long_line_is_short() -> None:
    """An ellipsis replaces the rest."""
    lines = ("x" * 2000, "a word " * 500, "word" * 10_000)
    for line in lines:
        for text in (line, line[-4:]):
            excerpt, marks = _excerpt(line, text)
            assert len(excerpt) <= 100
            assert len(marks) <= 100
            assert "…" in excerpt
            assert "^" in marks


@pytest.mark.parametrize("location", [(99, 1), (2, 99), (99, 99), (0, 0), (-1, -1)])
def test_a_location_past_the_end_is_the_end(location: tuple[int, int]) -> None:
    """The report shows an existing line for any line and column from a library."""
    source = _source("One line.\nAnd the last.")
    span = source.at(*location, length=99)
    assert 1 <= span.line <= 2
    text = report(
        group_by_cause([Diagnostic(Rule.INVALID_TOML, span, "wrong")]), {PATH: source}, Format.FULL
    )
    excerpt, marks = text.split("\n")[3:5]
    assert excerpt.partition(" | ")[2] in {"One line.", "And the last."}
    assert marks.partition(" | ")[2].strip(" ^") == ""
    assert "^" in marks
    assert len(marks) <= len(excerpt) + 1


UNSEEN = ["\x1b[31m", "\x07", "\x7f", "\x9b", "\u202e", "\u2066", "\u200b", "\u2028", "\udcff"]


def test_a_report_contains_only_printable_characters() -> None:
    """No file can color, reorder, or end what a terminal or a log shows."""
    wrong = {
        (unseen, style): text
        for unseen, style in product(UNSEEN, Format)
        for path in (f"content/sig{unseen}nals.md",)
        for text in (
            report(
                group_by_cause([_diagnostic(unseen, path)]), {path: _source(f"A {unseen}")}, style
            ),
        )
        if _unprintable(text)
    }
    assert not wrong


def _diagnostic(unseen: str, path: str) -> Diagnostic:
    return Diagnostic(
        Rule.UNKNOWN_KEY,
        Span(path, 1, 3),
        f"a {unseen} message",
        label=f"a {unseen} label",
        note=Note(f"a {unseen} note", Span(path, 1, 3)),
        help=f"a {unseen} help",
    )


def _unprintable(text: str) -> list[str]:
    return [char for char in text if not char.isprintable() and char != "\n"]


def test_a_program_gets_the_original_characters() -> None:
    """JSON escapes unprintable characters without losing them."""
    diagnostics = [_diagnostic(unseen, f"content/{unseen}.md") for unseen in UNSEEN]
    records = json.loads(report(group_by_cause(diagnostics), {}, Format.JSON))
    assert [(record["path"], record["message"]) for record in records] == [
        (diagnostic.span.path, diagnostic.message) for diagnostic in diagnostics
    ]


def test_a_key_spelled_with_escapes_prints_none(compile_book: Make) -> None:
    """TOML can spell characters that the file does not contain."""
    files = {
        "signals.md": "# Signals\n\n1. Entry (10–19)\n\n## 1. Entry\n\n- 11\nOpen.\n",
        "book.toml": '"\\u001b[2J\\n::error::\\u202e" = 1\n',
    }
    result = compile_book(files)
    assert Rule.UNKNOWN_KEY in {diagnostic.rule for diagnostic in result.diagnostics}
    for style in Format:
        text = report(result.groups, result.sources, style)
        assert not _unprintable(text), style
        assert "\n::error::" not in text, style
