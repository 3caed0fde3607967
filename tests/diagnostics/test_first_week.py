"""Common errors of a new author: each is reported once, where it is, and its help fixes it.

`first_week/` has a valid book, and in errors.toml the edits that break it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from codebook.build.pipeline import BuildResult, build_site
from codebook.cache import Cache
from codebook.diagnostics.diagnostic import Diagnostic
from codebook.diagnostics.source import Folder
from codebook.io.sources import read_folder

CASES = Path(__file__).resolve().with_name("first_week")
BOOK = read_folder(CASES / "content", "content")

Files = Mapping[PurePosixPath, bytes]


@dataclass(frozen=True)
class Edit:
    """A text in a file and its replacement; `renamed` is the new name of the file, if any."""

    file: str
    old: str = ""
    new: str = ""
    renamed: str = ""
    charset: str = "utf-8"

    def of(self, files: Files, charset: str = "utf-8") -> Files:
        """Return the files after the edit; `charset` is the encoding of the file before."""
        text = files[PurePosixPath(self.file)].decode(charset)
        assert not self.old or text.count(self.old) == 1
        edited = text.replace(self.old, self.new) if self.old else text
        others = {path: data for path, data in files.items() if path.as_posix() != self.file}
        after = {**others, PurePosixPath(self.renamed or self.file): edited.encode(self.charset)}
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
    """Return every case, in the order of the file."""
    text = (CASES / "errors.toml").read_text(encoding="utf-8")
    return [
        Case(
            *(case[key] for key in ("name", "rule", "span", "message", "help")),
            *(Edit(**case[key]) for key in ("edit", "fix")),
        )
        for case in tomllib.loads(text)["error"]
    ]


CACHE = Cache()


def build(files: Files, templates: Folder) -> BuildResult:
    """Build the site of these files."""
    return build_site(Folder("content", files), templates, "site", "", cache=CACHE)


def span_of(diagnostic: Diagnostic) -> str:
    """Return the span of a diagnostic: path:line:column+length."""
    span = diagnostic.span
    path = span.path.removeprefix("content/")
    return f"{path}:{span.line}:{span.column}+{span.length}"


def test_the_book_is_valid_before_any_edit(templates: Folder) -> None:
    """The book of the cases has no error."""
    result = build(BOOK.files, templates)
    assert result.files
    assert result.diagnostics == ()


def test_an_error_is_reported_once_where_it_is(templates: Folder) -> None:
    """One error is one diagnostic with an exact span, and the help says what to do."""
    expected = {case.name: [(case.rule, case.span, case.message, case.help)] for case in cases()}
    assert len(expected) == len(cases()) > 0
    reported = {
        case.name: [
            (diagnostic.rule.value, span_of(diagnostic), diagnostic.message, diagnostic.help)
            for group in build(case.edit.of(BOOK.files), templates).groups
            for diagnostic in (group.cause,)
        ]
        for case in cases()
    }
    assert reported == expected


def test_following_the_help_leaves_no_diagnostic(templates: Folder) -> None:
    """The fix follows the help literally."""
    remaining = {
        case.name: result.diagnostics
        for case in cases()
        for broken in (case.edit.of(BOOK.files),)
        for result in (build(case.fix.of(broken, case.edit.charset), templates),)
        if result.diagnostics or not result.files
    }
    assert not remaining


def test_what_text_editors_change_automatically_is_no_error(templates: Folder) -> None:
    """Line ends, byte order marks, and spaces at the ends of lines don't change the site."""
    site = build(BOOK.files, templates).files
    assert site
    habits: Mapping[str, Callable[[bytes], bytes]] = {
        "byte order mark": lambda data: b"\xef\xbb\xbf" + data,
        "CRLF": lambda data: data.replace(b"\n", b"\r\n"),
        "CR": lambda data: data.replace(b"\n", b"\r"),
        "spaces at the ends of lines": lambda data: data.replace(b"\n\n", b"  \n\n"),
    }
    names = ("codes/11.md", "signals.md", "tables/flags.csv", "facts.toml")
    wrong = {
        (name, habit): result.diagnostics
        for name in map(PurePosixPath, names)
        for habit, edit in habits.items()
        for result in (build({**BOOK.files, name: edit(BOOK.files[name])}, templates),)
        if result.diagnostics or result.files != site
    }
    assert not wrong


def test_a_text_may_be_indented_by_a_tab(templates: Folder) -> None:
    """A tab indents a text like two spaces."""
    edit = Edit("signals.md", "  The harbor is closed.", "\tThe harbor is closed.")
    result = build(edit.of(BOOK.files), templates)
    assert result.diagnostics == ()
    assert result.files == build(BOOK.files, templates).files
