"""The first week of an author: every error is reported once, where it is, and can be fixed.

`cases/first-week/` has a valid book, and in faults.toml the edits that break it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

from codebook.build.pipeline import BuildResult, build_site
from codebook.diagnostics.diagnostic import Diagnostic
from codebook.diagnostics.source import Folder
from codebook.io import read_folder

CASES = Path(__file__).resolve().parents[1] / "cases" / "first-week"
BOOK = read_folder(CASES / "content", "content")

Files = Mapping[PurePosixPath, bytes]


@dataclass(frozen=True)
class Edit:
    """A text in a file and its replacement; `moved` is the new name of the file, if any."""

    file: str
    old: str = ""
    new: str = ""
    moved: str = ""
    charset: str = "utf-8"

    def of(self, files: Files, charset: str = "utf-8") -> Files:
        """The files after the edit; `charset` is the one that the file has before."""
        text = files[PurePosixPath(self.file)].decode(charset)
        assert not self.old or text.count(self.old) == 1
        edited = text.replace(self.old, self.new) if self.old else text
        others = {path: data for path, data in files.items() if path.as_posix() != self.file}
        after = {**others, PurePosixPath(self.moved or self.file): edited.encode(self.charset)}
        return dict(sorted(after.items()))


@dataclass(frozen=True)
class Case:
    """An edit that breaks the book, its diagnostic, and the edit that fixes it."""

    name: str
    rule: str
    span: str
    message: str
    help: str
    edit: Edit
    fix: Edit


def cases() -> list[Case]:
    """Every case, in the order of the file."""
    text = (CASES / "faults.toml").read_text(encoding="utf-8")
    return [
        Case(
            *(case[key] for key in ("name", "rule", "place", "message", "help")),
            *(Edit(**case[key]) for key in ("made", "cure")),
        )
        for case in tomllib.loads(text)["fault"]
    ]


ALL_CASES = pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)


def build(files: Files, templates: Folder) -> BuildResult:
    """The site of these files."""
    return build_site(Folder("content", files), templates, "site", "")


def span_of(diagnostic: Diagnostic) -> str:
    """The span of a diagnostic: path:line:column+length."""
    span = diagnostic.span
    path = span.path.removeprefix("content/")
    return f"{path}:{span.line}:{span.column}+{span.length}"


def test_the_book_is_valid_before_any_edit(templates: Folder) -> None:
    """The book of the cases has no error."""
    result = build(BOOK.files, templates)
    assert result.files
    assert result.diagnostics == ()


@ALL_CASES
def test_an_error_is_reported_once_where_it_is(case: Case, templates: Folder) -> None:
    """One error is one diagnostic with an exact span, and the help says what to do."""
    result = build(case.edit.of(BOOK.files), templates)
    reported = [
        (diagnostic.rule.value, span_of(diagnostic), diagnostic.message, diagnostic.help)
        for diagnostic in result.diagnostics
    ]
    assert reported == [(case.rule, case.span, case.message, case.help)]


@ALL_CASES
def test_following_the_help_leaves_no_diagnostic(case: Case, templates: Folder) -> None:
    """The fix follows the help literally."""
    broken = case.edit.of(BOOK.files)
    result = build(case.fix.of(broken, case.edit.charset), templates)
    assert result.diagnostics == ()
    assert result.files


@pytest.mark.parametrize("name", ["codes/11.md", "signals.md", "tables/flags.csv", "facts.toml"])
@pytest.mark.parametrize("habit", ["byte order mark", "CRLF", "CR", "blanks at the ends of lines"])
def test_what_text_editors_change_automatically_is_no_error(
    name: str, habit: str, templates: Folder
) -> None:
    """Line ends and byte order marks don't change the site."""
    path = PurePosixPath(name)
    data = BOOK.files[path]
    habits = {
        "byte order mark": b"\xef\xbb\xbf" + data,
        "CRLF": data.replace(b"\n", b"\r\n"),
        "CR": data.replace(b"\n", b"\r"),
        "blanks at the ends of lines": data.replace(b"\n\n", b"  \n\n"),
    }
    result = build({**BOOK.files, path: habits[habit]}, templates)
    assert result.diagnostics == ()
    assert result.files == build(BOOK.files, templates).files


def test_a_text_may_be_indented_by_a_tab(templates: Folder) -> None:
    """A tab is as good as two spaces below a code."""
    edit = Edit("signals.md", "  The harbour is closed.", "\tThe harbour is closed.")
    result = build(edit.of(BOOK.files), templates)
    assert result.diagnostics == ()
    assert result.files == build(BOOK.files, templates).files
