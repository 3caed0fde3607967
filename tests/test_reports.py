"""Diagnostics as text: for a person, for a log, for GitHub, for a program."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from itertools import product
from pathlib import PurePosixPath

import pytest

from codebook.build.pipeline import BuildResult
from codebook.diagnostics.diagnostic import Diagnostic, Note, Rule
from codebook.diagnostics.reports import Format, report, tally
from codebook.diagnostics.source import Source, Span

Make = Callable[..., BuildResult]

PATH = "content/signals.md"
PLAIN = Diagnostic(Rule.BROKEN_LINK, Span(PATH, 1, 5, 3), "a word is wrong", help="write another")
WARNING = Diagnostic(Rule.RAW_HTML, Span(PATH), "HTML is shown as text", help="use Markdown")


def _source(text: str) -> Source:
    return Source.of(PurePosixPath("signals.md"), PATH, text)


def _excerpt(line: str, words: str) -> tuple[str, str]:
    """The line as the full report shows it, and what stands under it, both without the gutter."""
    source = _source(line)
    diagnostic = Diagnostic(
        Rule.BROKEN_LINK, source.find(words, 1, 1), "a word is wrong", help="write"
    )
    shown, under = report([diagnostic], {PATH: source}, Format.FULL).split("\n")[3:5]
    return shown.removeprefix("1 | "), under.removeprefix("  | ")


def _cells(text: str) -> int:
    """How many columns of a terminal the text takes."""
    marks = sum(unicodedata.combining(char) > 0 for char in text)
    return len(text) - marks + sum(unicodedata.east_asian_width(char) in "WF" for char in text)


def test_the_full_report_is_the_one_that_readers_were_promised(
    seed_text: str, compile_book: Make
) -> None:
    """Rule, message, place, excerpt with a label, the other place, and what to do."""
    outcome = compile_book({"http-status-codes.md": seed_text.replace("- 405  \n", "- 404\n")})
    duplicates = [
        diagnostic for diagnostic in outcome.diagnostics if diagnostic.rule is Rule.DUPLICATE_CODE
    ]
    assert report(duplicates, outcome.sources, Format.FULL) == (
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
        "help: put the two texts together, or correct one of the numbers\n"
        "\n"
    )


def test_a_problem_without_a_text_is_reported_without_an_excerpt() -> None:
    """A folder, or a file that cannot be decoded, has no line to show."""
    assert report([PLAIN], {}, Format.FULL) == (
        "error[broken-link]: a word is wrong\n --> content/signals.md:1:5\nhelp: write another\n\n"
    )


def test_a_note_without_a_place_is_only_said() -> None:
    """There is no arrow where there is nothing to point at."""
    diagnostic = Diagnostic(
        Rule.BROKEN_LINK, Span(PATH), "a word is wrong", note=Note("it once was")
    )
    assert report([diagnostic], {}, Format.FULL) == (
        "error[broken-link]: a word is wrong\n --> content/signals.md:1:1\nnote: it once was\n\n"
    )


def test_the_concise_report_is_one_line_for_each_problem() -> None:
    """Place, severity, rule, message and help in the form that editors and grep know."""
    assert report([PLAIN, WARNING], {PATH: _source("The word")}, Format.CONCISE) == (
        "content/signals.md:1:5: error[broken-link] a word is wrong (write another)\n"
        "content/signals.md:1:1: warning[raw-html] HTML is shown as text (use Markdown)\n"
    )


def test_the_github_report_is_one_workflow_command_for_each_problem() -> None:
    """GitHub shows it beside the line of the file that is meant."""
    assert report([PLAIN, WARNING], {}, Format.GITHUB) == (
        "::error file=content/signals.md,line=1,col=5,endColumn=8,title=broken-link"
        "::a word is wrong%0Ahelp: write another\n"
        "::warning file=content/signals.md,line=1,col=1,endColumn=2,title=raw-html"
        "::HTML is shown as text%0Ahelp: use Markdown\n"
    )


def test_nothing_in_a_github_command_begins_another_one() -> None:
    """Percent, line ends, commas and colons are escaped as GitHub's own toolkit does."""
    diagnostic = Diagnostic(Rule.BROKEN_LINK, Span("content/a,b:c%.md"), "5 % is, in short: all")
    assert report([diagnostic], {}, Format.GITHUB) == (
        "::error file=content/a%2Cb%3Ac%25.md,line=1,col=1,endColumn=2,title=broken-link"
        "::5 %25 is, in short: all\n"
    )


@pytest.mark.parametrize(("end", "escaped"), [("\r", "%0D"), ("\n", "%0A"), ("\r\n", "%0D%0A")])
def test_a_line_end_in_a_message_does_not_end_a_github_command(end: str, escaped: str) -> None:
    """A message that holds a command of its own does not get it run."""
    diagnostic = Diagnostic(Rule.UNKNOWN_KEY, Span(PATH), f"a{end}::set-env name=PATH::b")
    text = report([diagnostic], {}, Format.GITHUB)
    assert text.count("\n") == 1
    assert text.endswith(f"::a{escaped}::set-env name=PATH::b\n")


def test_the_json_report_is_a_list_with_stable_keys() -> None:
    """A program finds every field in every problem, a missing note as null."""
    noted = Diagnostic(
        Rule.DUPLICATE_CODE,
        Span(PATH, 9, 3, 2),
        "code 11 is described twice",
        label="second description",
        note=Note("first described here", Span(PATH, 7, 3, 2)),
        help="merge the two texts",
    )
    assert json.loads(report([noted, PLAIN], {}, Format.JSON)) == [
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
        },
    ]


def test_a_github_command_says_where_a_note_points() -> None:
    """An annotation has one place; the other is said in words."""
    note = Note("first described here", Span(PATH, 7, 3, 2))
    diagnostic = Diagnostic(Rule.DUPLICATE_CODE, Span(PATH, 9, 3, 2), "11 is here twice", note=note)
    assert report([diagnostic], {}, Format.GITHUB).endswith(
        "::11 is here twice%0Anote: first described here (content/signals.md:7:3)\n"
    )


@pytest.mark.parametrize(("style", "text"), [(style, "") for style in Format if style != "json"])
def test_no_problem_is_no_report(style: Format, text: str) -> None:
    """A book without a problem prints nothing for people and logs."""
    assert report([], {}, style) == text


def test_no_problem_is_an_empty_list_in_json() -> None:
    """A program can always parse what it gets."""
    assert json.loads(report([], {}, Format.JSON)) == []


def test_problems_are_in_order_of_file_line_and_column(compile_book: Make) -> None:
    """Line 10 comes after line 9, and both after a file whose name comes first."""
    register = (
        "# Signals\n\n1. Entry (10–19)\n\n## 1. Entry\n\n- 11\nOpen.\n\n"
        "Stray [a](gone.md) and [b](lost.md).\n\nStray.\n"
    )
    outcome = compile_book({"signals.md": register, "book.toml": "titel = 1\nlangauge = 2\n"})
    spans = [diagnostic.span for diagnostic in outcome.diagnostics]
    assert [(span.path, span.line, span.column) for span in spans] == [
        ("content/book.toml", 1, 1),
        ("content/book.toml", 2, 1),
        (PATH, 10, 1),
        (PATH, 10, 11),
        (PATH, 10, 28),
        (PATH, 12, 1),
    ]


@pytest.mark.parametrize(
    ("errors", "warnings", "words"),
    [
        (0, 0, ""),
        (1, 0, "1 error"),
        (0, 1, "1 warning"),
        (5, 1, "5 errors, 1 warning"),
        (1, 2, "1 error, 2 warnings"),
    ],
)
def test_a_tally_counts_in_words(errors: int, warnings: int, words: str) -> None:
    """One error, two errors; what there is none of is not named."""
    assert tally([PLAIN] * errors + [WARNING] * warnings) == words


@pytest.mark.parametrize(
    "line",
    [
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
    ],
)
def test_the_marks_stand_under_the_words(line: str) -> None:
    """Tabs, wide, combining and very many characters before the words do not move the marks."""
    shown, under = _excerpt(line, "word")
    assert under.strip() == "^^^^"
    assert _cells(shown[: shown.index("word")]) == under.index("^")
    assert "\t" not in shown


def test_marks_under_wide_words_are_as_wide_as_the_words() -> None:
    """Four marks for two characters that take four columns, none for a combining one."""
    assert _excerpt("See 港口.", "港口") == ("See 港口.", "    ^^^^")
    assert _excerpt("See e\u0301.", "e\u0301") == ("See e\u0301.", "    ^")


@pytest.mark.parametrize("line", ["x" * 2000, "a word " * 500, "word" * 10_000])
def test_an_excerpt_of_a_very_long_line_is_short(line: str) -> None:
    """What is left out is shown by dots; a terminal is not flooded."""
    for words in (line, line[-4:]):
        shown, under = _excerpt(line, words)
        assert len(shown) <= 100
        assert len(under) <= 100
        assert "…" in shown
        assert "^" in under


@pytest.mark.parametrize("place", [(99, 1), (2, 99), (99, 99), (0, 0), (-1, -1)])
def test_a_place_past_the_end_is_the_end(place: tuple[int, int]) -> None:
    """Whatever a library says of lines and columns, the report shows a line that is there."""
    source = _source("One line.\nAnd the last.")
    span = source.at(*place, length=99)
    assert 1 <= span.line <= 2
    text = report([Diagnostic(Rule.INVALID_TOML, span, "wrong")], {PATH: source}, Format.FULL)
    shown, under = text.split("\n")[3:5]
    assert shown.partition(" | ")[2] in {"One line.", "And the last."}
    assert under.partition(" | ")[2].strip(" ^") == ""
    assert "^" in under
    assert len(under) <= len(shown) + 1


UNSEEN = ["\x1b[31m", "\x07", "\x7f", "\x9b", "\u202e", "\u2066", "\u200b", "\u2028", "\udcff"]


@pytest.mark.parametrize(("unseen", "style"), list(product(UNSEEN, Format)), ids=ascii)
def test_nothing_that_does_not_print_leaves_a_report(unseen: str, style: Format) -> None:
    """No file can colour, reorder or end what a terminal or a log shows."""
    source = _source(f"The {unseen} word")
    path = f"content/sig{unseen}nals.md"
    diagnostic = Diagnostic(
        Rule.UNKNOWN_KEY,
        Span(path, 1, 5),
        f"a {unseen} message",
        label=f"a {unseen} label",
        note=Note(f"a {unseen} note", Span(path, 1, 5)),
        help=f"a {unseen} help",
    )
    text = report([diagnostic], {path: source}, style)
    assert [char for char in text if not char.isprintable() and char != "\n"] == []


@pytest.mark.parametrize("unseen", UNSEEN, ids=ascii)
def test_a_program_gets_the_very_characters(unseen: str) -> None:
    """JSON spells what does not print, and loses nothing of it."""
    diagnostic = Diagnostic(Rule.UNKNOWN_KEY, Span(f"content/{unseen}.md"), f"a {unseen} message")
    (record,) = json.loads(report([diagnostic], {}, Format.JSON))
    assert (record["path"], record["message"]) == (diagnostic.span.path, diagnostic.message)


@pytest.mark.parametrize("style", Format)
def test_a_key_spelled_with_escapes_prints_none(style: Format, compile_book: Make) -> None:
    """TOML can spell characters that the file itself does not hold."""
    files = {
        "signals.md": "# Signals\n\n1. Entry (10–19)\n\n## 1. Entry\n\n- 11\nOpen.\n",
        "book.toml": '"\\u001b[2J\\n::error::\\u202e" = 1\n',
    }
    outcome = compile_book(files)
    assert Rule.UNKNOWN_KEY in {diagnostic.rule for diagnostic in outcome.diagnostics}
    text = report(outcome.diagnostics, outcome.sources, style)
    assert [char for char in text if not char.isprintable() and char != "\n"] == []
    assert "\n::error::" not in text
